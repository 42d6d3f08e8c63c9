/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns the tree of match/syntax.h into a sequence of pieces. */
#include "explain/cuts.h"

#include "base/mem.h"

enum { BYTE_WEIGHT = 2, FEW_BYTES = 64, LEAST_TEXT = 3 };

struct cutter {
    struct bytes pattern;
    struct arena *arena;
    struct cuts *cuts;
    size_t room;
    bool flags_inside; /* flags that begin in the midst of it */
};

/* Weights. */

static unsigned weight_of(const struct node *node);

static unsigned weight_of_all(const struct node *first)
{
    unsigned weight = 0;
    for (const struct node *n = first; n; n = n->next)
        weight += weight_of(n);
    return weight;
}

static unsigned least_weight(const struct node *first)
{
    unsigned least = first ? weight_of(first) : 0;
    for (const struct node *n = first; n; n = n->next) {
        unsigned weight = weight_of(n);
        least = weight < least ? weight : least;
    }
    return least;
}

static unsigned weight_of(const struct node *node)
{
    switch (node->kind) {
    case NODE_BYTE:
        return is_space((char)node->byte) ? 1 : BYTE_WEIGHT;
    case NODE_SET:
        return set_count(node->set, FEW_BYTES + 1) <= FEW_BYTES;
    case NODE_REPEAT:
        return node->repeat.min > 0 ? weight_of(node->first) : 0;
    case NODE_GROUP:
    case NODE_CONCAT:
        return weight_of_all(node->first);
    case NODE_ALTERNATE:
        return least_weight(node->first);
    case NODE_OPAQUE:
        return (node->to - node->from) / 2;
    default:
        return 0;
    }
}

/* Pieces. */

static void add_cut(struct cutter *cutter, const struct node *node, size_t from, size_t to,
                    const struct opening *before, const struct opening *after)
{
    struct cuts *cuts = cutter->cuts;
    MEM_GROW(cuts->items, cuts->count, cutter->room, 32);
    struct cut *cut = &cuts->items[cuts->count++];
    *cut = (struct cut){node, from, to, before, after, node ? weight_of(node) : 0};
    cuts->weight += cut->weight;
}

/* The sequence inside of a group that can be cut: it is there at least once, and has no
 * alternatives; NULL: it is a piece. */
static const struct node *inside(const struct cutter *cutter, const struct node *node)
{
    if (node->kind == NODE_REPEAT && node->repeat.min > 0)
        node = node->first;
    /* A possessive quantifier has made a group of a repetition; one that has no end is none. */
    if (node->kind != NODE_GROUP || !node->first || node->first->kind != NODE_CONCAT)
        return NULL;
    return node->first->to < cutter->pattern.len ? node->first : NULL;
}

static void add_pieces(struct cutter *cutter, const struct node *concat,
                       const struct opening *open);

static void add_piece(struct cutter *cutter, const struct node *node, const struct opening *open)
{
    const struct node *sequence = inside(cutter, node);
    if (!sequence) {
        add_cut(cutter, node, node->from, node->to, open, open);
        return;
    }
    struct opening *opening = arena_alloc(cutter->arena, sizeof(*opening));
    *opening = (struct opening){bytes_slice(cutter->pattern, node->from, sequence->from), open,
                                open ? open->depth + 1 : 1};
    add_pieces(cutter, sequence, opening);
    add_cut(cutter, NULL, sequence->to, node->to, opening, open);
}

/* What is between two pieces is flags, or blanks and comments of (?x). */
static bool has_flags(const struct cutter *cutter, size_t from, size_t to)
{
    return bytes_chr(bytes_slice(cutter->pattern, from, to), '(', 0) >= 0;
}

static void add_pieces(struct cutter *cutter, const struct node *concat, const struct opening *open)
{
    size_t at = concat->from;
    for (const struct node *n = concat->first; n; n = n->next) {
        if (n != concat->first || open)
            cutter->flags_inside |= has_flags(cutter, at, n->from);
        add_piece(cutter, n, open);
        at = n->to;
    }
}

static bool has_backref(const struct node *node)
{
    if (node->kind == NODE_BACKREF)
        return true;
    if (node->kind == NODE_BYTE || node->kind == NODE_SET || node->kind == NODE_ASSERT ||
        node->kind == NODE_OPAQUE)
        return false;
    for (const struct node *n = node->first; n; n = n->next)
        if (has_backref(n))
            return true;
    return false;
}

static void cut_sequence(struct cutter *cutter, const struct node *concat, struct cuts *cuts)
{
    size_t head = concat->first ? concat->first->from : concat->from;
    *cuts = (struct cuts){.from = concat->from, .to = concat->to};
    cuts->head = bytes_slice(cutter->pattern, concat->from, head);
    cutter->cuts = cuts;
    cutter->room = 0;
    cutter->flags_inside = false;
    add_pieces(cutter, concat, NULL);
    cuts->ends = !cutter->flags_inside && !has_backref(concat);
    struct cut *items = arena_alloc(cutter->arena, (cuts->count + 1) * sizeof(*items));
    if (cuts->count > 0)
        memcpy(items, cuts->items, cuts->count * sizeof(*items));
    free(cuts->items);
    cuts->items = items;
}

size_t cuts_read(struct bytes pattern, struct arena *arena, struct cuts **alternatives)
{
    struct syntax syntax;
    struct cutter cutter = {.pattern = pattern, .arena = arena};
    size_t count = 0;
    syntax_read(pattern, arena, &syntax);
    bool several = syntax.root->kind == NODE_ALTERNATE;
    const struct node *first = several ? syntax.root->first : syntax.root;
    for (const struct node *n = first; n; n = n->next)
        count++;
    *alternatives = arena_alloc(arena, count * sizeof(**alternatives));
    struct cuts *cuts = *alternatives;
    for (const struct node *n = first; n; n = n->next)
        cut_sequence(&cutter, n, cuts++);
    return count;
}

void cuts_beginning(struct bytes pattern, const struct cuts *cuts, size_t count, struct buf *out)
{
    const struct cut *last = count > 0 ? &cuts->items[count - 1] : NULL;
    buf_add(out, bytes_slice(pattern, cuts->from, last ? last->to : cuts->from));
    for (const struct opening *o = last ? last->after : NULL; o; o = o->outer)
        buf_char(out, ')');
}

static void add_openings(const struct opening *opening, struct buf *out)
{
    if (!opening)
        return;
    add_openings(opening->outer, out);
    buf_add(out, opening->text);
}

void cuts_end(struct bytes pattern, const struct cuts *cuts, size_t first, struct buf *out)
{
    if (first == cuts->count)
        return;
    buf_add(out, cuts->head);
    add_openings(cuts->items[first].before, out);
    buf_add(out, bytes_slice(pattern, cuts->items[first].from, cuts->to));
}

bool cut_is_wide(const struct cut *cut)
{
    const struct node *node = cut->node;
    if (!node || node->kind != NODE_REPEAT || node->repeat.max != REPEAT_FOREVER ||
        node->first->kind != NODE_SET)
        return false;
    for (unsigned c = ' '; c < 0x7f; c++)
        if (!set_has(node->first->set, c))
            return false;
    return true;
}

bool cut_is_byte(const struct cut *cut)
{
    return cut->node && cut->node->kind == NODE_BYTE;
}

static unsigned text_of(const struct node *node)
{
    unsigned sum = 0, least = UINT32_MAX;
    switch (node->kind) {
    case NODE_BYTE:
        return is_word((char)node->byte);
    case NODE_REPEAT:
        return node->repeat.min > 0 ? text_of(node->first) : 0;
    case NODE_OPAQUE:
        return LEAST_TEXT;
    case NODE_GROUP:
    case NODE_CONCAT:
    case NODE_ALTERNATE:
        for (const struct node *n = node->first; n; n = n->next) {
            unsigned one = text_of(n);
            sum += one;
            least = one < least ? one : least;
        }
        return node->kind == NODE_ALTERNATE ? least : sum;
    default:
        return 0;
    }
}

bool cuts_have_text(struct bytes pattern)
{
    struct arena arena;
    struct syntax syntax;
    arena_init(&arena);
    syntax_read(pattern, &arena, &syntax);
    bool has = !syntax.understood || text_of(syntax.root) >= LEAST_TEXT;
    arena_free(&arena);
    return has;
}
