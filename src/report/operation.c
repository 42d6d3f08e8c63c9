/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Operations in dumps.  The rule type decides what is shown. */
#include "report/operation.h"

#include "correlate/shared.h"

/* What there is in the rules of most types. */
static void show_usual(struct items *items)
{
    items_first_pattern(items);
    items_desc(items);
    items_action(items);
    items_window(items);
}

void operation_items(struct engine *engine, const struct operation *operation, item_visit *visit,
                     void *arg)
{
    operation_items_marked(engine, operation, B(""), visit, arg);
}

void operation_items_marked(struct engine *engine, const struct operation *operation,
                            struct bytes text_mark, item_visit *visit, void *arg)
{
    struct items items = {.engine = engine,
                          .mark = text_mark,
                          .operation = operation,
                          .rule = operation->rule,
                          .scope = operation_scope(operation),
                          .visit = visit,
                          .arg = arg};
    void (*show)(struct items *) = operation->rule->type->show;
    struct arena_mark mark = arena_mark(&engine->line.arena);
    (show ? show : show_usual)(&items);
    arena_release(&engine->line.arena, mark);
    buf_free(&items.out);
}

struct operation_events operation_events(const struct operation *operation)
{
    const struct rule_type *type = operation->rule->type;
    const struct status *status =
        operation->suppressing || operation->second_pass ? &type->reached : &type->counting;
    return (struct operation_events){.text = status->text,
                                     .json = status->json,
                                     .of_group = type->numbered,
                                     .have_tokens = operation->rule->has_group_pattern};
}

struct operation_event operation_event(const struct operation *operation, uint32_t index)
{
    const struct rule *rule = operation->rule;
    if (!rule->type->numbered)
        return (struct operation_event){.time = operation_time_at(operation, index)};
    const struct group_event *event = operation_event_at(operation, index);
    return (struct operation_event){.time = event->time,
                                    .part = event->part,
                                    .token = event->token,
                                    .token_number = !rule->parts[event->part].token_given};
}

void operation_type(const struct operation *operation, struct buf *out)
{
    const struct rule *rule = operation->rule;
    buf_add(out, bytes_of(rule->type->name));
    if (rule->type->numbered)
        buf_num(out, (int64_t)rule->part_count);
}
