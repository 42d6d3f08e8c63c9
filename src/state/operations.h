/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Event correlation operations: what rules remember between events.
 *
 * An operation is found by its rule and description.  It is reference-counted: one that ended while
 * its actions ran is no longer `live`, but stays readable for whoever has retained it.
 */
#ifndef SECANT_STATE_OPERATIONS_H
#define SECANT_STATE_OPERATIONS_H

#include <assert.h>

#include "base/ring.h"
#include "base/wheel.h"
#include "state/rule_state.h"
#include "state/scope.h"

struct group_event { /* an event that an EventGroup operation has seen */
    int64_t time;
    uint32_t part;      /* which pattern matched */
    struct bytes token; /* owned; ptr NULL without egpattern */
};

struct event_lines;

struct operation {
    struct timer timer; /* first: the wheel hands it out */
    const struct rule *rule;
    struct rule_state *state;      /* of the rule; its file_state is retained */
    struct operation *next, *prev; /* all operations in order of creation */
    struct binding *bound;         /* match variables that its later texts use */
    int64_t start;                 /* when the operation began */
    uint64_t serial;               /* unique */
    int64_t time;                  /* where its window begins */
    int64_t window;                /* seconds; 0: infinite */
    unsigned refs;
    bool live, suppressing, second_pass, starting, ending;
    /* event times, oldest first: a ring */
    uint32_t time_count, time_first, time_room;
    union {
        int64_t *times;             /* thresholds */
        struct group_event *events; /* EventGroup */
    };
    struct event_lines *lines; /* of its events (state/event_lines.h); NULL: none */
    void *type_data; /* data of its rule type: Pair's second pattern, EventGroup's counts */
    void (*type_data_free)(struct operation *operation); /* NULL: nothing */
    uint32_t desc_len;
    char desc[];
};

static_assert(offsetof(struct operation, timer) == 0, "operations_due casts");

struct operations;

struct operations *operations_new(int64_t now);
void operations_free(struct operations *operations);
struct operation *operations_find(const struct rule_state *state,
                                  struct bytes desc); /* NULL: none */
/* Starts an operation.  `start` is the second in which its line was matched, as actions may have
 * taken time since.  There must be none of this rule and description.  The timer is armed for
 * start + window + 1 unless window is 0.  Takes over a reference to bound. */
struct operation *operations_start(struct engine *engine, struct rule_state *state,
                                   struct bytes desc, int64_t start, int64_t window,
                                   struct binding *bound);
void operations_end(struct engine *engine, struct operation *operation); /* nothing if not live */
void operation_retain(struct operation *operation);
void operation_release(struct operation *operation);
/* Sets the beginning of the window and re-arms the timer. */
void operation_set_time(struct engine *engine, struct operation *operation, int64_t time);
void operation_set_window(struct engine *engine, struct operation *operation, int64_t window);
static inline struct bytes operation_desc(const struct operation *operation)
{
    return (struct bytes){operation->desc, operation->desc_len};
}
/* "FILE | ID | DESC", in the arena. */
struct bytes operation_key(struct arena *arena, struct bytes file, int64_t id, struct bytes desc);
/* Event times. */
void operation_push_time(struct operation *operation, int64_t time);
void operation_shift_time(struct operation *operation); /* drops the oldest; EventGroup's, too */
/* EventGroup: the token is copied; ptr NULL: the rule has no egpattern. */
void operation_push_event(struct operation *operation, int64_t time, uint32_t part,
                          struct bytes token);
static inline struct group_event *operation_event_at(const struct operation *o, uint32_t index)
{
    assert(index < o->time_count);
    return &o->events[ring_place(o->time_first, index, o->time_room)];
}
static inline int64_t operation_time_at(const struct operation *o, uint32_t index)
{
    assert(index < o->time_count);
    return o->times[ring_place(o->time_first, index, o->time_room)];
}
void operation_clear_times(struct operation *operation);
/* Clean-up: operations_turn sets aside what is due by now, and operations_due returns these one by
 * one in order, retained for the caller, then NULL.  What becomes due meanwhile waits for the next
 * clean-up. */
void operations_turn(struct operations *operations, int64_t now);
struct operation *operations_due(struct operations *operations);
int64_t operations_next_due(const struct operations *operations);
struct operation *operations_first(const struct operations *operations);
size_t operations_count(const struct operations *operations);
/* End all operations of a file, returning their number, or all. */
size_t operations_end_file(struct engine *engine, struct bytes file);
void operations_clear(struct engine *engine);

#endif
