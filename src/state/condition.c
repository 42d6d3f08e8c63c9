/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Context expressions, evaluated over the postfix list as upstream does it.
 *
 * An operator takes everything between its left side and itself as its right side, of which only
 * the first operand counts.  So "a && b || c && d" means ((a && b) && c), which existing rulesets
 * may rely on.
 */
#include "state/condition.h"

#include "state/engine.h"

enum truth { UNDEFINED = -1, FALSE_VALUE = 0, TRUE_VALUE = 1 };

struct evaluation {
    struct engine *engine;
    const struct scope *scope;
    struct bytes text; /* of the operand evaluated last, with its values; for observers */
};

/* The items at..to of a list; a right side is a slice of its own, and so is a group. */
struct slice {
    const struct context_expr *expr;
    size_t at, to;
    size_t right; /* where the right side begins */
    bool has_right;
    enum truth left;
    struct slice *outer; /* whose left side it is going to be */
};

static enum truth code_value(struct evaluation *e, const struct expr_item *item)
{
    struct engine *engine = e->engine;
    struct bytes code = expand(engine, item->text, e->scope);
    e->text = code;
    struct buf error = {0};
    bool truth = false;
    if (!perl_eval_true(code, &truth, &error)) {
        log_msg(engine->log, LOG_ERROR, B("Error evaluating code '"), code, B("': "),
                buf_bytes(&error));
        truth = false;
    }
    buf_free(&error);
    return truth;
}

/* The argument that a word of "words :> code" stands for: a cache entry, or undef. */
static struct perl_item cache_argument(struct engine *engine, struct bytes name)
{
    struct perl_value *hash = cache_hash(engine->state.cache, name, &engine->line.arena);
    if (!hash)
        return (struct perl_item){.kind = PERL_UNDEF};
    return (struct perl_item){.kind = PERL_VALUE, .value = hash};
}

static enum truth call_value(struct evaluation *e, const struct expr_item *item)
{
    struct engine *engine = e->engine;
    struct perl_item *args = arena_alloc(&engine->line.arena, item->count * sizeof(*args));
    for (size_t i = 0; i < item->count; i++) {
        struct bytes word = expand(engine, item->words[i], e->scope);
        args[i] = item->op == EXPR_CALL2 ? cache_argument(engine, word)
                                         : (struct perl_item){.kind = PERL_TEXT, .text = word};
    }
    e->text = (struct bytes){0};
    struct buf error = {0};
    bool truth = false;
    if (!perl_call_true(item->code, args, item->count, &truth, &error))
        log_msg(engine->log, LOG_ERROR, B("Context expression runtime error: "), buf_bytes(&error));
    buf_free(&error);
    return truth;
}

static enum truth operand_value(struct evaluation *e, const struct expr_item *item)
{
    struct engine *engine = e->engine;
    switch (item->op) {
    case EXPR_CODE:
        return code_value(e, item);
    case EXPR_CALL:
    case EXPR_CALL2:
        return call_value(e, item);
    case EXPR_VARSET:
        e->text = expand(engine, item->text, e->scope);
        return cache_find(engine->state.cache, e->text) != NULL;
    default:
        e->text = expand(engine, item->text, e->scope);
        return contexts_valid(engine, e->text);
    }
}

/* What waits for it lies in the arena, not on the stack: groups may be nested deeply. */
static struct slice *slice_inside(struct engine *engine, struct slice *outer,
                                  const struct context_expr *expr, size_t from, size_t to)
{
    struct slice *slice = arena_alloc(&engine->line.arena, sizeof(*slice));
    *slice = (struct slice){.expr = expr, .at = from, .to = to, .left = UNDEFINED, .outer = outer};
    return slice;
}

/* An operator: what is on its right is looked at unless the left side has decided. */
static struct slice *apply(struct engine *engine, struct slice *s, enum expr_op op)
{
    bool decided = op == EXPR_AND ? s->left != TRUE_VALUE : s->left == TRUE_VALUE;
    bool has_right = s->has_right;
    s->has_right = false;
    if (decided)
        return s;
    s->left = UNDEFINED;
    return has_right ? slice_inside(engine, s, s->expr, s->right, s->at - 1) : s;
}

/* Takes the next item; returns the slice to go on with. */
static struct slice *step(struct evaluation *e, struct slice *s)
{
    const struct expr_item *item = &s->expr->items[s->at++];
    if (item->op == EXPR_AND || item->op == EXPR_OR)
        return apply(e->engine, s, item->op);
    if (item->op == EXPR_NOT && !s->has_right) {
        s->left = s->left != TRUE_VALUE;
    } else if (s->left == UNDEFINED && item->op == EXPR_GROUP) {
        return slice_inside(e->engine, s, item->group, 0, item->group->count);
    } else if (s->left == UNDEFINED && item->op != EXPR_NOT) {
        s->left = operand_value(e, item);
        observe(&e->engine->observers, .kind = RECORD_TERM, .term = item, .text = e->text,
                .truth = s->left == TRUE_VALUE);
    } else if (!s->has_right) {
        s->has_right = true;
        s->right = s->at - 1;
    }
    return s;
}

static enum truth value(struct evaluation *e, const struct context_expr *expr)
{
    struct slice whole = {.expr = expr, .to = expr->count, .left = UNDEFINED}, *s = &whole;
    for (;;) {
        if (s->at < s->to) {
            s = step(e, s);
            continue;
        }
        if (!s->outer)
            return s->left;
        s->outer->left = s->left;
        s = s->outer;
    }
}

bool condition_true(struct engine *engine, const struct context_expr *expr,
                    const struct scope *scope)
{
    struct scope with_cache = *scope;
    struct binding *taken = NULL;
    if (expr->reads_cache && !scope->raw) {
        taken = binding_take(engine, scope, expr->uses, expr->use_count);
        with_cache.bound = taken;
    }
    struct evaluation evaluation = {engine, &with_cache, {0}};
    bool truth = value(&evaluation, expr) == TRUE_VALUE;
    binding_release(taken);
    return truth;
}
