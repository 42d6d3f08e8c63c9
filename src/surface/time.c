/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Code in rules under an event clock sees the engine's time, and when it pauses, that time advances
 * as the machine's would. */
#include <math.h>

#include "perl/time.h"
#include "surface/area.h"

/* One for the process, as the interpreter is. */
static struct {
    bool expected;
    struct clock *clock; /* NULL: no engine with an event clock is there */
    int64_t last;        /* what it said */
    double fraction;     /* of a second, slept in that */
    int64_t slept;       /* that second */
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
    /* Each second begins anew: what comes in it comes at its start. */
    int64_t now = clock_now(told.clock);
    double slept = (told.slept == now ? told.fraction : 0) + seconds;
    double whole = floor(slept);
    told.fraction = slept - whole;
    if (whole < 1e9) /* nobody waits for more */
        clock_set(told.clock, clock_later(now, (int64_t)whole));
    told.slept = clock_now(told.clock);
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

void surface_clock_changed(struct engine *engine)
{
    struct clock *clock = engine->clock;
    if (!told.expected)
        return;
    told.fraction = 0;
    told.clock = clock_is_event(clock) ? clock : NULL;
    perl_on_time(told.clock ? &source : NULL);
}

void time_start(const struct surface *surface)
{
    surface_clock_changed(surface->engine);
}

void time_stop(const struct surface *surface)
{
    (void)surface;
    (void)told_now(NULL);
    told.clock = NULL;
}
