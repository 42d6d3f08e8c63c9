/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Event stores of contexts: add, prepend, fill, report, reportexec, copy, empty, pop, shift, trim,
 * getsize. */
#include "act/arguments.h"
#include "act/types.h"

static struct context *find_context(struct engine *engine, struct bytes name)
{
    return contexts_find(engine->state.contexts, name);
}

/* NULL after a message that ends with the verb, "can't report" and so on. */
static struct context *find_or_warn(struct engine *engine, struct bytes name, const char *verb)
{
    struct context *context = find_context(engine, name);
    if (!context)
        log_msg(engine->log, LOG_WARN, B("Context '"), name, B("' does not exist, can't "),
                bytes_of(verb));
    return context;
}

/* The context that add and similar actions write to: made if there is
 * none, NULL after a message. */
static struct context *find_to_write(struct engine *engine, const char *action, struct bytes name)
{
    struct context *context = find_context(engine, name);
    if (!context)
        return contexts_create(engine, name, 0);
    if (!context->internal)
        return context;
    log_msg(engine->log, LOG_WARN, B("Invalid use of "), bytes_of(action),
            B(" action for internal context '"), name, B("'"));
    return NULL;
}

/* --evstoresize: may a store hold so many events? */
static bool fits(const struct engine *engine, size_t events)
{
    int64_t most = engine->options->evstoresize;
    return !most || events <= (size_t)most;
}

static void push_all(struct engine *engine, struct context *context, struct bytes events)
{
    int64_t now = engine_now(engine);
    struct bytes event;
    while (next_event(&events, &event))
        context_push(engine, context, event, now);
}

static enum flow run_add(struct engine *engine, const struct action *action,
                         const struct scope *scope)
{
    struct bytes name = argument(engine, action, 0, scope);
    struct bytes events = argument(engine, action, 1, scope);
    log_msg(engine->log, LOG_DETAIL, B("Adding event(s) '"), events, B("' to context '"), name,
            B("'"));
    struct context *context = find_to_write(engine, "add", name);
    if (!context)
        return FLOW_NEXT;
    if (!fits(engine, context->event_count + count_events(events))) {
        log_msg(engine->log, LOG_WARN, B("Can't add event(s) '"), events, B("' to context '"), name,
                B("', store full"));
        return FLOW_NEXT;
    }
    push_all(engine, context, events);
    return FLOW_NEXT;
}

/* The first of the events ends up as the first in the store, so the last one goes in first. */
static void unshift_all(struct engine *engine, struct context *context, struct bytes events,
                        size_t count)
{
    struct bytes *list = arena_alloc(&engine->line.arena, count * sizeof(*list));
    for (size_t i = 0; i < count; i++)
        next_event(&events, &list[i]);
    int64_t now = engine_now(engine);
    while (count-- > 0)
        context_unshift(engine, context, list[count], now);
}

static enum flow run_prepend(struct engine *engine, const struct action *action,
                             const struct scope *scope)
{
    struct bytes name = argument(engine, action, 0, scope);
    struct bytes events = argument(engine, action, 1, scope);
    log_msg(engine->log, LOG_DETAIL, B("Prepending event(s) '"), events, B("' to context '"), name,
            B("'"));
    struct context *context = find_to_write(engine, "prepend", name);
    if (!context)
        return FLOW_NEXT;
    size_t count = count_events(events);
    if (fits(engine, context->event_count + count))
        unshift_all(engine, context, events, count);
    else
        log_msg(engine->log, LOG_WARN, B("Can't prepend event(s) '"), events, B("' to context '"),
                name, B("', store full"));
    return FLOW_NEXT;
}

static enum flow run_fill(struct engine *engine, const struct action *action,
                          const struct scope *scope)
{
    struct bytes name = argument(engine, action, 0, scope);
    struct bytes events = argument(engine, action, 1, scope);
    log_msg(engine->log, LOG_DETAIL, B("Filling context '"), name, B("' with event(s) '"), events,
            B("'"));
    struct context *context = find_to_write(engine, "fill", name);
    if (!context)
        return FLOW_NEXT;
    if (!fits(engine, count_events(events))) {
        log_msg(engine->log, LOG_WARN, B("Can't fill context '"), name, B("' with event(s) '"),
                events, B("', store full"));
        return FLOW_NEXT;
    }
    context_empty(engine, context);
    push_all(engine, context, events);
    return FLOW_NEXT;
}

static void report_store(struct engine *engine, const struct action *action, struct bytes name,
                         const struct command *command)
{
    const struct context *context = find_or_warn(engine, name, "report");
    if (!context)
        return;
    if (context->event_count)
        feed(engine, action, command, context_text(engine, context));
    else
        log_msg(engine->log, LOG_DETAIL, B("Event store of context '"), name,
                B("' is empty, nothing to report"));
}

static enum flow run_report(struct engine *engine, const struct action *action,
                            const struct scope *scope)
{
    struct bytes name = argument(engine, action, 0, scope);
    struct command command = {.text = argument(engine, action, 1, scope)};
    log_msg(engine->log, LOG_INFORM, B("Reporting the event store of context '"), name,
            B("' through shell command '"), command.text, B("'"));
    report_store(engine, action, name, command.text.len > 0 ? &command : NULL);
    return FLOW_NEXT;
}

static enum flow run_reportexec(struct engine *engine, const struct action *action,
                                const struct scope *scope)
{
    struct bytes name = argument(engine, action, 0, scope);
    struct command command = argument_command(engine, &action->args[1], scope);
    log_msg(engine->log, LOG_INFORM, B("Reporting the event store of context '"), name,
            B("' through command '"), command.text, B("'"));
    report_store(engine, action, name, command.count > 0 ? &command : NULL);
    return FLOW_NEXT;
}

static enum flow run_copy(struct engine *engine, const struct action *action,
                          const struct scope *scope)
{
    struct bytes name = argument(engine, action, 0, scope);
    log_msg(engine->log, LOG_DETAIL, B("Copying context '"), name, B("' to variable '"),
            VARIABLE_NAME(&action->args[1]), B("'"));
    const struct context *context = find_or_warn(engine, name, "copy");
    if (context)
        set_text(engine, &action->args[1], context_text(engine, context));
    return FLOW_NEXT;
}

static enum flow run_empty(struct engine *engine, const struct action *action,
                           const struct scope *scope)
{
    struct bytes name = argument(engine, action, 0, scope);
    log_msg(engine->log, LOG_DETAIL, B("Emptying the event store of context '"), name, B("'"));
    struct context *context = find_or_warn(engine, name, "empty");
    if (!context)
        return FLOW_NEXT;
    if (action->args[1].name.len)
        set_text(engine, &action->args[1], context_text(engine, context));
    context_empty(engine, context);
    return FLOW_NEXT;
}

static enum flow run_pop(struct engine *engine, const struct action *action,
                         const struct scope *scope)
{
    struct bytes name = argument(engine, action, 0, scope), event = B("");
    log_msg(engine->log, LOG_DETAIL, B("Pop the last element of context '"), name,
            B("' event store into variable '"), VARIABLE_NAME(&action->args[1]), B("'"));
    struct context *context = find_or_warn(engine, name, "pop");
    if (!context)
        return FLOW_NEXT;
    context_pop(engine, context, &event);
    set_text(engine, &action->args[1], event);
    return FLOW_NEXT;
}

static enum flow run_shift(struct engine *engine, const struct action *action,
                           const struct scope *scope)
{
    struct bytes name = argument(engine, action, 0, scope), event = B("");
    log_msg(engine->log, LOG_DETAIL, B("Shift the first element of context '"), name,
            B("' event store into variable '"), VARIABLE_NAME(&action->args[1]), B("'"));
    struct context *context = find_or_warn(engine, name, "shift");
    if (!context)
        return FLOW_NEXT;
    context_shift(engine, context, &event);
    set_text(engine, &action->args[1], event);
    return FLOW_NEXT;
}

/* "+5": 5 seconds after the context's creation, "-5": 5 seconds ago, "5": that second. */
static bool read_trim_time(struct engine *engine, const struct context *context,
                           struct bytes timestamp, int64_t *time)
{
    struct bytes number = bytes_trim(timestamp);
    char sign = number.len ? *number.ptr : ' ';
    if (sign != '+' && sign != '-')
        return bytes_uint(number, false, time);
    if (!bytes_uint(bytes_from(number, 1), false, time))
        return false;
    *time = sign == '+' ? context->time + *time : engine_now(engine) - *time;
    return true;
}

static void trim(struct engine *engine, struct context *context, struct bytes name, int64_t time,
                 const struct arg *variable)
{
    struct buf trimmed = {0};
    bool wanted = variable->name.len > 0;
    size_t count = context_trim(engine, context, time, wanted ? &trimmed : NULL);
    log_msg(engine->log, LOG_DETAIL, B("Trimmed "), NUM(count), B(" element(s) older than '"),
            CTIME(time), B("' from context '"), name, B("' event store"));
    if (wanted)
        set_text(engine, variable, buf_bytes(&trimmed));
    buf_free(&trimmed);
}

static enum flow run_trim(struct engine *engine, const struct action *action,
                          const struct scope *scope)
{
    struct bytes timestamp = argument(engine, action, 0, scope);
    struct bytes name = argument(engine, action, 1, scope);
    int64_t time;
    log_msg(engine->log, LOG_DETAIL, B("Trimming context '"), name,
            B("' event store by timestamp '"), timestamp, B("'"));
    struct context *context = find_or_warn(engine, name, "trim");
    if (!context)
        return FLOW_NEXT;
    if (read_trim_time(engine, context, timestamp, &time))
        trim(engine, context, name, time, &action->args[2]);
    else
        log_msg(engine->log, LOG_WARN, B("Invalid timestamp '"), timestamp,
                B("' for trimming context '"), name, B("'"));
    return FLOW_NEXT;
}

static enum flow run_getsize(struct engine *engine, const struct action *action,
                             const struct scope *scope)
{
    struct bytes name = argument(engine, action, 1, scope);
    const struct arg *variable = &action->args[0];
    log_msg(engine->log, LOG_DETAIL, B("Finding the size of context '"), name, B("' event store"));
    const struct context *context = find_context(engine, name);
    if (context) {
        set_number(engine, variable, context->event_count);
        return FLOW_NEXT;
    }
    variables_set_undef(engine->state.variables, variable->variable);
    log_msg(engine->log, LOG_DETAIL, B("Context '"), name, B("' does not exist, variable '"),
            VARIABLE_NAME(variable), B("' set to undef"));
    return FLOW_NEXT;
}

const struct action_type action_add = {
    .name = "add", .constant = {"ADD", 28}, .params = {CONTEXT_NAME, EVENT_TEXT}, .run = run_add};
const struct action_type action_prepend = {.name = "prepend",
                                           .constant = {"PREPEND", 29},
                                           .params = {CONTEXT_NAME, EVENT_TEXT},
                                           .run = run_prepend};
const struct action_type action_fill = {.name = "fill",
                                        .constant = {"FILL", 30},
                                        .params = {CONTEXT_NAME, EVENT_TEXT},
                                        .run = run_fill};
const struct action_type action_report = {
    .name = "report",
    .constant = {"REPORT", 31},
    .params = {CONTEXT_NAME, {.kind = PARAM_TEXT, .optional = true}},
    .run = run_report};
const struct action_type action_reportexec = {
    .name = "reportexec",
    .constant = {"REPORTEXEC", 32},
    .params = {CONTEXT_NAME, {.kind = PARAM_WORDS, .optional = true}},
    .run = run_reportexec};
const struct action_type action_copy = {.name = "copy",
                                        .constant = {"COPYCONTEXT", 33},
                                        .params = {CONTEXT_NAME, VARIABLE},
                                        .run = run_copy};
const struct action_type action_empty = {.name = "empty",
                                         .constant = {"EMPTYCONTEXT", 34},
                                         .params = {CONTEXT_NAME, VARIABLE_OR_NONE},
                                         .run = run_empty};
const struct action_type action_pop = {
    .name = "pop", .constant = {"POP", 35}, .params = {CONTEXT_NAME, VARIABLE}, .run = run_pop};
const struct action_type action_shift = {.name = "shift",
                                         .constant = {"SHIFT", 36},
                                         .params = {CONTEXT_NAME, VARIABLE},
                                         .run = run_shift};
const struct action_type action_trim = {
    .name = "trim",
    .constant = {"TRIM", 37},
    .params = {NEEDED_WORD("timestamp"), CONTEXT_NAME, VARIABLE_OR_NONE},
    .run = run_trim};
const struct action_type action_getsize = {.name = "getsize",
                                           .constant = {"GETSIZE", 39},
                                           .params = {VARIABLE, CONTEXT_NAME},
                                           .run = run_getsize};
