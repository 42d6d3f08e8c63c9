/* Clocks and the text of a second.
 *
 * The wall clock is the system's; the event clock is a number that only grows.
 */
#include "clock/clock.h"

#include <stdio.h>
#include <time.h>

#include "base/mem.h"

struct clock {
    bool event;
    int64_t now; /* event clock */
};

struct clock *clock_wall(void)
{
    return mem_zalloc(sizeof(struct clock));
}

struct clock *clock_event(int64_t start)
{
    struct clock *clock = mem_alloc(sizeof(*clock));
    *clock = (struct clock){true, start};
    return clock;
}

void clock_free(struct clock *clock)
{
    free(clock);
}

int64_t clock_now(const struct clock *clock)
{
    return clock->event ? clock->now : (int64_t)time(NULL);
}

void clock_set(struct clock *clock, int64_t now)
{
    if (now > clock->now)
        clock->now = now;
}

/* Not strftime: user Perl may have set another locale. */
static size_t write_text(int64_t t, char out[40])
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm tm;
    time_t seconds = (time_t)t;
    tzset(); /* user Perl may have set another $ENV{TZ} */
    if (!localtime_r(&seconds, &tm))
        return 0;
    int len = snprintf(out, 40, "%s %s %2d %02d:%02d:%02d %lld", days[tm.tm_wday], months[tm.tm_mon],
                       tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (long long)tm.tm_year + 1900);
    return (size_t)len;
}

struct bytes clock_text(int64_t t, char out[40])
{
    /* A pure cache of the last answer: most stamps are of the second of the stamp before. */
    static int64_t last;
    static char text[40];
    static size_t len;
    if (len == 0 || t != last) {
        len = write_text(t, text);
        last = t;
    }
    memcpy(out, text, len);
    return bytes_make(out, len);
}
