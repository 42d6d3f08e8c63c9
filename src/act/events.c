/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Synthetic events: event, tevent, cevent.  A text of several lines makes several events. */
#include "act/arguments.h"
#include "act/types.h"

/* An event that is created now or later: `named` says whether messages tell its context. */
struct creation {
    struct bytes context;
    bool named;
    int64_t after; /* seconds; 0: now */
};

static void schedule(struct engine *engine, const struct creation *creation, struct bytes event)
{
    if (creation->named)
        log_msg(engine->log, LOG_DETAIL, B("Scheduling the creation of event '"), event,
                B("' with context '"), creation->context, B("' after "), NUM(creation->after),
                B(" seconds"));
    else
        log_msg(engine->log, LOG_DETAIL, B("Scheduling the creation of event '"), event,
                B("' after "), NUM(creation->after), B(" seconds"));
    events_schedule(engine->state.events, engine_now(engine) + creation->after, event,
                    creation->context);
}

static void create_now(struct engine *engine, const struct creation *creation, struct bytes event)
{
    if (creation->named)
        log_msg(engine->log, LOG_DETAIL, B("Creating event '"), event, B("' with context '"),
                creation->context, B("'"));
    else
        log_msg(engine->log, LOG_DETAIL, B("Creating event '"), event, B("'"));
    events_push(engine->state.events, event, creation->context);
}

static void create_each(struct engine *engine, const struct creation *creation, struct bytes events)
{
    struct bytes event;
    while (next_event(&events, &event)) {
        if (creation->after)
            schedule(engine, creation, event);
        else
            create_now(engine, creation, event);
    }
}

/* The delay is a text of the rule that only now is known to be a number or not. */
static void create_after(struct engine *engine, struct creation creation, struct bytes delay,
                         struct bytes events)
{
    if (bytes_uint(delay, true, &creation.after))
        create_each(engine, &creation, events);
    else
        log_msg(engine->log, LOG_WARN, B("Invalid time specification '"), delay,
                B("' for creating events"));
}

static enum flow run_event(struct engine *engine, const struct action *action,
                           const struct scope *scope)
{
    struct creation creation = {.context = B(CONTEXT_SYNTHETIC), .after = action->args[0].number};
    create_each(engine, &creation, argument(engine, action, 1, scope));
    return FLOW_NEXT;
}

static enum flow run_tevent(struct engine *engine, const struct action *action,
                            const struct scope *scope)
{
    struct bytes delay = argument(engine, action, 0, scope);
    struct bytes events = argument(engine, action, 1, scope);
    create_after(engine, (struct creation){.context = B(CONTEXT_SYNTHETIC)}, delay, events);
    return FLOW_NEXT;
}

static enum flow run_cevent(struct engine *engine, const struct action *action,
                            const struct scope *scope)
{
    struct bytes context = argument(engine, action, 0, scope);
    struct bytes delay = argument(engine, action, 1, scope);
    struct bytes events = argument(engine, action, 2, scope);
    create_after(engine, (struct creation){.context = context, .named = true}, delay, events);
    return FLOW_NEXT;
}

const struct action_type action_event = {
    .name = "event",
    .constant = {"EVENT", 45},
    .params = {{.kind = PARAM_DIGITS, .optional = true}, EVENT_TEXT},
    .run = run_event};
const struct action_type action_tevent = {.name = "tevent",
                                          .constant = {"TEVENT", 46},
                                          .params = {NEEDED_WORD("time offset"), EVENT_TEXT},
                                          .run = run_tevent};
const struct action_type action_cevent = {
    .name = "cevent",
    .constant = {"CEVENT", 47},
    .params = {CONTEXT_NAME, NEEDED_WORD("time offset"), EVENT_TEXT},
    .run = run_cevent};
