/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patterns, action lists and the files of a Jump are found in the fields of a rule; items inside
 * its action lists and contexts are found by visiting these. */
#include "prove/cover_items.h"

#include "base/mem.h"
#include "lang/rule_text.h"
#include "lang/visit.h"

struct reading {
    struct cover_items *items;
    const struct rule *rule;
    const struct action_list *around; /* of the items that come next */
    struct buf name;
};

/* at: a text of the rule's; where it has no place of its own, the rule's is taken. */
static void add(struct reading *r, const void *spot, struct bytes at, struct bytes name,
                enum cover_want want)
{
    struct cover_items *items = r->items;
    const struct source *source = &r->rule->file->source;
    struct range range;
    if (!source_range(source, at, &range) && !source_range(source, r->rule->text, &range))
        range.from = (struct position){0, r->rule->line, 1};
    MEM_GROW(items->items, items->count, items->room, 64);
    items->items[items->count] = (struct cover_item){
        .spot = spot,
        .rule = (size_t)r->rule->id,
        .line = range.from.line,
        .column = range.from.column,
        .at = source_has(source, at) ? at : (struct bytes){0},
        .around = r->around,
        .name = arena_bytes(&items->names, name),
        .want = want,
        .order = items->count,
    };
    items->count++;
}

/* The field of a part and its place. */
static struct bytes find_field(struct reading *r, const char *name, size_t part,
                               struct bytes *place)
{
    struct keyword keyword;
    struct bytes whole = numbered_keyword(name, part, &r->name);
    *place = rule_keyword(r->rule, whole, &keyword) ? keyword.name : (struct bytes){0};
    return whole;
}

static void hear_term(void *arg, const struct visit_spot *spot, const struct expr_item *term)
{
    struct reading *r = arg;
    r->around = spot->list;
    buf_clear(&r->name);
    buf_cat(&r->name, B("context term "), term->source);
    add(r, term, term->source, buf_bytes(&r->name), WANT_TRUE);
    add(r, term, term->source, buf_bytes(&r->name), WANT_FALSE);
}

static void read_inner(struct reading *r, const struct action *action, enum param_kind kind,
                       const struct action_list *list)
{
    bool block = kind == PARAM_BLOCK || kind == PARAM_ELSE;
    if (!block && (kind != PARAM_ACTIONS || list->count == 0))
        return;
    buf_clear(&r->name);
    if (block)
        buf_cat(&r->name, bytes_of(action->type->name), B(" %"), action->args[0].name);
    else
        buf_cat(&r->name, B("actions of "), bytes_of(action->type->name));
    add(r, list, action->source, buf_bytes(&r->name),
        !block                ? WANT_RUN
        : action->type->loops ? WANT_ENTERED
        : kind == PARAM_BLOCK ? WANT_TRUE
                              : WANT_FALSE);
}

static void hear_action(void *arg, const struct visit_spot *spot)
{
    struct reading *r = arg;
    const struct action *action = spot->action;
    r->around = spot->list;
    for (size_t i = 0; action->type->params[i].kind != PARAM_END; i++)
        read_inner(r, action, action->type->params[i].kind, action->args[i].list);
}

static void read_part(struct reading *r, size_t index)
{
    struct bytes place, name = find_field(r, "pattern", index, &place);
    if (r->rule->type->patterns > 0)
        add(r, &r->rule->parts[index], place, name, WANT_MATCHED);
}

static void read_list(struct reading *r, const char *field, size_t part,
                      const struct action_list *list)
{
    struct bytes place, name = find_field(r, field, part, &place);
    if (list && list->count > 0)
        add(r, list, place, name, WANT_RUN);
}

static void read_field(struct reading *r, const struct field *field)
{
    struct bytes place, name;
    if (field->kind == FIELD_CFSET) {
        name = find_field(r, field->name, 0, &place);
        add(r, r->rule, place, name, WANT_ENTERED);
    } else if (field->kind == FIELD_ACTION) {
        const char *member = (const char *)r->rule + field->offset;
        read_list(r, field->name, 0, *(const struct action_list *const *)(const void *)member);
    } else if (field->kind == FIELD_COUNT) {
        for (size_t i = 0; i < r->rule->part_count; i++)
            read_list(r, field->name, i, r->rule->parts[i].count);
    }
}

static void read_rule(struct reading *r)
{
    r->around = NULL;
    for (size_t i = 0; i < r->rule->part_count; i++)
        read_part(r, i);
    for (const struct field *field = r->rule->type->fields; field->kind != FIELD_END; field++)
        read_field(r, field);
    visit_rule(r->rule, &(struct visitor){r, hear_action, hear_term, NULL});
}

static int in_order(size_t a, size_t b)
{
    return a < b ? -1 : a > b;
}

static int by_place(const void *a, const void *b)
{
    const struct cover_item *x = a, *y = b;
    if (x->line != y->line)
        return in_order(x->line, y->line);
    if (x->column != y->column)
        return in_order(x->column, y->column);
    return in_order(x->order, y->order);
}

void cover_items_read(struct cover_items *items, const struct rule_file *file)
{
    struct reading reading = {.items = items};
    *items = (struct cover_items){0};
    arena_init(&items->names);
    for (size_t i = 0; i < file->count; i++) {
        reading.rule = file->rules[i];
        read_rule(&reading);
    }
    if (items->count > 0)
        qsort(items->items, items->count, sizeof(*items->items), by_place);
    buf_free(&reading.name);
}

void cover_items_free(struct cover_items *items)
{
    free(items->items);
    if (items->room > 0)
        arena_free(&items->names);
    *items = (struct cover_items){0};
}

const char *cover_want_text(enum cover_want want)
{
    static const char *const texts[] = {[WANT_MATCHED] = "matched",
                                        [WANT_ENTERED] = "entered",
                                        [WANT_TRUE] = "true",
                                        [WANT_FALSE] = "false",
                                        [WANT_RUN] = "run"};
    return texts[want];
}
