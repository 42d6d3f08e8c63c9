/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The timer wheel: four levels of 256 slots over the four low bytes of a second's number.
 *
 * `now` is the second the wheel is at.  A timer is on the level of the highest byte in
 * which its second differs from `now`, in the slot of that byte; what differs above the four bytes
 * is in `far`, what lies before `now` in `late`.  So all timers of one second are always in
 * one list, in the order of arming, and moving `now` only ever has to spread the slot it enters.
 * What is set aside to be handed out is in `due`.
 */
#include "base/wheel.h"

#include <assert.h>

#include "base/mem.h"

enum {
    LEVELS = 4,
    SLOTS = 256, /* on each level */
    WORD_BITS = 64,
    WORDS = SLOTS / WORD_BITS,
    FAR = LEVELS * SLOTS, /* lists after those of the levels */
    LATE,
    DUE,
    LISTS,
};

struct wheel {
    int64_t now;
    uint64_t armings;    /* ever */
    int64_t none_before; /* no timer is due before it; to be found again once it has come */
    uint64_t used[LEVELS][WORDS]; /* which slots hold timers */
    struct timer lists[LISTS];    /* heads of circular lists */
};

static bool list_empty(const struct timer *head)
{
    return head->next == head;
}

static void link_before(struct timer *timer, struct timer *next)
{
    timer->next = next;
    timer->prev = next->prev;
    next->prev->next = timer;
    next->prev = timer;
}

static void unlink_timer(struct timer *timer)
{
    timer->prev->next = timer->next;
    timer->next->prev = timer->prev;
    timer->next = timer->prev = NULL;
    timer->set_aside = 0;
}

struct wheel *wheel_new(int64_t now)
{
    struct wheel *wheel = mem_zalloc(sizeof(*wheel));
    wheel->now = wheel->none_before = now;
    for (int i = 0; i < LISTS; i++)
        wheel->lists[i].next = wheel->lists[i].prev = &wheel->lists[i];
    return wheel;
}

void wheel_free(struct wheel *wheel)
{
    free(wheel);
}

static int byte_of(int64_t second, int level)
{
    return (int)((uint64_t)second >> (8 * level) & 0xff);
}

static struct timer *slot_list(struct wheel *wheel, int level, int slot)
{
    return &wheel->lists[level * SLOTS + slot];
}

/* The late are few and come nearly in order: from the end to the place is a short way. */
static void place_late(struct wheel *wheel, struct timer *timer)
{
    struct timer *head = &wheel->lists[LATE];
    struct timer *next = head;
    while (next->prev != head && next->prev->due > timer->due)
        next = next->prev;
    link_before(timer, next);
}

static void place_timer(struct wheel *wheel, struct timer *timer)
{
    if (timer->due < wheel->now) {
        place_late(wheel, timer);
        return;
    }
    uint64_t differs = (uint64_t)timer->due ^ (uint64_t)wheel->now;
    if (differs >> (8 * LEVELS)) {
        link_before(timer, &wheel->lists[FAR]);
        return;
    }
    int level = differs ? (63 - __builtin_clzll(differs)) / 8 : 0;
    int slot = byte_of(timer->due, level);
    link_before(timer, slot_list(wheel, level, slot));
    wheel->used[level][slot / WORD_BITS] |= 1ULL << (slot % WORD_BITS);
}

void wheel_arm(struct wheel *wheel, struct timer *timer, int64_t due)
{
    if (timer->set_aside && due <= wheel->now) {
        timer->due = due;
        return;
    }
    wheel_disarm(wheel, timer);
    timer->due = due;
    timer->armed = wheel->armings++ & UINT64_MAX >> 1;
    if (due < wheel->none_before)
        wheel->none_before = due;
    place_timer(wheel, timer);
}

void wheel_disarm(struct wheel *wheel, struct timer *timer)
{
    if (!timer_armed(timer))
        return;
    const struct timer *next = timer->next;
    bool last = next == timer->prev; /* then both are the list's head */
    wheel->none_before = INT64_MIN;  /* nobody knows */
    unlink_timer(timer);
    if (last && next < &wheel->lists[FAR]) {
        int list = (int)(next - wheel->lists);
        int slot = list % SLOTS;
        wheel->used[list / SLOTS][slot / WORD_BITS] &= ~(1ULL << (slot % WORD_BITS));
    }
}

/* The first used slot of a level from `slot` on, or -1. */
static int used_slot(const struct wheel *wheel, int level, int slot)
{
    if (slot >= SLOTS)
        return -1;
    int word = slot / WORD_BITS;
    uint64_t bits = wheel->used[level][word] & (~0ULL << (slot % WORD_BITS));
    while (bits == 0) {
        if (++word == WORDS)
            return -1;
        bits = wheel->used[level][word];
    }
    return word * WORD_BITS + __builtin_ctzll(bits);
}

/* The first second of a slot of the present turn of a level. */
static int64_t slot_start(const struct wheel *wheel, int level, int slot)
{
    int shift = 8 * level;
    uint64_t turn = (uint64_t)wheel->now >> shift >> 8 << 8;
    return (int64_t)((turn | (uint64_t)slot) << shift);
}

static bool level_empty(const struct wheel *wheel, int level)
{
    uint64_t bits = 0;
    for (int word = 0; word < WORDS; word++)
        bits |= wheel->used[level][word];
    return bits == 0;
}

/* The nearest used slot: its level, or LEVELS when all are empty. */
static int nearest(const struct wheel *wheel, int *slot)
{
    for (int level = 0; level < LEVELS; level++) {
        if (level_empty(wheel, level))
            continue;
        *slot = used_slot(wheel, level, byte_of(wheel->now, level) + (level > 0));
        if (*slot >= 0)
            return level;
    }
    return LEVELS;
}

/* Takes all timers off a list and places them again, in order. */
static void spread(struct wheel *wheel, struct timer *head)
{
    struct timer *timer = head->next;
    if (timer == head)
        return;
    head->prev->next = NULL;
    head->next = head->prev = head;
    while (timer) {
        struct timer *next = timer->next;
        place_timer(wheel, timer);
        timer = next;
    }
}

/* The first second of the nearest turn of 2^32 seconds in which a far timer is due. */
static int64_t far_start(const struct wheel *wheel)
{
    const struct timer *head = &wheel->lists[FAR];
    int64_t first = INT64_MAX;
    for (const struct timer *timer = head->next; timer != head; timer = timer->next)
        first = timer->due < first ? timer->due : first;
    return (int64_t)((uint64_t)first >> (8 * LEVELS) << (8 * LEVELS));
}

/* Moves to the nearest timers and spreads the slot they are in; false when that lies after
 * `now`, the wheel is then at `now`. */
static bool advance(struct wheel *wheel, int64_t now)
{
    int slot = 0;
    int level = nearest(wheel, &slot);
    bool any = level < LEVELS || !list_empty(&wheel->lists[FAR]);
    int64_t start = level < LEVELS ? slot_start(wheel, level, slot) : far_start(wheel);
    if (!any || start > now) {
        wheel->now = now;
        return false;
    }
    wheel->now = start;
    if (level == LEVELS) {
        spread(wheel, &wheel->lists[FAR]);
    } else if (level > 0) {
        wheel->used[level][slot / WORD_BITS] &= ~(1ULL << (slot % WORD_BITS));
        spread(wheel, slot_list(wheel, level, slot));
    }
    return true;
}

/* The clock went back: all timers are placed again. */
static void turn_back(struct wheel *wheel, int64_t now)
{
    struct timer all = {.next = &all, .prev = &all};
    for (int i = 0; i < LISTS; i++) {
        struct timer *head = &wheel->lists[i];
        while (!list_empty(head)) {
            struct timer *timer = head->next;
            unlink_timer(timer);
            link_before(timer, &all);
        }
    }
    for (int level = 0; level < LEVELS; level++) {
        for (int word = 0; word < WORDS; word++)
            wheel->used[level][word] = 0;
    }
    wheel->now = now;
    spread(wheel, &all);
}

/* The first timer that is due, in its list; NULL when there is none. */
static struct timer *first_due(struct wheel *wheel, int64_t now)
{
    struct timer *head = &wheel->lists[LATE];
    while (list_empty(head)) {
        struct timer *present = slot_list(wheel, 0, byte_of(wheel->now, 0));
        if (!list_empty(present))
            head = present;
        else if (!advance(wheel, now))
            return NULL;
    }
    return head->next;
}

void wheel_turn(struct wheel *wheel, int64_t now)
{
    struct timer *timer;
    if (now < wheel->now)
        turn_back(wheel, now);
    while ((timer = first_due(wheel, now))) {
        wheel_disarm(wheel, timer);
        link_before(timer, &wheel->lists[DUE]);
        timer->set_aside = 1;
    }
}

struct timer *wheel_pop(struct wheel *wheel)
{
    struct timer *head = &wheel->lists[DUE], *timer = head->next;
    if (timer == head)
        return NULL;
    unlink_timer(timer);
    return timer;
}

static int64_t find_next(const struct wheel *wheel)
{
    if (!list_empty(&wheel->lists[LATE]))
        return wheel->lists[LATE].next->due;
    int slot = 0;
    int level = nearest(wheel, &slot);
    if (level < LEVELS)
        return slot_start(wheel, level, slot);
    if (list_empty(&wheel->lists[FAR]))
        return INT64_MAX;
    return (int64_t)((((uint64_t)wheel->now >> (8 * LEVELS)) + 1) << (8 * LEVELS));
}

int64_t wheel_next(struct wheel *wheel)
{
    assert(list_empty(&wheel->lists[DUE]));
    if (wheel->none_before <= wheel->now)
        wheel->none_before = find_next(wheel);
    return wheel->none_before;
}
