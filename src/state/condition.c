/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Context expressions, evaluated over the postfix list as upstream does it.
 *
 * An operator takes as its right side all that stands between the left side and itself, and of a
 * right side only the first operand counts.  So "a && b || c && d" means ((a && b) && c), which
 * rulesets in use may rely on.
 */
#include "state/condition.h"

#include "state/engine.h"

enum truth { UNDEFINED = -1, FALSE_VALUE = 0, TRUE_VALUE = 1 };

struct evaluation {
    struct engine *engine;
    const struct scope *scope;
};

static enum truth slice_value(const struct evaluation *e, const struct context_expr *expr,
                              size_t from, size_t to);

static enum truth code_value(const struct evaluation *e, const struct expr_item *item)
{
    struct engine *engine = e->engine;
    struct bytes code = expand(engine, item->text, e->scope);
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
    struct perl_value *hash = cache_hash(engine->cache, name, &engine->arena);
    if (!hash)
        return (struct perl_item){.kind = PERL_UNDEF};
    return (struct perl_item){.kind = PERL_VALUE, .value = hash};
}

static enum truth call_value(const struct evaluation *e, const struct expr_item *item)
{
    struct engine *engine = e->engine;
    struct perl_item *args = arena_alloc(&engine->arena, item->count * sizeof(*args));
    for (size_t i = 0; i < item->count; i++) {
        struct bytes word = expand(engine, item->words[i], e->scope);
        args[i] = item->op == EXPR_CALL2 ? cache_argument(engine, word)
                                         : (struct perl_item){.kind = PERL_TEXT, .text = word};
    }
    struct buf error = {0};
    bool truth = false;
    if (!perl_call_true(item->code, args, item->count, &truth, &error))
        log_msg(engine->log, LOG_ERROR, B("Context expression runtime error: "), buf_bytes(&error));
    buf_free(&error);
    return truth;
}

static enum truth operand_value(const struct evaluation *e, const struct expr_item *item)
{
    struct engine *engine = e->engine;
    switch (item->op) {
    case EXPR_GROUP:
        return slice_value(e, item->group, 0, item->group->count);
    case EXPR_CODE:
        return code_value(e, item);
    case EXPR_CALL:
    case EXPR_CALL2:
        return call_value(e, item);
    case EXPR_VARSET:
        return cache_find(engine->cache, expand(engine, item->text, e->scope)) != NULL;
    default:
        return contexts_valid(engine, expand(engine, item->text, e->scope));
    }
}

/* The items from..to of the list; a right side is a slice of its own. */
static enum truth slice_value(const struct evaluation *e, const struct context_expr *expr,
                              size_t from, size_t to)
{
    enum truth left = UNDEFINED;
    size_t right = from; /* where the right side begins */
    bool has_right = false;
    for (size_t i = from; i < to; i++) {
        const struct expr_item *item = &expr->items[i];
        if (item->op == EXPR_AND || item->op == EXPR_OR) {
            bool decided = item->op == EXPR_AND ? left != TRUE_VALUE : left == TRUE_VALUE;
            if (!decided)
                left = has_right ? slice_value(e, expr, right, i) : UNDEFINED;
            has_right = false;
        } else if (item->op == EXPR_NOT && !has_right) {
            left = left != TRUE_VALUE;
        } else if (left == UNDEFINED && item->op != EXPR_NOT) {
            left = operand_value(e, item);
        } else if (!has_right) {
            has_right = true;
            right = i;
        }
    }
    return left;
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
    struct evaluation evaluation = {engine, &with_cache};
    bool truth = slice_value(&evaluation, expr, 0, expr->count) == TRUE_VALUE;
    binding_release(taken);
    return truth;
}
