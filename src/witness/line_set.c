/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In rows a newline is where a text is interrupted, so texts that hold one are not looked for. */
#include "witness/line_set.h"

enum { ALTERNATIVES_MAX = 64, CUTS_MAX = 200 };

struct reading {
    struct bytes pattern;
    struct arena *arena;
    struct line_set *set;
};

/* Without groups that only hold it. */
static const struct node *bare(const struct node *node)
{
    for (;;) {
        bool alone = node->kind == NODE_CONCAT && node->first && !node->first->next;
        if (node->kind != NODE_GROUP && !alone)
            return node;
        node = node->first;
    }
}

/* -- Texts -- */

/* The text, if the node is nothing else. */
static bool add_text(const struct node *node, struct buf *out)
{
    bool yes = true;
    if (node->kind == NODE_BYTE && !node->caseless)
        buf_char(out, (char)node->byte);
    else if (node->kind == NODE_CONCAT || node->kind == NODE_GROUP)
        for (const struct node *child = node->first; child && yes; child = child->next)
            yes = add_text(child, out);
    else
        yes = false;
    return yes;
}

static size_t alternatives(const struct node *root, const struct node **first)
{
    const struct node *node = bare(root);
    size_t count = 0;
    *first = node->kind == NODE_ALTERNATE ? node->first : node;
    for (const struct node *n = *first; n; n = node->kind == NODE_ALTERNATE ? n->next : NULL)
        count++;
    return count;
}

static void read_texts(struct reading *r, const struct node *first, size_t count)
{
    struct bytes *texts = arena_alloc(r->arena, count * sizeof(*texts));
    struct buf out = {0};
    size_t i;
    for (i = 0; i < count; i++, first = first->next) {
        buf_clear(&out);
        if (!add_text(first, &out) || out.len == 0)
            break;
        texts[i] = arena_bytes(r->arena, buf_bytes(&out));
    }
    if (i == count) {
        r->set->texts = texts;
        r->set->text_count = count;
    }
    buf_free(&out);
}

/* Appends what each match holds; a newline is where the text is interrupted. */
static void add_held(const struct node *node, struct buf *out)
{
    switch (node->kind) {
    case NODE_BYTE:
        buf_char(out, node->caseless ? '\n' : (char)node->byte);
        break;
    case NODE_CONCAT:
    case NODE_GROUP:
        for (const struct node *child = node->first; child; child = child->next)
            add_held(child, out);
        break;
    case NODE_REPEAT:
        buf_char(out, '\n');
        if (node->repeat.min > 0)
            add_held(node->first, out);
        buf_char(out, '\n');
        break;
    case NODE_ASSERT:
    case NODE_LOOK:
        break;
    default:
        buf_char(out, '\n');
        break;
    }
}

static void read_rows(struct reading *r, const struct node *first, size_t count)
{
    struct bytes *rows = arena_alloc(r->arena, count * sizeof(*rows));
    struct buf out = {0};
    for (size_t i = 0; i < count; i++, first = first->next) {
        buf_clear(&out);
        add_held(first, &out);
        rows[i] = arena_bytes(r->arena, buf_bytes(&out));
    }
    r->set->rows = rows;
    r->set->row_count = count;
    buf_free(&out);
}

/* -- Every line -- */

bool line_set_takes_all(const struct node *node)
{
    static const struct byte_set newline = {{1 << '\n'}};
    if (node->kind != NODE_SET)
        return false;
    for (size_t i = 0; i < 4; i++)
        if ((node->set->words[i] | newline.words[i]) != UINT64_MAX)
            return false;
    return true;
}

static bool is_anchor(const struct reading *r, const struct node *node, char c)
{
    return node && node->kind == NODE_ASSERT && r->pattern.ptr[node->from] == c;
}

/* ^, then .* or what may be empty, then $; with . or .+ all but an empty line. */
static void read_every(struct reading *r, const struct node *root)
{
    if (root->kind != NODE_CONCAT)
        return;
    const struct node *node = root->first;
    if (is_anchor(r, node, '^'))
        node = node->next;
    const struct node *body = node && !is_anchor(r, node, '$') ? bare(node) : NULL;
    const struct node *end = body ? node->next : node;
    bool repeat = body && body->kind == NODE_REPEAT;
    bool endless =
        repeat && line_set_takes_all(bare(body->first)) && body->repeat.max == REPEAT_FOREVER;
    bool ends = endless && r->set->pattern->lines == 1 && is_anchor(r, end, '$') && !end->next;
    if (end && !ends)
        return;
    r->set->every_line = !body || (repeat && body->repeat.min == 0);
    r->set->some_byte = body && ((endless && body->repeat.min == 1) || line_set_takes_all(body));
}

/* -- Beginnings -- */

static bool has_backref(const struct node *node)
{
    if (node->kind == NODE_BACKREF)
        return true;
    for (const struct node *child = node_children(node); child; child = child->next)
        if (has_backref(child))
            return true;
    return false;
}

static void read_cuts(struct reading *r, const struct node *root)
{
    uint32_t *cuts = arena_alloc(r->arena, CUTS_MAX * sizeof(*cuts));
    if (root->kind != NODE_CONCAT || has_backref(root))
        return;
    r->set->cuts = cuts;
    for (const struct node *node = root->first; node && node->next; node = node->next)
        if (r->set->cut_count < CUTS_MAX)
            cuts[r->set->cut_count++] = node->to;
}

static void read_regexp(struct reading *r)
{
    struct syntax syntax;
    const struct node *first;
    syntax_read(r->pattern, r->arena, &syntax);
    if (!syntax.understood)
        return;
    if (!syntax.unequal && !syntax.unicode)
        r->set->root = syntax.root;
    size_t count = alternatives(syntax.root, &first);
    if (count <= ALTERNATIVES_MAX) {
        read_texts(r, first, count);
        read_rows(r, first, count);
    }
    read_every(r, syntax.root);
    read_cuts(r, syntax.root);
}

void line_set_read(const struct pattern *pattern, struct arena *arena, struct line_set *set)
{
    struct reading reading = {pattern->text, arena, set};
    *set = (struct line_set){.pattern = pattern};
    switch (pattern->type) {
    case PATTERN_SUBSTR:
        set->every_line = pattern->text.len == 0;
        set->texts = set->rows = &pattern->text;
        set->text_count = set->row_count = 1;
        break;
    case PATTERN_TVALUE:
        set->every_line = pattern->truth;
        break;
    case PATTERN_REGEXP:
        if (pattern->regex)
            read_regexp(&reading);
        break;
    default:
        break;
    }
}

static bool holds_one(struct bytes row, const struct line_set *by)
{
    for (size_t i = 0; i < by->text_count; i++)
        if (bytes_chr(by->texts[i], '\n', 0) < 0 && bytes_find(row, by->texts[i], 0) >= 0)
            return true;
    return false;
}

bool line_set_subsumes(const struct line_set *by, const struct line_set *set)
{
    if (by->text_count == 0 || set->row_count == 0 || by->pattern->lines != set->pattern->lines)
        return false;
    for (size_t i = 0; i < set->row_count; i++)
        if (!holds_one(set->rows[i], by))
            return false;
    return true;
}

bool line_set_is_all(const struct line_set *by, const struct line_set *set)
{
    bool some = false;
    for (size_t i = 0; i < set->row_count; i++) {
        some = false;
        for (size_t k = 0; k < set->rows[i].len; k++)
            some |= set->rows[i].ptr[k] != '\n';
        if (!some)
            break;
    }
    return by->every_line || (by->some_byte && some);
}
