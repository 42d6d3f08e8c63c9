/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Code in rules under an event clock: it sees the engine's time, and when it pauses that time moves
 * on, as the machine's would. */
#include <math.h>

#include "perl/time.h"
#include "surface/area.h"

/* One for the process, as the interpreter is. */
static struct {
    bool expected;
    struct clock *clock; /* NULL: no engine with an event clock is there */
    int64_t last;        /* what it said */
    double fraction;     /* of a second, slept so far */
} told;

static int64_t told_now(void *arg)
{
    (void)arg;
    if (told.clock)
        told.last = clock_now(told.clock);
    return told.last;
}

static void told_pause(void *arg, double seconds)
{
    (void)arg;
    if (!told.clock || isinf(seconds))
        return;
    told.fraction += seconds;
    double whole = floor(told.fraction);
    told.fraction -= whole;
    if (whole < 1e9) /* nobody waits for more */
        clock_set(told.clock, clock_later(clock_now(told.clock), (int64_t)whole));
}

static void told_alarm(void *arg, double seconds)
{
    (void)arg, (void)seconds; /* none comes: see perl/time.h */
}

static const struct perl_time source = {told_now, told_pause, told_alarm, NULL};

void surface_expect_event_clock(int64_t start)
{
    told.expected = true;
    told.last = start;
    perl_on_time(&source);
}

void time_start(const struct surface *surface)
{
    struct clock *clock = surface->engine->clock;
    if (!told.expected)
        return;
    told.fraction = 0;
    told.clock = clock_is_event(clock) ? clock : NULL;
    perl_on_time(told.clock ? &source : NULL);
}

void time_stop(const struct surface *surface)
{
    (void)surface;
    (void)told_now(NULL);
    told.clock = NULL;
}
