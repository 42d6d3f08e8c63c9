/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A heap ordered by time and by place in the file. */
#include "replay/reorder.h"

#include <stdlib.h>

#include "base/mem.h"
#include "clock/clock.h"

struct held_line {
    int64_t second;
    uint64_t number; /* in the file */
    int32_t nanoseconds;
    uint32_t time_at, time_len;
    bool own;
    bool back; /* a line before it in the file is later */
    size_t len;
    char text[];
};

static int compare_to(const struct moment *a, const struct moment *b)
{
    return compare_moments(a->second, a->nanoseconds, b->second, b->nanoseconds);
}

static bool comes_before(const struct held_line *a, const struct held_line *b)
{
    int order = compare_moments(a->second, a->nanoseconds, b->second, b->nanoseconds);
    return order != 0 ? order < 0 : a->number < b->number;
}

static void rise(struct reorder *reorder, size_t at)
{
    struct held_line *moved = reorder->heap[at];
    for (size_t parent; at > 0; at = parent) {
        parent = (at - 1) / 2;
        if (!comes_before(moved, reorder->heap[parent]))
            break;
        reorder->heap[at] = reorder->heap[parent];
    }
    reorder->heap[at] = moved;
}

static void sink(struct reorder *reorder)
{
    struct held_line *moved = reorder->heap[0];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < reorder->count; at = child) {
        struct held_line **pair = &reorder->heap[child];
        if (child + 1 < reorder->count && comes_before(pair[1], pair[0]))
            child++;
        if (!comes_before(reorder->heap[child], moved))
            break;
        reorder->heap[at] = reorder->heap[child];
    }
    reorder->heap[at] = moved;
}

void reorder_init(struct reorder *reorder, int64_t seconds)
{
    static const struct moment never = {.second = INT64_MIN};
    assert(seconds > 0);
    *reorder = (struct reorder){.seconds = seconds, .latest = never, .last = never, .taken = never};
}

void reorder_free(struct reorder *reorder)
{
    for (size_t i = 0; i < reorder->count; i++)
        free(reorder->heap[i]);
    free(reorder->heap);
}

void reorder_add(struct reorder *reorder, const struct timed_line *line)
{
    struct moment moment = {line->second, line->nanoseconds};
    if (!line->own && line->second == reorder->last.second)
        moment = reorder->last;
    struct held_line *held = mem_alloc(sizeof(*held) + line->text.len);
    *held = (struct held_line){
        .second = moment.second,
        .nanoseconds = moment.nanoseconds,
        .number = reorder->added++,
        .time_at = line->time.len > 0 ? (uint32_t)(line->time.ptr - line->text.ptr) : 0,
        .time_len = (uint32_t)line->time.len,
        .own = line->own,
        .back = line->own && compare_to(&moment, &reorder->latest) < 0,
        .len = line->text.len,
    };
    memcpy(held->text, line->text.ptr, line->text.len);
    MEM_GROW(reorder->heap, reorder->count, reorder->room, 64);
    reorder->heap[reorder->count] = held;
    rise(reorder, reorder->count++);
    reorder->last = moment;
    if (compare_to(&moment, &reorder->latest) > 0)
        reorder->latest = moment;
}

bool reorder_ready(const struct reorder *reorder)
{
    if (reorder->count == 0 || reorder->ended)
        return reorder->count > 0;
    const struct held_line *next = reorder->heap[0];
    return compare_moments(clock_later(next->second, reorder->seconds), next->nanoseconds,
                           reorder->latest.second, reorder->latest.nanoseconds) <= 0;
}

void reorder_take(struct reorder *reorder, struct buf *text, struct timed_line *line)
{
    assert(reorder->count > 0);
    struct held_line *held = reorder->heap[0];
    struct moment moment = {held->second, held->nanoseconds};
    reorder->heap[0] = reorder->heap[--reorder->count];
    if (reorder->count > 1)
        sink(reorder);
    buf_clear(text);
    buf_add(text, bytes_make(held->text, held->len));
    line->text = buf_bytes(text);
    line->time = bytes_slice(line->text, held->time_at, held->time_at + held->time_len);
    line->second = held->second;
    line->nanoseconds = held->nanoseconds;
    line->own = held->own;
    bool late = compare_to(&moment, &reorder->taken) < 0;
    reorder->moved += held->back && !late;
    if (!late)
        reorder->taken = moment;
    free(held);
}
