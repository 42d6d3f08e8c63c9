/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups and lists may be nested to any depth, so nested ones wait on the heap. */
#include "lang/visit.h"

#include "base/mem.h"

/* What is still to be looked into: one of the two. */
struct inside {
    const struct action_list *list;
    const struct context_expr *expr;
    bool negated;
};

struct visit {
    const struct visitor *visitor;
    struct visit_spot spot;
    struct inside *waiting; /* owned */
    size_t count, room;
};

static void wait_inside(struct visit *v, const struct action_list *list,
                        const struct context_expr *expr, bool negated)
{
    if (!list && !expr)
        return;
    MEM_GROW(v->waiting, v->count, v->room, 8);
    v->waiting[v->count++] = (struct inside){list, expr, negated};
}

static void text(struct visit *v, const struct template *text)
{
    if (text && v->visitor->text)
        v->visitor->text(v->visitor->arg, &v->spot, text);
}

static void texts(struct visit *v, const struct template *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        text(v, words[i]);
}

static void look_into_arg(struct visit *v, const struct action *action, size_t index)
{
    const struct arg *arg = &action->args[index];
    v->spot.arg = index;
    text(v, arg->text);
    texts(v, arg->words, arg->count);
    wait_inside(v, arg->list, NULL, false);
}

static void look_into_list(struct visit *v, const struct action_list *list)
{
    v->spot.list = list;
    for (size_t i = 0; i < list->count; i++) {
        const struct action *action = v->spot.action = list->actions[i];
        v->spot.arg = 0;
        if (v->visitor->action)
            v->visitor->action(v->visitor->arg, &v->spot);
        for (size_t k = 0; action->type->params[k].kind != PARAM_END; k++)
            look_into_arg(v, action, k);
    }
    v->spot.list = NULL;
    v->spot.action = NULL;
    v->spot.arg = 0;
}

/* An operator comes after what it is for. */
static void look_into_expr(struct visit *v, const struct context_expr *expr, bool negated)
{
    for (size_t i = 0; i < expr->count; i++) {
        const struct expr_item *item = &expr->items[i];
        if (item->op == EXPR_NOT || item->op == EXPR_AND || item->op == EXPR_OR)
            continue;
        bool no = negated;
        for (size_t k = i + 1; k < expr->count && expr->items[k].op == EXPR_NOT; k++)
            no = !no;
        if (item->op == EXPR_GROUP) {
            wait_inside(v, NULL, item->group, no);
            continue;
        }
        v->spot.negated = no;
        v->spot.term = item;
        if (v->visitor->term)
            v->visitor->term(v->visitor->arg, &v->spot, item);
        text(v, item->text);
        texts(v, item->words, item->count);
    }
    v->spot.negated = false;
    v->spot.term = NULL;
}

static void look_inside(struct visit *v, const struct action_list *list,
                        const struct context_expr *expr)
{
    wait_inside(v, list, expr, false);
    while (v->count > 0) {
        struct inside inside = v->waiting[--v->count];
        if (inside.list)
            look_into_list(v, inside.list);
        else
            look_into_expr(v, inside.expr, inside.negated);
    }
}

static void look_into_part(struct visit *v, size_t index)
{
    const struct part *part = &v->spot.rule->parts[index];
    v->spot.part = index;
    switch (v->spot.field->kind) {
    case FIELD_PATTERN_TEXT:
        if (index == 1 && !v->spot.rule->type->numbered)
            text(v, v->spot.rule->pattern2_text);
        break;
    case FIELD_CONTEXT:
        look_inside(v, NULL, part->context);
        break;
    case FIELD_COUNT:
        look_inside(v, part->count, NULL);
        break;
    case FIELD_EGTOKEN:
        text(v, part->token);
        break;
    default:
        break;
    }
    v->spot.part = 0;
}

/* Of fields that belong to a pattern. */
static void look_into_parts(struct visit *v)
{
    const struct rule *rule = v->spot.rule;
    if (!rule->type->numbered) {
        look_into_part(v, v->spot.field->part);
        return;
    }
    for (size_t i = 0; i < rule->part_count; i++)
        look_into_part(v, i);
}

static void look_into_actions(struct visit *v)
{
    const char *member = (const char *)v->spot.rule + v->spot.field->offset;
    v->spot.part = v->spot.field->part;
    look_inside(v, *(const struct action_list *const *)(const void *)member, NULL);
    v->spot.part = 0;
}

static void look_into_field(struct visit *v)
{
    const struct rule *rule = v->spot.rule;
    switch (v->spot.field->kind) {
    case FIELD_PATTERN_TEXT:
    case FIELD_CONTEXT:
    case FIELD_COUNT:
    case FIELD_EGTOKEN:
        look_into_parts(v);
        break;
    case FIELD_DESC:
        v->spot.part = v->spot.field->part;
        text(v, v->spot.field->part == 0 ? rule->desc : rule->desc2);
        v->spot.part = 0;
        break;
    case FIELD_ACTION:
        look_into_actions(v);
        break;
    case FIELD_SCRIPT:
        text(v, rule->script);
        texts(v, rule->script_words, rule->script_count);
        break;
    case FIELD_CFSET:
        texts(v, rule->cfsets, rule->cfset_count);
        break;
    default:
        break;
    }
}

void visit_rule(const struct rule *rule, const struct visitor *visitor)
{
    struct visit visit = {.visitor = visitor, .spot = {.rule = rule}};
    for (const struct field *field = rule->type->fields; field->kind != FIELD_END; field++) {
        visit.spot.field = field;
        look_into_field(&visit);
    }
    free(visit.waiting);
}

void visit_set(const struct ruleset *set, const struct visitor *visitor)
{
    for (size_t i = 0; i < set->file_count; i++)
        for (size_t k = 0; k < set->files[i]->count; k++)
            visit_rule(set->files[i]->rules[k], visitor);
}
