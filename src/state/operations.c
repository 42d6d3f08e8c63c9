/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Event correlation operations: found through their rule, timed by one wheel, and listed in the
 * order of creation. */
#include "state/operations.h"

#include <assert.h>

#include "base/list.h"
#include "base/mem.h"
#include "state/engine.h"
#include "state/event_lines.h"

struct operations {
    struct wheel *wheel;
    struct operation *first, *last;
    size_t count;
    uint64_t started; /* ever */
};

static struct bytes desc_of(const void *entry)
{
    return operation_desc(entry);
}

struct operations *operations_new(int64_t now)
{
    struct operations *operations = mem_zalloc(sizeof(*operations));
    operations->wheel = wheel_new(now);
    return operations;
}

/* Out of all lists; the creator's count is given back. */
static void detach_operation(struct operations *operations, struct operation *o)
{
    wheel_disarm(operations->wheel, &o->timer);
    table_remove(&o->state->operations, operation_desc(o));
    LIST_REMOVE(operations, o);
    o->live = false;
    operations->count--;
    operation_release(o);
}

void operations_free(struct operations *operations)
{
    while (operations->first)
        detach_operation(operations, operations->first);
    wheel_free(operations->wheel);
    free(operations);
}

struct operation *operations_find(const struct rule_state *state, struct bytes desc)
{
    return table_find(&state->operations, desc);
}

/* The window has ended when now - time > window: one second later than its length. */
static void arm_operation(struct operations *operations, struct operation *o)
{
    if (o->window)
        wheel_arm(operations->wheel, &o->timer, clock_later(clock_later(o->time, o->window), 1));
    else
        wheel_disarm(operations->wheel, &o->timer);
}

static void append_operation(struct operations *operations, struct operation *o)
{
    LIST_APPEND(operations, o);
    operations->count++;
}

struct operation *operations_start(struct engine *engine, struct rule_state *state,
                                   struct bytes desc, int64_t start, int64_t window,
                                   struct binding *bound)
{
    assert(!operations_find(state, desc));
    struct operation *o = mem_zalloc(sizeof(*o) + desc.len + 1);
    o->refs = 1;
    o->live = true;
    o->rule = state->rule;
    o->state = state;
    file_state_retain(state->of);
    o->bound = bound;
    o->start = o->time = start;
    o->serial = ++engine->state.operations->started;
    o->window = window;
    o->desc_len = (uint32_t)desc.len;
    memcpy(o->desc, desc.ptr, desc.len);
    if (!state->operations.key)
        table_init(&state->operations, desc_of);
    table_insert(&state->operations, o);
    append_operation(engine->state.operations, o);
    arm_operation(engine->state.operations, o);
    observe(&engine->observers, .kind = RECORD_OPERATION_BEGUN, .rule = state, .operation = o);
    return o;
}

void operations_end(struct engine *engine, struct operation *operation)
{
    if (!operation->live)
        return;
    observe(&engine->observers, .kind = RECORD_OPERATION_ENDED, .rule = operation->state,
            .operation = operation);
    detach_operation(engine->state.operations, operation);
}

void operation_retain(struct operation *operation)
{
    operation->refs++;
}

static bool keeps_events(const struct operation *o)
{
    return o->rule->type->numbered;
}

void operation_release(struct operation *operation)
{
    assert(operation->refs > 0);
    if (--operation->refs)
        return;
    operation_clear_times(operation);
    if (operation->type_data_free)
        operation->type_data_free(operation);
    binding_release(operation->bound);
    file_state_release(operation->state->of);
    free(operation->times);
    event_lines_free(operation->lines);
    free(operation);
}

void operation_set_time(struct engine *engine, struct operation *operation, int64_t time)
{
    operation->time = time;
    if (operation->live)
        arm_operation(engine->state.operations, operation);
}

void operation_set_window(struct engine *engine, struct operation *operation, int64_t window)
{
    operation->window = window;
    if (operation->live)
        arm_operation(engine->state.operations, operation);
}

struct bytes operation_key(struct arena *arena, struct bytes file, int64_t id, struct bytes desc)
{
    return arena_cat(arena, file, B(" | "), NUM(id), B(" | "), desc);
}

/* The place in the ring, times or events of `size` bytes, for one more. */
static size_t next_place(struct operation *o, void **ring, size_t size)
{
    uint32_t room = o->time_room;
    if (o->time_count == room) {
        o->time_room = room ? room * 2 : 4;
        *ring = ring_widen(*ring, size, room, o->time_first, o->time_room);
        o->time_first = 0;
    }
    return ring_place(o->time_first, o->time_count++, o->time_room);
}

void operation_push_time(struct operation *operation, int64_t time)
{
    void *times = operation->times;
    size_t place = next_place(operation, &times, sizeof(int64_t));
    operation->times = times;
    operation->times[place] = time;
}

void operation_push_event(struct operation *operation, int64_t time, uint32_t part,
                          struct bytes token)
{
    void *events = operation->events;
    size_t place = next_place(operation, &events, sizeof(struct group_event));
    operation->events = events;
    operation->events[place] = (struct group_event){
        .time = time, .part = part, .token = token.ptr ? bytes_dup(token) : token};
}

void operation_shift_time(struct operation *operation)
{
    assert(operation->time_count > 0);
    if (keeps_events(operation))
        bytes_free(operation_event_at(operation, 0)->token);
    if (operation->lines && operation->lines->count == operation->time_count)
        event_lines_shift(operation->lines);
    operation->time_first = (uint32_t)ring_place(operation->time_first, 1, operation->time_room);
    operation->time_count--;
}

void operation_clear_times(struct operation *operation)
{
    while (operation->time_count)
        operation_shift_time(operation);
}

void operations_turn(struct operations *operations, int64_t now)
{
    wheel_turn(operations->wheel, now);
}

struct operation *operations_due(struct operations *operations)
{
    struct timer *timer = wheel_pop(operations->wheel);
    if (!timer)
        return NULL;
    struct operation *o = (struct operation *)timer;
    operation_retain(o);
    return o;
}

int64_t operations_next_due(const struct operations *operations)
{
    return wheel_next(operations->wheel);
}

struct operation *operations_first(const struct operations *operations)
{
    return operations->first;
}

size_t operations_count(const struct operations *operations)
{
    return operations->count;
}

size_t operations_end_file(struct engine *engine, struct bytes file)
{
    size_t ended = 0;
    struct operation *next;
    for (struct operation *o = engine->state.operations->first; o; o = next) {
        next = o->next;
        if (!bytes_eq(o->rule->file->name, file))
            continue;
        operations_end(engine, o);
        ended++;
    }
    return ended;
}

void operations_clear(struct engine *engine)
{
    while (engine->state.operations->first)
        operations_end(engine, engine->state.operations->first);
}
