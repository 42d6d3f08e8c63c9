/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Action lists and context expressions as dumps print them.
 *
 * Nested lists and expressions are printed when their turn comes, while those around them wait in
 * the engine's arena, not on the stack: they may be nested to any depth.
 */
#include "state/condition.h"
#include "state/engine.h"

struct printing {
    struct engine *engine;
    const struct scope *scope;
    struct bytes mark; /* before each text */
    struct buf *out;
};

static void print_words(const struct printing *p, const struct template *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_char(p->out, ' ');
        buf_cat(p->out, p->mark, expand_kept(p->engine, words[i], p->scope));
    }
}

static void print_code(struct buf *out, struct perl_value *code, struct arena *arena)
{
    buf_add(out, perl_text(code, arena));
}

/* Returns a list of which only the parenthesis has been printed, or NULL. */
static const struct action_list *print_arg(const struct printing *p, enum param_kind kind,
                                           const struct arg *arg)
{
    struct buf *out = p->out;
    switch (kind) {
    case PARAM_WORD:
    case PARAM_TEXT:
    case PARAM_QUOTED:
        buf_cat(out, B(" "), p->mark, expand_kept(p->engine, arg->text, p->scope));
        break;
    case PARAM_WORDS:
        buf_char(out, ' ');
        print_words(p, arg->words, arg->count);
        break;
    case PARAM_VARIABLE:
        if (arg->name.len)
            buf_cat(out, B(" %"), arg->name);
        break;
    case PARAM_DIGITS:
        buf_cat(out, B(" "), NUM(arg->number));
        break;
    case PARAM_RULE:
        buf_cat(out, B(" "), arg->given ? NUM(arg->number) : B(""));
        break;
    case PARAM_CODE:
        buf_char(out, ' ');
        print_words(p, arg->words, arg->count);
        buf_add(out, arg->cache_entries ? B(" :> ") : B(" -> "));
        print_code(out, arg->code, &p->engine->line.arena);
        break;
    case PARAM_ACTIONS:
    case PARAM_ELSE:
        if (arg->list->count == 0)
            break;
        buf_add(out, kind == PARAM_ELSE ? B(" else (") : B(" ("));
        return arg->list;
    case PARAM_BLOCK:
        buf_add(out, B(" ("));
        return arg->list;
    case PARAM_END:
        break;
    }
    return NULL;
}

/* A list under way. */
struct list_place {
    const struct action_list *list;
    size_t action, param;
    struct list_place *outer;
};

static struct list_place *enter_list(struct engine *engine, const struct action_list *list,
                                     struct list_place *outer)
{
    struct list_place *place = arena_zalloc(&engine->line.arena, sizeof(*place));
    place->list = list;
    place->outer = outer;
    return place;
}

/* Prints the next parameter, with the action's name before the first; returns where to go on. */
static struct list_place *print_step(const struct printing *p, struct list_place *place)
{
    const struct action *action = place->list->actions[place->action];
    if (place->param == 0)
        buf_add(p->out, bytes_of(action->type->name));
    enum param_kind kind = action->type->params[place->param].kind;
    if (kind == PARAM_END) {
        buf_add(p->out, B("; "));
        place->param = 0;
        place->action++;
        return place;
    }
    const struct action_list *inside = print_arg(p, kind, &action->args[place->param++]);
    return inside ? enter_list(p->engine, inside, place) : place;
}

static void print_list(const struct printing *p, const struct action_list *list)
{
    struct list_place *place = enter_list(p->engine, list, NULL);
    while (place) {
        if (place->action < place->list->count) {
            place = print_step(p, place);
            continue;
        }
        place = place->outer;
        if (place)
            buf_char(p->out, ')');
    }
}

void action_list_print(const struct action_list *list, struct engine *engine,
                       const struct scope *scope, struct buf *out)
{
    action_list_print_marked(list, engine, scope, B(""), out);
}

void action_list_print_marked(const struct action_list *list, struct engine *engine,
                              const struct scope *scope, struct bytes mark, struct buf *out)
{
    const struct printing printing = {engine, scope, mark, out};
    print_list(&printing, list);
}

/* An expression under way.  In the order of the text, an operator comes before what is first of
 * its right side, and after the operator the negations. */
struct expr_place {
    const struct context_expr *expr;
    size_t at;
    enum expr_op *before; /* by item: EXPR_AND, EXPR_OR, or EXPR_OPERAND for none */
    size_t *nots;         /* by item */
    struct expr_place *outer;
};

/* Finds out where operators and negations are. */
static void place_operators(struct engine *engine, struct expr_place *place)
{
    const struct context_expr *expr = place->expr;
    size_t *first = arena_alloc(&engine->line.arena, expr->count * sizeof(*first)), depth = 0;
    for (size_t i = 0; i < expr->count; i++) {
        enum expr_op op = expr->items[i].op;
        if (op == EXPR_NOT && depth >= 1)
            place->nots[first[depth - 1]]++;
        else if ((op == EXPR_AND || op == EXPR_OR) && depth >= 2)
            place->before[first[--depth]] = op;
        else
            first[depth++] = i;
    }
}

static struct expr_place *enter_expr(struct engine *engine, const struct context_expr *expr,
                                     struct expr_place *outer)
{
    struct arena *arena = &engine->line.arena;
    struct expr_place *place = arena_zalloc(arena, sizeof(*place));
    place->expr = expr;
    place->before = arena_zalloc(arena, expr->count * sizeof(*place->before));
    place->nots = arena_zalloc(arena, expr->count * sizeof(*place->nots));
    place->outer = outer;
    place_operators(engine, place);
    return place;
}

/* An operand of the expression that is no group. */
static void print_operand(const struct printing *p, const struct expr_item *item)
{
    struct buf *out = p->out;
    switch (item->op) {
    case EXPR_CODE:
        buf_cat(out, B("=( "), expand_kept(p->engine, item->text, p->scope), B(" )"));
        break;
    case EXPR_CALL:
    case EXPR_CALL2:
        print_words(p, item->words, item->count);
        buf_add(out, item->op == EXPR_CALL2 ? B(" :> ") : B(" -> "));
        print_code(out, item->code, &p->engine->line.arena);
        break;
    case EXPR_VARSET:
        buf_cat(out, B("varset "), expand_kept(p->engine, item->text, p->scope));
        break;
    default:
        buf_add(out, expand_kept(p->engine, item->text, p->scope));
    }
}

/* Prints the next operand with what comes before it; returns where to go on. */
static struct expr_place *print_item(const struct printing *p, struct expr_place *place)
{
    size_t i = place->at++;
    const struct expr_item *item = &place->expr->items[i];
    if (item->op == EXPR_NOT || item->op == EXPR_AND || item->op == EXPR_OR)
        return place;
    if (place->before[i] != EXPR_OPERAND)
        buf_add(p->out, place->before[i] == EXPR_AND ? B(" && ") : B(" || "));
    for (size_t n = place->nots[i]; n > 0; n--)
        buf_char(p->out, '!');
    if (item->op != EXPR_GROUP) {
        print_operand(p, item);
        return place;
    }
    buf_char(p->out, '(');
    return enter_expr(p->engine, item->group, place);
}

void condition_print(const struct context_expr *expr, struct engine *engine,
                     const struct scope *scope, struct buf *out)
{
    const struct printing printing = {engine, scope, B(""), out};
    struct expr_place *place = enter_expr(engine, expr, NULL);
    while (place) {
        if (place->at < place->expr->count) {
            place = print_item(&printing, place);
            continue;
        }
        place = place->outer;
        if (place)
            buf_char(out, ')');
    }
}
