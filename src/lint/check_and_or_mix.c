/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "A || B && C" is not "A || (B && C)": of what is between the left side and an operator only
 * the first operand counts (state/condition.c), so it means "A && B".
 *
 * Each level of parentheses is looked at by itself.  Its operands get truth values, equal ones the
 * same, and the level is evaluated both ways; only a difference is reported.  How it is read is
 * written down by the same walk, with texts in place of truth values. */
#include "base/mem.h"
#include "base/slips.h"
#include "lint/checks.h"

enum { ATOMS_MAX = 12, READING_MAX = 120 };

/* A level: its items, and which operands are the same. */
struct level {
    const struct context_expr *expr;
    uint8_t *atoms; /* by item: the number of the operand; heap */
    size_t atom_count;
};

static bool is_operand(const struct expr_item *item)
{
    return item->op != EXPR_NOT && item->op != EXPR_AND && item->op != EXPR_OR;
}

/* false: they are too many. */
static bool number_atoms(struct level *level)
{
    const struct expr_item *items = level->expr->items;
    for (size_t i = 0; i < level->expr->count; i++) {
        if (!is_operand(&items[i]))
            continue;
        size_t same = 0;
        while (!is_operand(&items[same]) || !bytes_eq(items[same].source, items[i].source))
            same++;
        if (same == i && level->atom_count == ATOMS_MAX)
            return false;
        level->atoms[i] = same < i ? level->atoms[same] : (uint8_t)level->atom_count++;
    }
    return true;
}

/* -- As it is read -- */

enum { UNDEFINED = -1, NO, YES };

/* Bit n of `truths` is the truth of operand n. */
static int read_truth(const struct level *level, size_t from, size_t to, unsigned truths)
{
    int left = UNDEFINED;
    size_t right = to;
    for (size_t i = from; i < to; i++) {
        enum expr_op op = level->expr->items[i].op;
        if (op == EXPR_AND || op == EXPR_OR) {
            if ((left == YES) == (op == EXPR_AND))
                left = right < to ? read_truth(level, right, i, truths) : UNDEFINED;
            right = to;
        } else if (op == EXPR_NOT && right == to) {
            left = left != YES;
        } else if (left == UNDEFINED && op != EXPR_NOT) {
            left = truths >> level->atoms[i] & 1;
        } else if (right == to) {
            right = i;
        }
    }
    return left;
}

/* A text, and whether its outermost operator is ||. */
struct reading {
    struct bytes text;
    bool is_or;
};

static struct reading join(struct arena *arena, struct reading left, enum expr_op op,
                           struct reading right)
{
    if (op == EXPR_OR)
        return (struct reading){arena_cat(arena, left.text, B(" || "), right.text), true};
    struct bytes open = B("("), close = B(")"), none = B("");
    return (struct reading){
        arena_cat(arena, left.is_or ? open : none, left.text, left.is_or ? close : none, B(" && "),
                  right.is_or ? open : none, right.text, right.is_or ? close : none),
        false};
}

/* An empty text: it cannot be written so simply. */
static struct reading read_text(const struct level *level, struct arena *arena, size_t from,
                                size_t to)
{
    struct reading left = {.text = B("")}, right;
    size_t right_at = to;
    for (size_t i = from; i < to; i++) {
        const struct expr_item *item = &level->expr->items[i];
        if (item->op == EXPR_AND || item->op == EXPR_OR) {
            if (right_at == to && i + 1 == to && item->op == EXPR_OR)
                break; /* without a right side it changes nothing */
            right = right_at < to ? read_text(level, arena, right_at, i) : (struct reading){0};
            if (right.text.len == 0)
                return (struct reading){.text = B("")};
            left = join(arena, left, item->op, right);
            right_at = to;
        } else if (item->op == EXPR_NOT && right_at == to) {
            left.text = arena_cat(arena, B("!"), left.text);
        } else if (left.text.len == 0 && item->op != EXPR_NOT) {
            left.text = item->source;
        } else if (right_at == to) {
            right_at = i;
        }
    }
    return left;
}

/* -- As it is meant: && binds tighter than || -- */

struct meant {
    bool truth;
    bool is_and; /* its outermost operator is && */
    const char *from, *to;
};

static void add_parentheses(struct lint *lint, struct lint_finding *found, struct meant part)
{
    lint_fix(lint, found, bytes_make(part.from, 0), B("("));
    lint_fix(lint, found, bytes_make(part.to, 0), B(")"));
}

/* found (may be NULL) gets what is to be put in. */
static struct meant read_meant(const struct level *level, unsigned truths, struct lint *lint,
                               struct lint_finding *found)
{
    struct meant *stack = mem_array(NULL, level->expr->count, sizeof(*stack));
    size_t top = 0;
    for (size_t i = 0; i < level->expr->count; i++) {
        const struct expr_item *item = &level->expr->items[i];
        if (is_operand(item)) {
            stack[top++] = (struct meant){truths >> level->atoms[i] & 1, false, item->source.ptr,
                                          item->source.ptr + item->source.len};
        } else if (item->op == EXPR_NOT) {
            stack[top - 1].truth = !stack[top - 1].truth;
            stack[top - 1].from = item->source.ptr;
        } else {
            struct meant right = stack[--top], *left = &stack[top - 1];
            bool is_and = item->op == EXPR_AND;
            if (found && !is_and && right.is_and)
                add_parentheses(lint, found, right);
            left->truth = is_and ? left->truth && right.truth : left->truth || right.truth;
            left->is_and = is_and;
            left->to = right.to;
        }
    }
    struct meant whole = stack[0];
    free(stack);
    return whole;
}

static bool differs(const struct level *level)
{
    for (unsigned truths = 0; truths < 1U << level->atom_count; truths++)
        if (read_meant(level, truths, NULL, NULL).truth !=
            (read_truth(level, 0, level->expr->count, truths) == YES))
            return true;
    return false;
}

static void add_parentheses_all(struct lint *lint, struct lint_finding *found,
                                const struct level *level, struct bytes at)
{
    struct buf mended = {0};
    const char *from = at.ptr;
    read_meant(level, 0, lint, found);
    for (size_t i = 0; i < found->edit_count; i++) {
        const struct lint_edit *edit = &found->edits[i];
        buf_cat(&mended, bytes_make(from, (size_t)(edit->at.ptr - from)), edit->text);
        from = edit->at.ptr;
    }
    buf_add(&mended, bytes_make(from, (size_t)(at.ptr + at.len - from)));
    lint_hint(lint, found, SLIPS_ASK_WORD(buf_bytes(&mended)));
    buf_free(&mended);
}

static void tell(struct lint *lint, const struct rule *rule, const struct level *level)
{
    struct meant whole = read_meant(level, 0, NULL, NULL);
    struct bytes at = bytes_make(whole.from, (size_t)(whole.to - whole.from));
    struct bytes reading = read_text(level, &lint->arena, 0, level->expr->count).text;
    bool simple = reading.len > 0 && reading.len + at.len <= READING_MAX;
    struct lint_finding *found =
        simple
            ? lint_tell(lint, rule, at, B("'"), at, B("' is read as '"), reading, B("'"))
            : lint_tell(lint, rule, at,
                        B("&& does not bind tighter than ||: this does not mean what it seems to"));
    if (source_has(&rule->file->source, at))
        add_parentheses_all(lint, found, level, at);
}

static void look_at_level(struct lint *lint, const struct rule *rule,
                          const struct context_expr *expr)
{
    bool has_and = false, has_or = false;
    for (size_t i = 0; i < expr->count; i++) {
        has_and |= expr->items[i].op == EXPR_AND;
        has_or |= expr->items[i].op == EXPR_OR;
    }
    if (!has_and || !has_or)
        return;
    struct level level = {.expr = expr, .atoms = mem_zalloc(expr->count)};
    if (number_atoms(&level) && differs(&level))
        tell(lint, rule, &level);
    free(level.atoms);
}

/* Levels may be as deep in each other as one likes: what is inside waits on the heap. */
static void look_at_levels(struct lint *lint, const struct rule *rule,
                           const struct context_expr *expr)
{
    const struct context_expr **waiting = NULL;
    size_t count = 0, room = 0;
    while (expr) {
        look_at_level(lint, rule, expr);
        for (size_t i = 0; i < expr->count; i++) {
            if (expr->items[i].op != EXPR_GROUP)
                continue;
            MEM_GROW(waiting, count, room, 8);
            waiting[count++] = expr->items[i].group;
        }
        expr = count > 0 ? waiting[--count] : NULL;
    }
    free(waiting);
}

static void look(struct lint *lint, const struct rule *rule)
{
    for (size_t i = 0; i < rule->part_count; i++)
        look_at_levels(lint, rule, rule->parts[i].context);
}

const struct lint_check check_and_or_mix = {
    .name = "and-or-mix",
    .level = LINT_WARNING,
    .summary = "A context expression with && after || that means something else",
    .rule = look,
};
