/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A timer wheel in whole seconds.
 *
 * A timer is embedded in what it times.  wheel_turn sets aside what is due, and wheel_pop hands
 * that out by second, and within one second in the order of arming.  What is armed meanwhile waits
 * for the next turn, even if it is already due.  Arming, disarming and popping cost the same for
 * one timer and for a million.  A clock that jumps back fires nothing before its time; a clock that
 * jumps ahead hands out all that became due, in order.
 */
#ifndef SECANT_BASE_WHEEL_H
#define SECANT_BASE_WHEEL_H

#include <stdbool.h>
#include <stdint.h>

struct timer {
    struct timer *next, *prev; /* NULL: not armed */
    int64_t due;               /* seconds since the epoch */
    uint64_t armed : 63;       /* how often its wheel had armed a timer before */
    uint64_t set_aside : 1;    /* by wheel_turn, to be handed out */
};

struct wheel; /* four levels of 256 slots and a list for what lies after them */

struct wheel *wheel_new(int64_t now);
void wheel_free(struct wheel *wheel); /* the timers still belong to the callers */
/* Arms a timer, or re-arms one that is armed; one that is set aside keeps its place if it is still
 * due. */
void wheel_arm(struct wheel *wheel, struct timer *timer, int64_t due);
void wheel_disarm(struct wheel *wheel, struct timer *timer); /* does nothing if it is not armed */
/* Sets aside the timers with due <= now. */
void wheel_turn(struct wheel *wheel, int64_t now);
/* Disarms and returns the first timer that is set aside and still armed; NULL if there is none
 * left. */
struct timer *wheel_pop(struct wheel *wheel);
/* To be called after the last pop: a second before which nothing can be due (it may be too early,
 * never too late); INT64_MAX if the wheel is empty. */
int64_t wheel_next(struct wheel *wheel);

static inline bool timer_armed(const struct timer *timer)
{
    return timer->next != 0;
}

#endif
