/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A walk over the tree that writes what each node takes.
 *
 * Sets write what a log would have there: the line so far is held against beginnings of lines as
 * they are known, and its last word says what comes next.  Where the tree has a choice, the number
 * of the variant decides. */
#include "witness/sample_text.h"

enum { LINE_MAX = 1000, ROUNDS_MAX = 300, LATER_MAX = 8 };

struct span {
    size_t from, to;
};

struct writer {
    const struct sample_order *order;
    struct buf *out;
    struct span *groups; /* what each has written last */
    unsigned words, numbers, octets;
    const struct node *captures;         /* what a group that is being written begins with */
    const struct node *later[LATER_MAX]; /* to be written at the end */
    size_t later_count;
    bool too_long;
};

static void write_node(struct writer *w, const struct node *node);

/* Takes it words and what is between them? */
static bool is_wide(const struct byte_set *set)
{
    return set_has_all(set, B(" x7.-"));
}

/* -- What comes next in a log -- */

/* Where in the model the line so far ends, if it is a beginning of it; a run of blanks is one. */
static bool follows(struct bytes line, struct bytes model, size_t *at)
{
    *at = 0;
    for (size_t i = 0; i < line.len; i++) {
        if (i > 0 && line.ptr[i] == ' ' && line.ptr[i - 1] == ' ')
            continue;
        if (*at >= model.len || model.ptr[*at] != line.ptr[i])
            return false;
        ++*at;
    }
    return *at < model.len;
}

/* Does the pattern mean the beginning of a line, where the time is? */
static bool begins_line(struct bytes pattern)
{
    static const char *const begins[] = {"^",        "\\S+\\s+\\d", "\\S+ +\\d",
                                         "\\S+ \\d", "\\w+\\s+\\d", "\\w+ +\\d",
                                         "\\w{3}",   "\\d+:\\d",    "\\d{4}-"};
    for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++)
        if (bytes_starts(pattern, bytes_of(begins[i])))
            return true;
    return false;
}

/* As much of a known beginning of lines as the set takes here. */
static struct bytes from_model(const struct writer *w, const struct byte_set *set, uint32_t min,
                               uint32_t max)
{
    static const char *const models[] = {
        "Jan 12 10:21:33 web1 ",
        "10:21:33 ",
        "2026-01-12T10:21:33.417+00:00 web1 ",
        "2026-01-12 10:21:33 web1 ",
        "2026/01/12 10:21:33 ",
        "12/Jan/2026:10:21:33 +0000",
    };
    struct bytes line = buf_bytes(w->out);
    if (is_wide(set) || (line.len == 0 && !begins_line(w->order->pattern)))
        return B("");
    for (size_t i = 0; i < sizeof(models) / sizeof(*models); i++) {
        struct bytes model = bytes_of(models[i]);
        size_t at, to;
        if (!follows(line, model, &at))
            continue;
        for (to = at; to < model.len && set_has(set, (unsigned char)model.ptr[to]); to++)
            if (to - at == max)
                break;
        if (to > at && to - at >= min)
            return bytes_slice(model, at, to);
    }
    return B("");
}

/* What comes after the words that the line ends with. */
static struct bytes from_words_before(const struct writer *w, const struct byte_set *set)
{
    static const char *const after[][2] = {
        {"user ", "alice"},     {"user=", "alice"},
        {"User ", "alice"},     {"for ", "alice"},
        {"from ", "192.0.2.7"}, {"rhost=", "192.0.2.7"},
        {"addr=", "192.0.2.7"}, {"address ", "192.0.2.7"},
        {"src=", "192.0.2.7"},  {"port ", "40222"},
        {"host ", "web1"},      {"nterface ", "eth0"},
        {"id=", "1001"},        {"[", "1234"},
        {"on ", "web1"},        {"by ", "alice"},
    };
    for (size_t i = 0; i < sizeof(after) / sizeof(*after); i++)
        if (bytes_ends(buf_bytes(w->out), bytes_of(after[i][0])) &&
            set_has_all(set, bytes_of(after[i][1])))
            return bytes_of(after[i][1]);
    return B("");
}

static struct bytes octet(struct writer *w)
{
    static const char *const octets[] = {"192", "0", "2", "7"};
    return bytes_of(octets[w->octets++ % 4]);
}

/* Digits alone; dotted: a dot comes next. */
static struct bytes number(struct writer *w, uint32_t min, bool dotted)
{
    static const char *const numbers[] = {"7", "42", "3", "12", "5"};
    size_t len = w->out->len;
    bool after_dot = len > 1 && w->out->ptr[len - 1] == '.' && is_digit(w->out->ptr[len - 2]);
    if (min <= 1 && (dotted || after_dot)) {
        w->octets = after_dot ? w->octets : 0;
        return octet(w);
    }
    return bytes_of(numbers[w->numbers++ % 5]);
}

static struct bytes word(struct writer *w, const struct byte_set *set)
{
    static const char *const words[] = {"web1", "data", "alice", "disk", "test"};
    for (size_t i = 0; i < 5; i++) {
        struct bytes found = bytes_of(words[(w->words + i) % 5]);
        if (!set_has_all(set, found))
            continue;
        w->words++;
        return found;
    }
    return B("");
}

/* The byte that is best seen. */
static char plain_byte(const struct writer *w, const struct byte_set *set)
{
    static const char liked[] =
        "x17abcdefghijklmnopqrstuvwyz0234568 9ABCDEFGHIJKLMNOPQRSTUVWXYZ_-.:/,";
    struct bytes model = from_model(w, set, 1, 1);
    if (model.len > 0)
        return *model.ptr;
    if (is_wide(set))
        return '.';
    for (const char *c = liked; *c; c++)
        if (set_has(set, (unsigned char)*c))
            return *c;
    for (unsigned c = '!'; c < 256; c++)
        if (set_has(set, c))
            return (char)c;
    for (unsigned c = '!'; c-- > 0;)
        if (set_has(set, c))
            return (char)c;
    return 'x';
}

static struct bytes likely_text(struct writer *w, const struct byte_set *set, uint32_t min,
                                uint32_t max, bool dotted)
{
    struct bytes found = from_model(w, set, min, max);
    if (found.len == 0)
        found = from_words_before(w, set);
    if (found.len == 0 && set_has(set, '7') && !set_has(set, 'x'))
        found = set_has(set, '.') && max >= 9 ? B("192.0.2.7") : number(w, min, dotted);
    if (found.len == 0)
        found = word(w, set);
    return set_has_all(set, found) ? found : B("");
}

/* -- Nodes -- */

static unsigned variant_of(const struct writer *w)
{
    return w->order->variant;
}

static bool holds(const struct node *node, const struct node *goal)
{
    if (node == goal)
        return true;
    for (const struct node *child = node_children(node); child; child = child->next)
        if (holds(child, goal))
            return true;
    return false;
}

static bool on_the_way(const struct writer *w, const struct node *node)
{
    return w->order->goal && holds(node, w->order->goal);
}

static void pad(struct writer *w, const struct byte_set *set, size_t from, uint32_t min)
{
    while (w->out->len - from < min && !w->too_long) {
        buf_char(w->out, plain_byte(w, set));
        w->too_long = w->out->len > LINE_MAX;
    }
}

/* The text asked for, after a word if there is room for one. */
static void write_goal(struct writer *w, const struct byte_set *set, uint32_t min, uint32_t max)
{
    size_t from = w->out->len, asked = w->order->text.len;
    if (variant_of(w) % 2 == 0 && max > asked) {
        struct bytes first = likely_text(w, set, 0, max - (uint32_t)asked, false);
        if (first.len <= max - asked)
            buf_add(w->out, first);
    }
    if (min > asked)
        pad(w, set, from, min - (uint32_t)asked);
    buf_add(w->out, w->order->text);
}

static bool is_dot(const struct node *node)
{
    return (node->kind == NODE_BYTE && node->byte == '.') ||
           (node->kind == NODE_SET && is_wide(node->set));
}

static bool is_blank_at(const struct writer *w)
{
    return w->out->len == 0 || is_space(w->out->ptr[w->out->len - 1]);
}

/* For .* and its like: words where a group or a + asks for them, blanks between them and others. */
static void write_words(struct writer *w, const struct node *node)
{
    uint32_t min = node->repeat.min, max = node->repeat.max;
    const struct node *next = node->next;
    bool some = min > 0 || w->captures == node, before = !is_blank_at(w);
    if (max < 8 || variant_of(w) & 4)
        return;
    if (before && (some ? variant_of(w) % 4 != 2 : next && next->kind == NODE_BYTE))
        buf_char(w->out, ' ');
    if (some)
        buf_add(w->out, word(w, node->first->set));
    if (some && next && next->kind == NODE_BYTE && is_word((char)next->byte))
        buf_char(w->out, ' ');
}

static void write_sets(struct writer *w, const struct node *node)
{
    const struct byte_set *set = node->first->set;
    uint32_t min = node->repeat.min, max = node->repeat.max;
    const struct node *next = node->next;
    bool dotted = next && is_dot(next), least = variant_of(w) % 2;
    size_t from = w->out->len;
    if (w->order->goal == node && w->order->text.len > 0) {
        write_goal(w, set, min, max);
        return;
    }
    if (is_wide(set) && !least) {
        write_words(w, node);
        pad(w, set, from, min);
        return;
    }
    struct bytes text = least || !set_has(set, '7') ? B("") : likely_text(w, set, min, max, dotted);
    if (set_has(set, 'x') && !least && text.len == 0)
        text = word(w, set);
    buf_add(w->out, text.len > max ? bytes_slice(text, 0, max) : text);
    pad(w, set, from, min);
}

static void write_repeat(struct writer *w, const struct node *node)
{
    uint32_t min = node->repeat.min, max = node->repeat.max;
    if (node->first->kind == NODE_SET && max > 1) {
        write_sets(w, node);
        return;
    }
    uint32_t rounds = min;
    if (min == 0 && (on_the_way(w, node) || variant_of(w) % 2 == 0))
        rounds = 1;
    if (variant_of(w) & 8 && rounds < max && rounds < 2)
        rounds++;
    for (uint32_t i = 0; i < rounds && i < ROUNDS_MAX && !w->too_long; i++)
        write_node(w, node->first);
    w->too_long |= rounds > ROUNDS_MAX;
}

static void write_alternate(struct writer *w, const struct node *node)
{
    unsigned count = 0, at = 0;
    const struct node *child;
    for (child = node->first; child; child = child->next) {
        if (on_the_way(w, child)) {
            write_node(w, child);
            return;
        }
        count++;
    }
    if (count == 0)
        return;
    child = node->first;
    for (at = (variant_of(w) + 1) / 2 % count; at > 0; at--)
        child = child->next;
    write_node(w, child);
}

static void write_group(struct writer *w, const struct node *node)
{
    size_t from = w->out->len;
    if (node->group.capture && node->first->kind == NODE_CONCAT)
        w->captures = node->first->first;
    write_node(w, node->first);
    if (node->group.capture)
        w->groups[node->group.capture] = (struct span){from, w->out->len};
}

/* What has to come after a place is written there, and perhaps something else takes it; or at the
 * end of the line. */
static void write_look(struct writer *w, const struct node *node)
{
    if (node->look.negative)
        return;
    if (node->look.behind || variant_of(w) % 4 == 2)
        write_node(w, node->first);
    else if (variant_of(w) % 4 == 3 && w->later_count < LATER_MAX)
        w->later[w->later_count++] = node->first;
}

static void write_backref(struct writer *w, const struct node *node)
{
    struct span span = w->groups[node->backref];
    char copy[LINE_MAX + 64];
    size_t len = span.to - span.from < LINE_MAX ? span.to - span.from : 0;
    memcpy(copy, bytes_at(buf_bytes(w->out), span.from), len);
    buf_add(w->out, bytes_make(copy, len));
}

static void write_one(struct writer *w, const struct node *node)
{
    if (w->order->goal == node && w->order->text.len == 1)
        buf_add(w->out, w->order->text);
    else
        buf_char(w->out, plain_byte(w, node->set));
}

static void write_node(struct writer *w, const struct node *node)
{
    w->too_long |= w->out->len > LINE_MAX;
    if (w->too_long)
        return;
    switch (node->kind) {
    case NODE_BYTE:
        buf_char(w->out, (char)node->byte);
        break;
    case NODE_SET:
        write_one(w, node);
        break;
    case NODE_GROUP:
        write_group(w, node);
        break;
    case NODE_LOOK:
        write_look(w, node);
        break;
    case NODE_BACKREF:
        write_backref(w, node);
        break;
    case NODE_CONCAT:
        for (const struct node *child = node->first; child; child = child->next)
            write_node(w, child);
        break;
    case NODE_ALTERNATE:
        write_alternate(w, node);
        break;
    case NODE_REPEAT:
        write_repeat(w, node);
        break;
    case NODE_OPAQUE:
        buf_char(w->out, 'a');
        break;
    case NODE_ASSERT:
        break;
    }
}

bool sample_write(const struct sample_order *order, struct arena *arena, struct buf *out)
{
    size_t groups = order->syntax->groups + 1;
    struct writer writer = {.order = order, .out = out};
    writer.groups = arena_zalloc(arena, groups * sizeof(*writer.groups));
    write_node(&writer, order->syntax->root);
    for (size_t i = 0; i < writer.later_count; i++)
        write_node(&writer, writer.later[i]);
    return !writer.too_long;
}
