/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Synthetic events: a ring of those to be processed next, and pending ones on a timer wheel.
 *
 * Pending events are also in a list in the order of scheduling, in which those that are released
 * together come out, even if their seconds differ.
 */
#include "state/events.h"

#include <assert.h>

#include "base/list.h"
#include "base/mem.h"
#include "base/ring.h"

struct pending {
    struct timer timer; /* first: the wheel hands it out */
    struct event event;
    uint64_t order; /* of scheduling */
    struct pending *next, *prev;
};

static_assert(offsetof(struct pending, timer) == 0, "take_due casts");

struct events {
    const struct observers *observers;
    struct event *queue; /* owned; a ring */
    size_t count, first, room;
    uint64_t taken; /* off the queue, ever */
    struct wheel *wheel;
    struct {
        struct pending *first, *last; /* owned */
    } pending;
    size_t pending_count;
    uint64_t scheduled, removed; /* ever */
    /* Where events_pending_at was last, so that a walk by index is one step each. */
    struct pending *at;
    size_t at_index;
};

struct events *events_new(int64_t now, const struct observers *observers)
{
    struct events *events = mem_zalloc(sizeof(*events));
    events->observers = observers;
    events->wheel = wheel_new(now);
    return events;
}

static void event_free(struct event *event)
{
    bytes_free(event->text);
    bytes_free(event->context);
}

void events_free(struct events *events)
{
    if (!events)
        return;
    events_clear(events);
    events_clear_pending(events);
    free(events->queue);
    wheel_free(events->wheel);
    free(events);
}

static struct event *slot_at(const struct events *events, size_t index)
{
    return &events->queue[ring_place(events->first, index, events->room)];
}

const struct event *events_at(const struct events *events, size_t index)
{
    assert(index < events->count);
    return slot_at(events, index);
}

static void room_for_event(struct events *events)
{
    size_t room = events->room;
    if (events->count < room)
        return;
    events->room = room ? room * 2 : 16;
    events->queue =
        ring_widen(events->queue, sizeof(struct event), room, events->first, events->room);
    events->first = 0;
}

/* Takes over the event's texts. */
static void append_event(struct events *events, struct event event)
{
    room_for_event(events);
    *slot_at(events, events->count++) = event;
}

void events_push(struct events *events, struct bytes text, struct bytes context)
{
    observe(events->observers, .kind = RECORD_EVENT, .text = text, .context = context);
    append_event(events, (struct event){.text = bytes_dup(text), .context = bytes_dup(context)});
}

bool events_any(const struct events *events)
{
    return events->count > 0;
}

size_t events_count(const struct events *events)
{
    return events->count;
}

uint64_t events_taken(const struct events *events)
{
    return events->taken;
}

/* Takes the first event off, its texts are the caller's. */
static struct event take_first(struct events *events)
{
    assert(events->count > 0);
    struct event event = *slot_at(events, 0);
    events->first = ring_place(events->first, 1, events->room);
    events->count--;
    events->taken++;
    return event;
}

bool events_pop(struct events *events, struct arena *arena, struct bytes *text,
                struct bytes *context)
{
    if (events->count == 0)
        return false;
    struct event event = take_first(events);
    *text = arena_bytes(arena, event.text);
    *context = arena_bytes(arena, event.context);
    event_free(&event);
    return true;
}

void events_clear(struct events *events)
{
    while (events->count) {
        struct event event = take_first(events);
        event_free(&event);
    }
}

void events_schedule(struct events *events, int64_t due, struct bytes text, struct bytes context)
{
    struct pending *pending = mem_zalloc(sizeof(*pending));
    observe(events->observers, .kind = RECORD_EVENT_LATER, .text = text, .context = context,
            .due = due);
    pending->event = (struct event){bytes_dup(text), bytes_dup(context), due};
    pending->order = events->scheduled++;
    LIST_APPEND(&events->pending, pending);
    events->pending_count++;
    wheel_arm(events->wheel, &pending->timer, due);
}

/* Out of the list and the wheel. */
static void detach_pending(struct events *events, struct pending *pending)
{
    wheel_disarm(events->wheel, &pending->timer);
    LIST_REMOVE(&events->pending, pending);
    events->pending_count--;
    events->removed++;
    events->at = NULL;
}

static int compare_orders(const void *a, const void *b)
{
    const struct pending *left = *(struct pending *const *)a, *right = *(struct pending *const *)b;
    return left->order < right->order ? -1 : left->order > right->order;
}

/* All that are due, in the order of scheduling; a heap array for the caller. */
static struct pending **take_due(struct events *events, int64_t now, size_t *count)
{
    struct pending **due = NULL;
    struct timer *timer;
    size_t room = 0;
    wheel_turn(events->wheel, now);
    for (*count = 0; (timer = wheel_pop(events->wheel)); (*count)++) {
        MEM_GROW(due, *count, room, 16);
        due[*count] = (struct pending *)timer;
        detach_pending(events, due[*count]);
    }
    if (*count > 1)
        qsort(due, *count, sizeof(struct pending *), compare_orders);
    return due;
}

void events_release_due(struct events *events, int64_t now, struct log *log)
{
    size_t count;
    struct pending **due = take_due(events, now, &count);
    for (size_t i = 0; i < count; i++) {
        log_msg(log, LOG_DETAIL, B("Creating event '"), due[i]->event.text, B("'"));
        observe(events->observers, .kind = RECORD_EVENT, .text = due[i]->event.text,
                .context = due[i]->event.context);
        append_event(events, due[i]->event);
        free(due[i]);
    }
    free(due);
}

void events_clear_pending(struct events *events)
{
    struct pending *next;
    for (struct pending *pending = events->pending.first; pending; pending = next) {
        next = pending->next;
        wheel_disarm(events->wheel, &pending->timer);
        event_free(&pending->event);
        free(pending);
    }
    events->pending.first = events->pending.last = events->at = NULL;
    events->removed += events->pending_count;
    events->pending_count = 0;
}

int64_t events_next_due(const struct events *events)
{
    return wheel_next(events->wheel);
}

size_t events_pending_count(const struct events *events)
{
    return events->pending_count;
}

uint64_t events_pending_removed(const struct events *events)
{
    return events->removed;
}

const struct event *events_pending_at(struct events *events, size_t index)
{
    assert(index < events->pending_count);
    if (!events->at || index < events->at_index) {
        events->at = events->pending.first;
        events->at_index = 0;
    }
    for (; events->at_index < index; events->at_index++)
        events->at = events->at->next;
    return &events->at->event;
}
