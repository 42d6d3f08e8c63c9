/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rule types share. */
#include "correlate/shared.h"

struct scope match_scope(struct engine *engine, const struct rule *rule,
                         const struct match_vars *vars)
{
    struct scope scope = {.keys = &rule->keys, .first = vars};
    scope.text = expand(engine, rule->desc, &scope);
    return scope;
}

struct scope operation_scope(const struct operation *operation)
{
    return (struct scope){.text = operation_desc(operation),
                          .keys = &operation->rule->keys,
                          .bound = operation->bound};
}

void operation_run(struct engine *engine, struct operation *operation,
                   const struct action_list *list, struct bytes text)
{
    struct scope scope = operation_scope(operation);
    scope.text = text;
    struct bytes name = {0};
    struct context *events = NULL;
    operation_retain(operation);
    if (operation->rule->events && list->count > 0)
        events = event_lines_show(engine, operation, &scope, &name);
    actions_run(engine, list, &scope);
    if (events)
        event_lines_hide(engine, events, name);
    operation_release(operation);
}

void operation_finish(struct engine *engine, struct operation *operation,
                      const struct action_list *list, struct bytes text)
{
    operation_retain(operation);
    operation_run(engine, operation, list, text);
    operations_end(engine, operation);
    operation_release(operation);
}

void times_forget(struct engine *engine, struct operation *operation, int64_t time, bool exact)
{
    while (operation->time_count && operation_time_at(operation, 0) < time)
        operation_shift_time(operation);
    if (!exact && operation->time_count)
        time = operation_time_at(operation, 0);
    operation_set_time(engine, operation, time);
}
