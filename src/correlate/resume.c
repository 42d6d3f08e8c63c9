/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "correlate/resume.h"

struct operation *operation_resume(struct engine *engine, struct rule_state *state,
                                   const struct earlier *earlier, struct buf *error)
{
    const struct rule_type *type = state->rule->type;
    struct operation *o = operations_start(engine, state, earlier->desc, earlier->start,
                                           earlier->window, earlier->bound);
    operation_set_time(engine, o, earlier->time);
    for (size_t i = 0; i < earlier->count; i++) {
        const struct group_event *event = &earlier->events[i];
        if (type->numbered)
            operation_push_event(o, event->time, event->part, event->token);
        else
            operation_push_time(o, event->time);
    }
    if (!type->resumed || type->resumed(engine, o, earlier->reached, error))
        return o;
    operations_end(engine, o);
    return NULL;
}
