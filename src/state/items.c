/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Items of operations: each is composed in one buffer and passed to the visitor. */
#include "state/items.h"

#include "state/condition.h"

void items_text(struct items *items, const char *label, const char *key, size_t part,
                struct bytes text)
{
    struct item item = {.label = label, .key = key, .part = part, .kind = ITEM_TEXT, .text = text};
    items->visit(items->arg, &item);
    buf_clear(&items->out);
}

void items_number(struct items *items, enum item_kind kind, const char *label, const char *key,
                  size_t part, int64_t number)
{
    struct item item = {.label = label, .key = key, .part = part, .kind = kind, .number = number};
    items->visit(items->arg, &item);
}

void items_pattern(struct items *items, size_t part, const struct pattern *pattern)
{
    pattern_print(pattern, &items->out);
    items_text(items, "Pattern", "pattern", part, buf_bytes(&items->out));
}

void items_context(struct items *items, size_t part, const struct context_expr *context,
                   const struct scope *scope)
{
    if (context)
        condition_print(context, items->engine, scope, &items->out);
    items_text(items, "Context", "context", part, buf_bytes(&items->out));
}

void items_next(struct items *items, size_t number, const struct part *part)
{
    buf_add(&items->out, bytes_of(what_next_text(part->what_next)));
    if (part->what_next == NEXT_GOTO)
        buf_cat(&items->out, B(" "), NUM(part->next + 1));
    items_text(items, "Behavior after match", "continue", number, buf_bytes(&items->out));
}

void items_list(struct items *items, const char *label, const char *key, size_t part,
                const struct action_list *list, const struct scope *scope)
{
    if (list)
        action_list_print_marked(list, items->engine, scope, items->mark, &items->out);
    items_text(items, label, key, part, buf_bytes(&items->out));
}

void items_first_pattern(struct items *items)
{
    const struct part *part = &items->rule->parts[0];
    items_pattern(items, 1, &part->pattern);
    items_context(items, 1, part->context, NULL);
    items_next(items, 1, part);
}

void items_desc(struct items *items)
{
    items_text(items, "Description", "desc", 1, operation_desc(items->operation));
}

void items_action(struct items *items)
{
    items_list(items, "Action", "action", 1, items->rule->action, &items->scope);
}

void items_action2(struct items *items)
{
    items_list(items, "Action", "action", 2, items->rule->action2, &items->scope);
}

void items_window(struct items *items)
{
    items_number(items, ITEM_SECONDS, "Window", "window", 1, items->rule->window);
}
