/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Event stores of contexts: a ring, so that access to either end takes constant time. */
#include "base/mem.h"

#include <assert.h>
#include "base/ring.h"
#include "state/engine.h"

/* A ring that ran empty is kept for the next events when it is no larger than this. */
#define KEPT_ROOM 64

static struct stored_event *event_at(const struct context *context, uint32_t index)
{
    return &context->events[ring_place(context->event_first, index, context->event_room)];
}

const struct stored_event *context_event(const struct context *context, size_t index)
{
    assert(index < context->event_count);
    return event_at(context, (uint32_t)index);
}

static void room_in_store(struct context *context)
{
    uint32_t room = context->event_room;
    if (context->event_count < room)
        return;
    context->event_room = room ? room * 2 : 1;
    context->events = ring_widen(context->events, sizeof(struct stored_event), room,
                                 context->event_first, context->event_room);
    context->event_first = 0;
}

/* So many events fewer at the start. */
static void skip(struct context *context, uint32_t count)
{
    assert(count <= context->event_count);
    context->event_first = (uint32_t)ring_place(context->event_first, count, context->event_room);
    context->event_count -= count;
}

void context_push(struct engine *engine, struct context *context, struct bytes text, int64_t time)
{
    room_in_store(context);
    uint32_t count = context->event_count++;
    *event_at(context, count) = (struct stored_event){bytes_dup(text), time};
    if (count && event_at(context, count - 1)->time > time)
        context->unsorted = true;
    contexts_changed(engine->state.contexts, CONTEXT_STORED, context);
}

void context_unshift(struct engine *engine, struct context *context, struct bytes text,
                     int64_t time)
{
    room_in_store(context);
    context->event_first = (uint32_t)ring_place(context->event_first - 1, 0, context->event_room);
    context->event_count++;
    *event_at(context, 0) = (struct stored_event){bytes_dup(text), time};
    if (context->event_count > 1 && event_at(context, 1)->time < time)
        context->unsorted = true;
    contexts_changed(engine->state.contexts, CONTEXT_STORED, context);
}

/* The store ran empty. */
static void settle_empty(struct context *context)
{
    context->unsorted = false;
    if (context->event_room <= KEPT_ROOM)
        return;
    free(context->events);
    context->events = NULL;
    context->event_room = context->event_first = 0;
}

/* Takes over an event that was removed from the ring. */
static void hand_out(struct engine *engine, struct context *context, struct stored_event event,
                     struct bytes *text)
{
    *text = arena_bytes(&engine->line.arena, event.text);
    bytes_free(event.text);
    if (context->event_count == 0)
        settle_empty(context);
    contexts_changed(engine->state.contexts, CONTEXT_STORED, context);
}

bool context_pop(struct engine *engine, struct context *context, struct bytes *text)
{
    if (context->event_count == 0)
        return false;
    context->event_count--;
    hand_out(engine, context, *event_at(context, context->event_count), text);
    return true;
}

bool context_shift(struct engine *engine, struct context *context, struct bytes *text)
{
    if (context->event_count == 0)
        return false;
    struct stored_event oldest = *event_at(context, 0);
    skip(context, 1);
    hand_out(engine, context, oldest, text);
    return true;
}

void context_store_free(struct context *context)
{
    for (uint32_t i = 0; i < context->event_count; i++)
        bytes_free(event_at(context, i)->text);
    free(context->events);
    context->events = NULL;
    context->event_count = context->event_first = context->event_room = 0;
    context->unsorted = false;
}

void context_empty(struct engine *engine, struct context *context)
{
    context_store_free(context);
    contexts_changed(engine->state.contexts, CONTEXT_STORED, context);
}

static void take_trimmed(struct stored_event *event, bool first, struct buf *trimmed)
{
    if (trimmed) {
        if (!first)
            buf_char(trimmed, '\n');
        buf_add(trimmed, event->text);
    }
    bytes_free(event->text);
}

/* Removes from anywhere in a store whose times go back somewhere. */
static size_t trim_unsorted(struct context *context, int64_t time, struct buf *trimmed)
{
    uint32_t kept = 0, count = context->event_count;
    for (uint32_t i = 0; i < count; i++) {
        struct stored_event *event = event_at(context, i);
        if (event->time < time)
            take_trimmed(event, i == kept, trimmed);
        else
            *event_at(context, kept++) = *event;
    }
    context->event_count = kept;
    return count - kept;
}

static size_t trim_sorted(struct context *context, int64_t time, struct buf *trimmed)
{
    uint32_t gone = 0;
    while (gone < context->event_count && event_at(context, gone)->time < time) {
        take_trimmed(event_at(context, gone), gone == 0, trimmed);
        gone++;
    }
    if (gone > 0)
        skip(context, gone);
    return gone;
}

size_t context_trim(struct engine *engine, struct context *context, int64_t time,
                    struct buf *trimmed)
{
    size_t gone = context->unsorted ? trim_unsorted(context, time, trimmed)
                                    : trim_sorted(context, time, trimmed);
    if (context->event_count == 0)
        settle_empty(context);
    if (gone)
        contexts_changed(engine->state.contexts, CONTEXT_STORED, context);
    return gone;
}

struct bytes context_text(struct engine *engine, const struct context *context)
{
    size_t len = context->event_count;
    for (uint32_t i = 0; i < context->event_count; i++)
        len += event_at(context, i)->text.len;
    char *text = arena_alloc(&engine->line.arena, len + 1);
    char *at = text;
    for (uint32_t i = 0; i < context->event_count; i++) {
        struct bytes event = event_at(context, i)->text;
        if (i)
            *at++ = '\n';
        memcpy(at, event.ptr, event.len);
        at += event.len;
    }
    return bytes_make(text, (size_t)(at - text));
}
