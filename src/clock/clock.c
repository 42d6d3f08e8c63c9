/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clocks and the text of a second.
 *
 * The wall clock is the system's; the event clock is a number that only grows; the stepping clock
 * is a number that follows the system's.
 */
#include "clock/clock.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <time.h>

#include "base/mem.h"

struct clock {
    bool kept;  /* it says `now` */
    bool steps; /* which follows the system's clock */
    int64_t now;
};

struct clock *clock_wall(void)
{
    return mem_zalloc(sizeof(struct clock));
}

struct clock *clock_event(int64_t start)
{
    struct clock *clock = mem_alloc(sizeof(*clock));
    *clock = (struct clock){true, false, start};
    return clock;
}

struct clock *clock_stepping(void)
{
    struct clock *clock = mem_alloc(sizeof(*clock));
    *clock = (struct clock){true, true, (int64_t)time(NULL)};
    return clock;
}

void clock_free(struct clock *clock)
{
    free(clock);
}

bool clock_is_event(const struct clock *clock)
{
    return clock->kept && !clock->steps;
}

int64_t clock_now(const struct clock *clock)
{
    return clock->kept ? clock->now : (int64_t)time(NULL);
}

int64_t clock_step(struct clock *clock)
{
    if (clock->steps)
        clock->now = (int64_t)time(NULL);
    return clock_now(clock);
}

void clock_hold(struct clock *clock, int64_t now)
{
    assert(clock->kept);
    clock->steps = false;
    clock->now = now;
}

void clock_release(struct clock *clock)
{
    assert(clock->kept);
    clock->steps = true;
}

int clock_milliseconds_until(const struct clock *clock, int64_t second)
{
    struct timespec now;
    if (clock_is_event(clock))
        return clock->now >= second ? 1 : INT_MAX;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t seconds = second - now.tv_sec;
    if (seconds <= 0)
        return 1;
    if (seconds > INT_MAX / 1000)
        return INT_MAX;
    /* One more, so that the second has begun for a clock of milliseconds, too. */
    return (int)(seconds * 1000 - now.tv_nsec / 1000000 + 1);
}

void clock_set(struct clock *clock, int64_t now)
{
    if (now > clock->now)
        clock->now = now;
}

/* Not strftime: user Perl may have set another locale. */
static size_t write_text(const struct tm *tm, char out[40])
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int len =
        snprintf(out, 40, "%s %s %2d %02d:%02d:%02d %lld", days[tm->tm_wday], months[tm->tm_mon],
                 tm->tm_mday, tm->tm_hour, tm->tm_min, tm->tm_sec, (long long)tm->tm_year + 1900);
    return (size_t)len;
}

/* A pure cache: the text of a minute, from the second that was asked for to the minute's end
 * (before that second, another offset from UTC may have been in force). */
static struct {
    int64_t from, to;
    const char *zone; /* $TZ, which user Perl may set again */
    char text[40];
    size_t len;
} minute = {.to = -1};

enum { SECONDS_AT = 17 }; /* in "Tue Nov 24 03:34:19 2026" */

/* false: the second has no text. */
static bool enter_minute(int64_t t, const char *zone)
{
    struct tm tm;
    time_t seconds = (time_t)t;
    tzset(); /* looks at the system's zone again, too: one lives longer than a zone */
    if (!localtime_r(&seconds, &tm))
        return false;
    minute.from = t;
    minute.to = tm.tm_sec < 60 ? t + (59 - tm.tm_sec) : t;
    minute.zone = zone;
    minute.len = write_text(&tm, minute.text);
    return true;
}

struct bytes clock_text(int64_t t, char out[40])
{
    const char *zone = getenv("TZ");
    bool known = t >= minute.from && t <= minute.to && zone == minute.zone;
    if (!known && !enter_minute(t, zone))
        return bytes_make(out, 0);
    memcpy(out, minute.text, minute.len);
    /* The text shows the second that was asked for first. */
    int second =
        (out[SECONDS_AT] - '0') * 10 + (out[SECONDS_AT + 1] - '0') + (int)(t - minute.from);
    out[SECONDS_AT] = (char)('0' + second / 10);
    out[SECONDS_AT + 1] = (char)('0' + second % 10);
    return bytes_make(out, minute.len);
}
