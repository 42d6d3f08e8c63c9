/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pattern takes long in two ways.  One repeat inside of another, with a text that the inner one
 * can take in one piece or in several: each byte doubles the ways.  And repeats in a row that could
 * all take what is between them, as in .*a.*b.*c: the ways are a power of the length, which is
 * reported from the third power on, when a line of some kilobytes takes seconds. */
#include "witness/pump.h"

#include "witness/sample_text.h"

enum { ELEMENTS_MAX = 200, TEXTS_MAX = 5, LOOPS_MIN = 3 };

/* A piece of the pattern, in a row with others. */
struct element {
    const struct node *node;
    const struct byte_set *loop; /* what an endless repeat takes; NULL: it is none of a set */
    bool nested;                 /* an endless repeat of what can be taken in several ways */
    bool may_fail;
    struct bytes text; /* that it takes */
};

struct finder {
    struct bytes pattern;
    const struct syntax *syntax;
    struct arena *arena;
    struct element *elements;
    size_t count;
    struct pump *pumps;
    size_t pump_count, most;
};

/* -- The row -- */

static struct bytes text_of(struct finder *finder, const struct node *node)
{
    struct buf out = {0};
    struct syntax part = *finder->syntax;
    part.root = node;
    struct sample_order order = {.pattern = B(""), .syntax = &part, .text = B(""), .variant = 1};
    bool whole = sample_write(&order, finder->arena, &out);
    struct bytes text = whole ? arena_bytes(finder->arena, buf_bytes(&out)) : B("");
    buf_free(&out);
    return text;
}

/* Without groups around it. */
static const struct node *bare(const struct node *node)
{
    for (;;) {
        bool group = node->kind == NODE_GROUP && !node->group.atomic;
        bool alone = node->kind == NODE_CONCAT && node->first && !node->first->next;
        if (!group && !alone)
            return node;
        node = node->first;
    }
}

static bool is_endless(const struct node *node)
{
    return node->kind == NODE_REPEAT && node->repeat.max == REPEAT_FOREVER;
}

/* Does it hold a choice that a round of a repeat around it makes ambiguous? */
static bool has_choice(const struct node *node)
{
    if (node->kind == NODE_ALTERNATE || is_endless(node) ||
        (node->kind == NODE_REPEAT && node->repeat.max > node->repeat.min))
        return true;
    const struct node *child = node->kind != NODE_LOOK ? node_children(node) : NULL;
    for (; child; child = child->next)
        if (has_choice(child))
            return true;
    return false;
}

static void add_element(struct finder *finder, const struct node *node)
{
    struct element *element = &finder->elements[finder->count++];
    *element = (struct element){.node = node};
    if (!is_endless(node))
        return;
    const struct node *body = bare(node->first);
    if (body->kind == NODE_SET)
        element->loop = body->set;
    else
        element->nested = has_choice(body);
}

static void add_row(struct finder *finder, const struct node *node)
{
    if (node->kind == NODE_CONCAT) {
        for (const struct node *child = node->first; child; child = child->next)
            add_row(finder, child);
    } else if (node->kind == NODE_GROUP && !node->group.atomic &&
               node->first->kind != NODE_ALTERNATE) {
        add_row(finder, node->first);
    } else if (finder->count < ELEMENTS_MAX) {
        add_element(finder, node);
    }
}

static struct bytes texts_between(struct finder *finder, size_t from, size_t to)
{
    struct buf out = {0};
    for (size_t i = from; i < to; i++)
        buf_add(&out, finder->elements[i].text);
    struct bytes text = arena_bytes(finder->arena, buf_bytes(&out));
    buf_free(&out);
    return text;
}

/* -- Lines -- */

static struct pump *add_pump(struct finder *finder, size_t first, size_t last)
{
    static struct pump none;
    bool room = finder->pump_count < finder->most;
    struct pump *pump = room ? &finder->pumps[finder->pump_count++] : &none;
    *pump =
        (struct pump){.first = finder->elements[first].node, .last = finder->elements[last].node};
    return pump;
}

static int byte_at(const struct finder *finder, size_t at)
{
    const struct node *node = at < finder->count ? finder->elements[at].node : NULL;
    return node && node->kind == NODE_BYTE && !node->caseless ? node->byte : -1;
}

static void add_loops(const struct finder *finder, struct pump *pump, size_t first, size_t last)
{
    for (size_t i = first; i <= last; i++)
        if (finder->elements[i].loop && pump->loop_count < PUMP_PIECES)
            pump->loops[pump->loop_count++] =
                (struct pump_loop){finder->elements[i].node, byte_at(finder, i + 1)};
}

static void add_piece(struct pump *pump, struct bytes text, bool many)
{
    if (text.len > 0 && pump->count < PUMP_PIECES)
        pump->pieces[pump->count++] = (struct pump_piece){text, many};
}

static bool can_fail_after(const struct finder *finder, size_t at)
{
    for (size_t i = at + 1; i < finder->count; i++)
        if (finder->elements[i].may_fail)
            return true;
    return false;
}

/* Texts that rounds of the repeat take: a whole one, and a byte of each set inside. */
static size_t round_texts(struct finder *finder, const struct node *node, struct bytes *texts,
                          size_t count)
{
    if (node->kind == NODE_SET || node->kind == NODE_BYTE) {
        if (count < TEXTS_MAX)
            texts[count++] = text_of(finder, node);
        return count;
    }
    const struct node *child = node->kind != NODE_LOOK ? node_children(node) : NULL;
    for (; child; child = child->next)
        count = round_texts(finder, child, texts, count);
    return count;
}

static void find_nested(struct finder *finder, size_t at)
{
    static const struct bytes ends[] = {B("!"), B("\x01"), B("")};
    struct bytes texts[TEXTS_MAX], rest = texts_between(finder, at + 1, finder->count);
    const struct node *repeat = finder->elements[at].node;
    texts[0] = text_of(finder, repeat->first);
    size_t count = round_texts(finder, repeat->first, texts, 1);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < sizeof(ends) / sizeof(*ends) && texts[i].len > 0; k++) {
            struct pump *pump = add_pump(finder, at, at);
            add_piece(pump, texts_between(finder, 0, at), false);
            add_piece(pump, texts[i], true);
            add_piece(pump, ends[k], false);
            add_piece(pump, ends[k].len > 0 ? rest : B(""), false);
        }
}

/* What is between the two loops if both could take it, or a byte that both take; empty: none. */
static struct bytes shared_text(struct finder *finder, size_t a, size_t b)
{
    const struct byte_set *one = finder->elements[a].loop, *other = finder->elements[b].loop;
    struct bytes text = texts_between(finder, a + 1, b);
    if (text.len > 0)
        return set_has_all(one, text) && set_has_all(other, text) ? text : B("");
    struct byte_set both;
    for (size_t i = 0; i < 4; i++)
        both.words[i] = one->words[i] & other->words[i];
    for (unsigned c = '!'; c < 0x7f; c++)
        if (set_has(&both, c))
            return arena_bytes(finder->arena, bytes_make(&(char){(char)c}, 1));
    return set_has(&both, ' ') ? B(" ") : B("");
}

static size_t next_loop(const struct finder *finder, size_t at)
{
    while (++at < finder->count && !finder->elements[at].loop)
        continue;
    return at;
}

/* The loops in a row from this one on, with the texts that each shares with the next. */
static size_t chain_from(struct finder *finder, size_t at, struct bytes *texts, size_t *last)
{
    size_t count = 0, next;
    while ((next = next_loop(finder, at)) < finder->count && count < PUMP_PIECES - 4) {
        texts[count] = shared_text(finder, at, next);
        if (texts[count].len == 0)
            break;
        count++;
        at = next;
    }
    *last = at;
    return count;
}

/* What has to come after the row is there before it ends, where it is of no use. */
static void find_chain(struct finder *finder, size_t at, bool anchored)
{
    struct bytes texts[PUMP_PIECES], before = texts_between(finder, 0, at);
    size_t last, count = chain_from(finder, at, texts, &last);
    size_t degree = count + 1 + (!anchored && before.len == 0);
    if (count + 1 < LOOPS_MIN || !can_fail_after(finder, last))
        return;
    struct bytes rest = texts_between(finder, last + 1, finder->count);
    for (int rest_at = 0; rest_at < 3; rest_at++) {
        struct pump *pump = add_pump(finder, at, last);
        pump->degree = degree;
        add_loops(finder, pump, at, last);
        add_piece(pump, before, false);
        for (size_t i = 0; i < count; i++) {
            add_piece(pump, texts[i], true);
            if (i == 0 && rest_at == 0)
                add_piece(pump, rest, false);
        }
        add_piece(pump, rest_at == 2 ? B("") : B("\x01"), false);
        if (rest_at == 1)
            add_piece(pump, rest, false);
    }
}

/* Most rows have neither a repeat inside of another one nor so many in a row. */
static bool is_promising(const struct finder *finder)
{
    size_t loops = 0, nested = 0;
    for (size_t i = 0; i < finder->count; i++) {
        loops += finder->elements[i].loop != NULL;
        nested += finder->elements[i].nested;
    }
    return nested > 0 || loops >= LOOPS_MIN;
}

static void find_in_row(struct finder *finder)
{
    if (!is_promising(finder))
        return;
    for (size_t i = 0; i < finder->count; i++) {
        struct element *element = &finder->elements[i];
        enum node_kind kind = element->node->kind;
        element->text = text_of(finder, element->node);
        element->may_fail = element->text.len > 0 || kind == NODE_ASSERT || kind == NODE_LOOK;
    }
    const struct node *begin = finder->elements[0].node;
    bool anchored = begin->kind == NODE_ASSERT && finder->pattern.ptr[begin->from] == '^';
    for (size_t i = 0; i < finder->count; i++)
        if (finder->elements[i].nested && can_fail_after(finder, i))
            find_nested(finder, i);
    for (size_t i = 0; i < finder->count; i++)
        if (finder->elements[i].loop)
            find_chain(finder, i, anchored);
}

size_t pumps_find(struct bytes pattern, const struct syntax *syntax, struct arena *arena,
                  struct pump *pumps, size_t most)
{
    struct finder finder = {pattern, syntax, arena, NULL, 0, pumps, 0, most};
    const struct node *root = bare(syntax->root);
    bool several = root->kind == NODE_ALTERNATE;
    finder.elements = arena_alloc(arena, ELEMENTS_MAX * sizeof(*finder.elements));
    for (const struct node *row = several ? root->first : root; row; row = row->next) {
        finder.count = 0;
        add_row(&finder, row);
        find_in_row(&finder);
        if (!several)
            break;
    }
    return finder.pump_count;
}

/* -- Lines that match -- */

static void add_fitting(const struct byte_set *set, struct bytes filler, struct buf *out)
{
    for (size_t i = 0; i < filler.len; i++)
        if (set_has(set, (unsigned char)filler.ptr[i]))
            buf_char(out, filler.ptr[i]);
}

bool pump_filled(struct bytes pattern, const struct syntax *syntax, struct bytes filler,
                 struct arena *arena, struct buf *out)
{
    struct finder finder = {.pattern = pattern, .syntax = syntax, .arena = arena};
    if (bare(syntax->root)->kind == NODE_ALTERNATE)
        return false;
    finder.elements = arena_alloc(arena, ELEMENTS_MAX * sizeof(*finder.elements));
    add_row(&finder, bare(syntax->root));
    for (size_t i = 0; i < finder.count; i++) {
        const struct element *element = &finder.elements[i];
        buf_add(out, text_of(&finder, element->node));
        if (element->loop)
            add_fitting(element->loop, filler, out);
    }
    return finder.count < ELEMENTS_MAX;
}

/* -- Printing -- */

size_t pump_times(const struct pump *pump, size_t size)
{
    size_t once = 0, many = 0;
    for (size_t i = 0; i < pump->count; i++)
        *(pump->pieces[i].many ? &many : &once) += pump->pieces[i].text.len;
    return once < size && many > 0 ? (size - once) / many : 0;
}

void pump_line(const struct pump *pump, size_t times, struct buf *out)
{
    for (size_t i = 0; i < pump->count; i++)
        for (size_t k = 0; k < (pump->pieces[i].many ? times : 1); k++)
            buf_add(out, pump->pieces[i].text);
}

static void print_text(struct bytes text, struct buf *out)
{
    buf_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c < ' ' || c >= 0x7f)
            buf_printf(out, "\\x%02x", c);
        else if (strchr("\"\\$@", c))
            buf_cat(out, B("\\"), bytes_slice(text, i, i + 1));
        else
            buf_char(out, (char)c);
    }
    buf_char(out, '"');
}

void pump_print(const struct pump *pump, size_t times, struct buf *out)
{
    for (size_t i = 0; i < pump->count; i++) {
        buf_add(out, i > 0 ? B(" . ") : B(""));
        print_text(pump->pieces[i].text, out);
        if (pump->pieces[i].many)
            buf_cat(out, B(" x "), NUM(times));
    }
}
