/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Action lists and context expressions as dumps print them. */
#include "state/condition.h"
#include "state/engine.h"

struct printing {
    struct engine *engine;
    const struct scope *scope;
    struct buf *out;
};

static void print_list(const struct printing *p, const struct action_list *list);

static void print_words(const struct printing *p, const struct template *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_char(p->out, ' ');
        buf_add(p->out, expand_kept(p->engine, words[i], p->scope));
    }
}

static void print_code(struct buf *out, struct perl_value *code, struct arena *arena)
{
    buf_add(out, perl_text(code, arena));
}

static void print_arg(const struct printing *p, enum param_kind kind, const struct arg *arg)
{
    struct buf *out = p->out;
    switch (kind) {
    case PARAM_WORD:
    case PARAM_TEXT:
    case PARAM_QUOTED:
        buf_cat(out, B(" "), expand_kept(p->engine, arg->text, p->scope));
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
        print_code(out, arg->code, &p->engine->arena);
        break;
    case PARAM_ACTIONS:
    case PARAM_ELSE:
        if (arg->list->count == 0)
            break;
        buf_add(out, kind == PARAM_ELSE ? B(" else (") : B(" ("));
        print_list(p, arg->list);
        buf_char(out, ')');
        break;
    case PARAM_BLOCK:
        buf_add(out, B(" ("));
        print_list(p, arg->list);
        buf_char(out, ')');
        break;
    case PARAM_END:
        break;
    }
}

static void print_list(const struct printing *p, const struct action_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct action *action = list->actions[i];
        buf_add(p->out, bytes_of(action->type->name));
        for (int k = 0; action->type->params[k].kind != PARAM_END; k++)
            print_arg(p, action->type->params[k].kind, &action->args[k]);
        buf_add(p->out, B("; "));
    }
}

void action_list_print(const struct action_list *list, struct engine *engine,
                       const struct scope *scope, struct buf *out)
{
    struct printing printing = {engine, scope, out};
    print_list(&printing, list);
}

/* An operand of the expression. */
static struct bytes operand_text(struct engine *engine, const struct scope *scope,
                                 const struct expr_item *item)
{
    struct arena *arena = &engine->arena;
    struct buf out = {0};
    struct printing printing = {engine, scope, &out};
    switch (item->op) {
    case EXPR_GROUP:
        buf_char(&out, '(');
        condition_print(item->group, engine, scope, &out);
        buf_char(&out, ')');
        break;
    case EXPR_CODE:
        buf_cat(&out, B("=( "), expand_kept(engine, item->text, scope), B(" )"));
        break;
    case EXPR_CALL:
    case EXPR_CALL2:
        print_words(&printing, item->words, item->count);
        buf_add(&out, item->op == EXPR_CALL2 ? B(" :> ") : B(" -> "));
        print_code(&out, item->code, arena);
        break;
    case EXPR_VARSET:
        buf_cat(&out, B("varset "), expand_kept(engine, item->text, scope));
        break;
    default:
        buf_add(&out, expand_kept(engine, item->text, scope));
    }
    struct bytes text = arena_bytes(arena, buf_bytes(&out));
    buf_free(&out);
    return text;
}

void condition_print(const struct context_expr *expr, struct engine *engine,
                     const struct scope *scope, struct buf *out)
{
    struct arena *arena = &engine->arena;
    if (expr->count == 0)
        return;
    struct bytes *stack = arena_alloc(arena, expr->count * sizeof(*stack));
    size_t depth = 0;
    for (size_t i = 0; i < expr->count; i++) {
        const struct expr_item *item = &expr->items[i];
        if (item->op == EXPR_NOT && depth >= 1) {
            stack[depth - 1] = arena_cat(arena, B("!"), stack[depth - 1]);
        } else if ((item->op == EXPR_AND || item->op == EXPR_OR) && depth >= 2) {
            depth--;
            stack[depth - 1] =
                arena_cat(arena, stack[depth - 1], item->op == EXPR_AND ? B(" && ") : B(" || "),
                          stack[depth]);
        } else {
            stack[depth++] = operand_text(engine, scope, item);
        }
    }
    if (depth)
        buf_add(out, stack[depth - 1]);
}
