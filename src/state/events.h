/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Synthetic events: those to be processed before new input, and those scheduled for later. */
#ifndef SECANT_STATE_EVENTS_H
#define SECANT_STATE_EVENTS_H

#include "base/arena.h"
#include "base/wheel.h"
#include "log/log.h"
#include "observe/observer.h"

struct events;

struct event {
    struct bytes text, context; /* owned */
    int64_t due;                /* pending events */
};

/* observers: notified of each event; they must outlive the events. */
struct events *events_new(int64_t now, const struct observers *observers);
void events_free(struct events *events);
/* Copies both texts. */
void events_push(struct events *events, struct bytes text, struct bytes context);
bool events_any(const struct events *events);
/* Removes the first event and copies its texts to the arena.  Returns false if there is none. */
bool events_pop(struct events *events, struct arena *arena, struct bytes *text,
                struct bytes *context);
void events_schedule(struct events *events, int64_t due, struct bytes text, struct bytes context);
/* Clean-up: pending events that are due move to the queue in the order of scheduling, with the
 * message "Creating event '...'". */
void events_release_due(struct events *events, int64_t now, struct log *log);
void events_clear_pending(struct events *events);
int64_t events_next_due(const struct events *events); /* INT64_MAX: none */
size_t events_count(const struct events *events);
const struct event *events_at(const struct events *events, size_t index); /* queue, oldest first */
void events_clear(struct events *events);                                 /* the queue */
size_t events_pending_count(const struct events *events);
/* In the order of scheduling; walking by ascending index takes one step each. */
const struct event *events_pending_at(struct events *events, size_t index);
/* The number of events ever removed: from the front of the queue; and of pending ones, from
 * anywhere.  New ones only come in at the end, so from these numbers a caller can tell which events
 * are still where they were. */
uint64_t events_taken(const struct events *events);
uint64_t events_pending_removed(const struct events *events);

#endif
