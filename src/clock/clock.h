/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only place that reads the time of day that rules see.
 *
 * Time is whole seconds since the epoch, as upstream counts it.  A wall clock reads the system's
 * clock.  An event clock says what it was last set to, so that tests of whole days run at once,
 * with every window exact.  A stepping clock reads the system's clock only in clock_step, and says
 * the same until the next step, so that whatever is done between two steps can be done again; while
 * it is held, it is an event clock.  Intervals below a second belong to the loop (io/loop.h).
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
/* As clock_now, but a stepping clock reads the system's clock first, unless it is held. */
int64_t clock_step(struct clock *clock);
/* Makes a stepping clock an event clock from now on, at this second, which may be earlier than its
 * own. */
void clock_hold(struct clock *clock, int64_t now);
/* Makes a held clock step again: it follows the system's from the next step on. */
void clock_release(struct clock *clock);
/* Returns second + seconds.  If that overflows: INT64_MAX, or INT64_MIN if seconds is negative. */
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
/* Seconds that are read from files must not be further away from 1970 than this: calendars still
 * know them, and sums with them do not overflow. */
#define CLOCK_LAST ((int64_t)1 << 53)
static inline bool clock_knows(int64_t second)
{
    return second >= -CLOCK_LAST && second <= CLOCK_LAST;
}
/* Milliseconds until the second begins, from 1 to INT_MAX.  For an event clock, which does not get
 * there by waiting: 1 if the second has come, else INT_MAX. */
int clock_milliseconds_until(const struct clock *clock, int64_t second);
/* For an event clock only.  It never goes back: an earlier second is ignored. */
void clock_set(struct clock *clock, int64_t now);
/* "Tue Nov 24 03:34:19 2026": C locale, local time zone, as Perl's scalar(localtime(t)).  Written
 * to `out`; empty for a time that has no such text. */
struct bytes clock_text(int64_t t, char out[40]);
#define CTIME(t) clock_text((int64_t)(t), (char[40]){0})

#endif
