/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only place that reads the time of day that rules see.
 *
 * Time is whole seconds since the epoch, as upstream counts it.  A wall clock reads the system's
 * clock; an event clock says what it was last set to, so that tests of days run at once with every
 * window exact.  A stepping clock reads the system's clock where it is told to, and says the same
 * until it is told again, so that whatever is done between two steps can be done again; it can be
 * held, and is an event clock then.  Intervals below a second are the loop's (io/loop.h).
 */
#ifndef SECANT_CLOCK_CLOCK_H
#define SECANT_CLOCK_CLOCK_H

#include <stdint.h>

#include "base/bytes.h"

struct clock;

struct clock *clock_wall(void);
struct clock *clock_event(int64_t start);
struct clock *clock_stepping(void);
void clock_free(struct clock *clock);
bool clock_is_event(const struct clock *clock);
int64_t clock_now(const struct clock *clock);
/* The same, and a stepping clock looks what time it is. */
int64_t clock_step(struct clock *clock);
/* A stepping clock is an event clock from now on, at this second, which may be earlier. */
void clock_hold(struct clock *clock, int64_t now);
/* It steps again. */
void clock_release(struct clock *clock);
/* The second so many seconds later; beyond all time it is the last one that there is (with
 * less than none, the first). */
static inline int64_t clock_later(int64_t second, int64_t seconds)
{
    int64_t later;
    if (!__builtin_add_overflow(second, seconds, &later))
        return later;
    return seconds < 0 ? INT64_MIN : INT64_MAX;
}
static inline int64_t clock_sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}
/* No second that a file says is further away from 1970: calendars know it, and sums with it stay
 * numbers. */
#define CLOCK_LAST ((int64_t)1 << 53)
static inline bool clock_knows(int64_t second)
{
    return second >= -CLOCK_LAST && second <= CLOCK_LAST;
}
/* Milliseconds until the second begins, from 1 to INT_MAX; an event clock does not get there by
 * waiting: INT_MAX. */
int clock_milliseconds_until(const struct clock *clock, int64_t second);
/* Event clock only; it never goes back. */
void clock_set(struct clock *clock, int64_t now);
/* "Tue Nov 24 03:34:19 2026": C locale, local time zone, as Perl's scalar(localtime(t)); a time
 * that has no such text gives "" . */
struct bytes clock_text(int64_t t, char out[40]);
#define CTIME(t) clock_text((int64_t)(t), (char[40]){0})

#endif
