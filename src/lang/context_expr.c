/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Context expressions: text to postfix.
 *
 * Upstream reads an expression in two steps, which determine what user code is compiled when, and
 * what is reported.  First every outer group is masked by a NUL byte, and the masked text is
 * split: at the last || or && first, so that both associate to the left.  Then the items that
 * consist of just a mask take the groups one after the other; a group that is left over was
 * misplaced.  A NUL byte of the rule's own text is not taken for a mask.  What is kept of the
 * masked text is mapped back to the whole one, so that it points into the rule file.  An expression
 * that waits for its group waits on the heap: groups may be nested to any depth.
 */
#include "base/mem.h"
#include "lang/fault_place.h"
#include "lang/parens.h"
#include "lang/parser.h"

struct masked {
    struct bytes whole; /* the text with its groups */
    struct groups groups;
    struct bytes text; /* with masks instead */
    size_t *masks;     /* where they are in it, ascending; heap */
};

/* An operand or operator as the first step leaves it. */
struct piece {
    struct expr_item item;
    struct bytes text; /* OPERAND, CODE, VARSET; CALL: the words */
    struct bytes code; /* CALL */
};

struct expression {
    struct parser *parser;
    unsigned passes;
    const struct parens *parens; /* of the outermost text */
    struct expression *outer;    /* whose present piece this group is; NULL: none */
    struct masked masked;
    struct piece *pieces; /* heap */
    size_t count, room;
    size_t next_piece; /* of the second step */
    size_t next_group;
    struct key_uses uses;
    bool may_act;
};

/* The text with masks; it lies in the arena when there are any. */
static void mask_groups(struct masked *m, struct arena *arena)
{
    m->text = m->whole;
    if (m->groups.count == 0)
        return;
    size_t from = 0, len = m->whole.len + m->groups.count;
    for (size_t i = 0; i < m->groups.count; i++)
        len -= m->groups.items[i].end - m->groups.items[i].start;
    char *out = arena_alloc(arena, len);
    len = 0;
    m->masks = mem_array(NULL, m->groups.count, sizeof(*m->masks));
    for (size_t i = 0; i < m->groups.count; i++) {
        const struct group *group = &m->groups.items[i];
        memcpy(out + len, m->whole.ptr + from, group->start - from);
        len += group->start - from;
        m->masks[i] = len;
        out[len++] = '\0';
        from = group->end;
    }
    memcpy(out + len, m->whole.ptr + from, m->whole.len - from);
    m->text = bytes_make(out, len + m->whole.len - from);
}

/* How many masks there are before this place of the masked text. */
static size_t masks_before(const struct masked *m, size_t at)
{
    size_t low = 0, high = m->groups.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->masks[middle] < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t start_of(const struct masked *m, struct bytes text)
{
    return (size_t)(text.ptr - m->text.ptr);
}

static bool has_mask(const struct masked *m, struct bytes text)
{
    size_t start = start_of(m, text);
    return masks_before(m, start) < masks_before(m, start + text.len);
}

static bool is_mask(const struct masked *m, struct bytes text)
{
    return text.len == 1 && text.ptr[0] == '\0' && has_mask(m, text);
}

static size_t unmasked_offset(const struct masked *m, size_t at)
{
    size_t before = masks_before(m, at);
    return before ? m->groups.items[before - 1].end + (at - m->masks[before - 1] - 1) : at;
}

/* The same text with its groups. */
static struct bytes unmasked(const struct masked *m, struct bytes text)
{
    size_t start = start_of(m, text);
    return bytes_slice(m->whole, unmasked_offset(m, start), unmasked_offset(m, start + text.len));
}

static struct piece *add_piece(struct expression *e, enum expr_op op, struct bytes text)
{
    if (e->count == e->room) {
        e->room = e->room ? e->room * 2 : 8;
        e->pieces = mem_array(e->pieces, e->room, sizeof(*e->pieces));
    }
    e->pieces[e->count] = (struct piece){.item = {.op = op, .source = unmasked(&e->masked, text)}};
    return &e->pieces[e->count++];
}

/* Compiles the code of a piece. */
static bool compile_code(struct expression *e, struct piece *piece, struct bytes masked_code)
{
    struct bytes code = parens_unmask(&e->parser->file->arena, masked_code);
    struct buf error = {0};
    piece->item.code = parse_code(e->parser, code, &error);
    if (!piece->item.code)
        diag_place(&e->parser->diag, DIAG_PERL_CODE,
                   masked_code_fault(piece->item.code_source, code, buf_bytes(&error)), B(""),
                   B("Eval '"), code, B("' didn't return a code reference: "), buf_bytes(&error));
    buf_free(&error);
    return piece->item.code != NULL;
}

/* "words -> code", "words :> code"; *is_call is false when the text is something else. */
static bool read_call(struct expression *e, struct bytes text, bool *is_call)
{
    *is_call = false;
    for (size_t i = 0; i + 2 < text.len; i++) {
        bool plain = text.ptr[i] == '-';
        if ((!plain && text.ptr[i] != ':') || text.ptr[i + 1] != '>')
            continue;
        *is_call = true;
        struct piece *piece = add_piece(e, plain ? EXPR_CALL : EXPR_CALL2, text);
        piece->text = bytes_trim(bytes_slice(text, 0, i));
        piece->code = bytes_trim(bytes_from(text, i + 2));
        piece->item.code_source = unmasked(&e->masked, piece->code);
        return is_mask(&e->masked, piece->code) || compile_code(e, piece, piece->code);
    }
    return true;
}

/* "varset name", name in one word. */
static bool read_varset(struct bytes text, struct bytes *name)
{
    struct bytes word, behind;
    return bytes_word(&text, &word) && bytes_eq(word, B("varset")) && bytes_word(&text, name) &&
           !bytes_word(&text, &behind);
}

/* The operator before or after an operand that is missing; all of the text when it has none. */
static struct bytes lonely_operator(const struct expression *e, struct bytes operand)
{
    struct bytes text = e->masked.text;
    size_t from = start_of(&e->masked, operand), to = from;
    while (from > 0 && is_space(text.ptr[from - 1]))
        from--;
    while (to < text.len && is_space(text.ptr[to]))
        to++;
    if (from > 0)
        return bytes_slice(text, from - (text.ptr[from - 1] == '!' ? 1 : 2), from);
    return to + 2 <= text.len ? bytes_slice(text, to, to + 2) : text;
}

/* What is wrong with an operand: half an operator, one in words, or all of it. */
static struct bytes operand_fault(const struct expression *e, struct bytes operand)
{
    struct bytes rest = operand, word;
    for (size_t i = 0; i < operand.len; i++)
        if (operand.ptr[i] == '&' || operand.ptr[i] == '|')
            return bytes_slice(operand, i, i + 1);
    while (bytes_word(&rest, &word))
        if (bytes_ieq(word, B("and")) || bytes_ieq(word, B("or")) || bytes_ieq(word, B("not")))
            return word;
    return operand.len > 0 ? operand : lonely_operator(e, operand);
}

static bool bad_operand(const struct expression *e, struct bytes operand)
{
    const struct masked *m = &e->masked;
    bool empty_group = m->whole.len == 0 && e->outer;
    e->parser->fault =
        empty_group ? bytes_make(m->whole.ptr - 1, 2) : unmasked(m, operand_fault(e, operand));
    return false;
}

/* What is between operators, without white space around it. */
static bool read_operand(struct expression *e, struct bytes text)
{
    bool is_call;
    if (!read_call(e, text, &is_call))
        return false;
    if (is_call)
        return true;
    struct bytes rest = text, word, name;
    if (text.len > 1 && text.ptr[0] == '=')
        add_piece(e, EXPR_CODE, text)->text = bytes_trim(bytes_from(text, 1));
    else if (read_varset(text, &name))
        add_piece(e, EXPR_VARSET, text)->text = name;
    else if (bytes_word(&rest, &word) && rest.len == 0)
        add_piece(e, EXPR_OPERAND, text)->text = word;
    else
        return bad_operand(e, text);
    return true;
}

static bool read_negation(struct expression *e, struct bytes text)
{
    struct bytes operand = bytes_trim(text);
    while (operand.len > 0 && operand.ptr[0] == '!')
        operand = bytes_trim(bytes_from(operand, 1));
    if (!read_operand(e, operand))
        return false;
    for (size_t at = (size_t)(operand.ptr - text.ptr); at > 0; at--)
        if (text.ptr[at - 1] == '!')
            add_piece(e, EXPR_NOT, bytes_slice(text, at - 1, at));
    return true;
}

/* Where an operator of two equal characters is, taken from the end. */
static size_t find_operators(struct bytes text, char c, size_t **found)
{
    size_t count = 0, room = 0;
    *found = NULL;
    for (size_t end = text.len; end >= 2; end--) {
        if (text.ptr[end - 1] != c || text.ptr[end - 2] != c)
            continue;
        if (count == room) {
            room = room ? room * 2 : 8;
            *found = mem_array(*found, room, sizeof(**found));
        }
        (*found)[count++] = end - 2;
        end--;
    }
    return count;
}

/* Operands of one binary operator from left to right, the operator after each but the first. */
static bool read_chain(struct expression *e, struct bytes text, char c, enum expr_op op,
                       bool (*read)(struct expression *e, struct bytes text))
{
    size_t *found;
    size_t count = find_operators(text, c, &found), from = 0;
    bool sound = true;
    for (size_t i = count; sound && i > 0; i--) {
        sound = read(e, bytes_slice(text, from, found[i - 1]));
        if (sound && i < count)
            add_piece(e, op, bytes_slice(text, found[i], found[i] + 2));
        from = found[i - 1] + 2;
    }
    sound = sound && read(e, bytes_from(text, from));
    if (sound && count > 0)
        add_piece(e, op, bytes_slice(text, found[0], found[0] + 2));
    free(found);
    return sound;
}

static bool read_and(struct expression *e, struct bytes text)
{
    return read_chain(e, text, '&', EXPR_AND, read_negation);
}

static bool read_or(struct expression *e, struct bytes text)
{
    return read_chain(e, text, '|', EXPR_OR, read_and);
}

/* What a piece's text means: the next group's when it is a mask.  (One that only holds a mask is
 * faulty, for its group will be left over.) */
static struct bytes group_or_text(struct expression *e, struct bytes text)
{
    const struct masked *m = &e->masked;
    if (is_mask(m, text))
        return group_inside(m->whole, &m->groups.items[e->next_group++]);
    return has_mask(m, text) ? text : unmasked(m, text);
}

static bool is_group(const struct expression *e, const struct piece *piece)
{
    return piece->item.op == EXPR_OPERAND && is_mask(&e->masked, piece->text);
}

static void fill_operand(struct expression *e, struct piece *piece)
{
    struct bytes text = group_or_text(e, piece->text);
    piece->item.text = parse_masked(e->parser, text, e->passes);
    uses_add_template(&e->uses, piece->item.text);
    e->may_act |= piece->item.op == EXPR_CODE;
}

static void fill_group(struct expression *e, struct piece *piece, const struct context_expr *group)
{
    piece->item.op = EXPR_GROUP;
    piece->item.group = group;
    uses_add(&e->uses, group->uses, group->use_count);
    e->may_act |= group->may_act;
}

static bool fill_call(struct expression *e, struct piece *piece)
{
    struct expr_item *item = &piece->item;
    struct bytes words = group_or_text(e, piece->text);
    item->words = parse_masked_words(e->parser, words, e->passes, &item->count);
    uses_add_words(&e->uses, item->words, item->count);
    e->may_act = true;
    if (item->code)
        return true;
    item->code_source = group_or_text(e, piece->code);
    return compile_code(e, piece, item->code_source);
}

static bool fill_piece(struct expression *e, struct piece *piece)
{
    switch (piece->item.op) {
    case EXPR_CALL:
    case EXPR_CALL2:
        return fill_call(e, piece);
    case EXPR_NOT:
    case EXPR_AND:
    case EXPR_OR:
        return true;
    default:
        fill_operand(e, piece);
        return true;
    }
}

/* Once all pieces are filled: are all groups handed out?  Those left over are named. */
static bool check_rest(const struct expression *e)
{
    const struct masked *m = &e->masked;
    for (size_t i = e->next_group; i < m->groups.count; i++) {
        const struct group *group = &m->groups.items[i];
        struct bytes at = bytes_slice(m->whole, group->start, group->end);
        diag_place(&e->parser->diag, DIAG_CONTEXT, at, B(""), B("Unexpected subexpression '"),
                   group_inside(m->whole, group), B("' in '"), m->whole, B("'"));
    }
    return e->next_group == m->groups.count;
}

static struct context_expr *build_expr(struct expression *e)
{
    struct arena *arena = &e->parser->file->arena;
    struct context_expr *expr = arena_zalloc(arena, sizeof(*expr));
    expr->count = e->count;
    expr->items = arena_alloc(arena, e->count * sizeof(*expr->items));
    for (size_t i = 0; i < e->count; i++)
        expr->items[i] = e->pieces[i].item;
    expr->may_act = e->may_act;
    expr->reads_cache = uses_finish(&e->uses, e->parser, &expr->uses, &expr->use_count);
    return expr;
}

/* Opens an expression and takes its first step; false: it is faulty. */
static bool enter(struct expression *e, struct bytes text)
{
    e->masked.whole = text;
    if (!groups_find(e->parens, text, &e->masked.groups)) {
        e->parser->fault = groups_fault(&e->masked.groups, text);
        return false;
    }
    mask_groups(&e->masked, &e->parser->file->arena);
    return read_or(e, e->masked.text);
}

/* Closes it; returns the one around it. */
static struct expression *leave(struct expression *e)
{
    struct expression *outer = e->outer;
    free(e->uses.keys);
    groups_free(&e->masked.groups);
    free(e->masked.masks);
    free(e->pieces);
    free(e);
    return outer;
}

/* Fills the next piece; *at becomes a group that has to be read first. */
static bool step(struct expression **at)
{
    struct expression *e = *at;
    struct piece *piece = &e->pieces[e->next_piece];
    if (!is_group(e, piece)) {
        e->next_piece++;
        return fill_piece(e, piece);
    }
    struct expression *inner = mem_zalloc(sizeof(*inner));
    inner->parser = e->parser;
    inner->passes = e->passes;
    inner->parens = e->parens;
    inner->outer = e;
    *at = inner;
    return enter(inner, group_or_text(e, piece->text));
}

/* All pieces are filled: *at becomes the expression around it, whose piece it is. */
static bool hand_over(struct expression **at, struct context_expr **expr)
{
    if (!check_rest(*at))
        return false;
    *expr = build_expr(*at);
    *at = leave(*at);
    if (*at)
        fill_group(*at, &(*at)->pieces[(*at)->next_piece++], *expr);
    return true;
}

struct context_expr *parse_context(struct parser *parser, struct bytes text, unsigned passes)
{
    struct expression *at = mem_zalloc(sizeof(*at));
    struct context_expr *expr = NULL;
    struct parens parens;
    parens_find(text, &parens);
    parser->fault = NOWHERE;
    at->parser = parser;
    at->passes = passes;
    at->parens = &parens;
    bool sound = enter(at, text);
    while (sound && at)
        sound = at->next_piece < at->count ? step(&at) : hand_over(&at, &expr);
    while (at)
        at = leave(at);
    parens_free(&parens);
    return sound ? expr : NULL;
}
