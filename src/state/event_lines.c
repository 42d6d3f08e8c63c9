/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "state/event_lines.h"

#include "base/mem.h"
#include "state/engine.h"

static void widen(struct event_lines *lines)
{
    uint32_t room = lines->room;
    lines->room = room ? room * 2 : 4;
    lines->lines = ring_widen(lines->lines, sizeof(*lines->lines), room, lines->first, lines->room);
    lines->first = 0;
}

void event_lines_push(struct operation *operation, struct bytes line, int64_t time)
{
    const struct rule *rule = operation->rule;
    struct event_lines *lines = operation->lines;
    assert(rule->events && rule->events_most > 0);
    if (!lines)
        lines = operation->lines = mem_zalloc(sizeof(*lines));
    assert(lines->count < operation->time_count);
    while (lines->count >= rule->events_most ||
           (lines->count > 0 && lines->bytes + line.len > EVENT_LINES_BYTES))
        event_lines_shift(lines);
    if (lines->count == lines->room)
        widen(lines);
    size_t place = ring_place(lines->first, lines->count++, lines->room);
    lines->lines[place] = (struct stored_event){.text = bytes_dup(line), .time = time};
    lines->bytes += line.len;
}

void event_lines_shift(struct event_lines *lines)
{
    const struct stored_event *oldest = event_line_at(lines, 0);
    lines->bytes -= oldest->text.len;
    bytes_free(oldest->text);
    lines->first = (uint32_t)ring_place(lines->first, 1, lines->room);
    lines->count--;
}

void event_lines_free(struct event_lines *lines)
{
    if (!lines)
        return;
    while (lines->count > 0)
        event_lines_shift(lines);
    free(lines->lines);
    free(lines);
}

struct context *event_lines_show(struct engine *engine, const struct operation *operation,
                                 const struct scope *scope, struct bytes *name)
{
    const struct event_lines *lines = operation->lines;
    *name = expand(engine, operation->rule->events, scope);
    if (contexts_valid(engine, *name)) {
        log_msg(engine->log, LOG_WARN, B("Context '"), *name,
                B("' exists already, it does not get the events of the operation '"),
                operation_desc(operation), B("'"));
        return NULL;
    }
    struct context *context = contexts_create(engine, *name, 0);
    contexts_retain(context);
    for (uint32_t i = 0; lines && i < lines->count; i++) {
        const struct stored_event *line = event_line_at(lines, i);
        context_push(engine, context, line->text, line->time);
    }
    return context;
}

void event_lines_hide(struct engine *engine, struct context *context, struct bytes name)
{
    if (contexts_find(engine->state.contexts, name) == context)
        contexts_remove_name(engine, context, name);
    contexts_release(context);
}
