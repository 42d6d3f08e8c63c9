/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The schedule of a test: finds the second of each step, and checks that it can come. */
#include "clock/clock.h"
#include "clock/zone.h"
#include "prove/reading.h"

enum { DAY = 86400 };

static int64_t clock_second(const struct zone *zone, int64_t of_day, int64_t now)
{
    int64_t local = zone_local(zone, now);
    int64_t day = local - ((local % DAY) + DAY) % DAY, there = day + of_day;
    struct zone_second second = zone_second(zone, there < local ? there + DAY : there);
    /* In an hour that comes twice it may be the second time already. */
    if (second.second < now && second.times == ZONE_TWICE)
        return second.again;
    return second.second < now ? now : second.second;
}

int64_t test_time_second(const struct test *test, struct test_time time, int64_t now)
{
    struct zone_second second;
    switch (time.kind) {
    case TEST_TIME_NONE:
        break;
    case TEST_TIME_AFTER:
        return clock_later(now, time.seconds);
    case TEST_TIME_CLOCK:
        return clock_second(test->clock, time.seconds, now);
    case TEST_TIME_DATE:
        second = zone_second(test->clock, time.seconds);
        return second.times == ZONE_TWICE && second.second < now ? second.again : second.second;
    }
    return now;
}

int64_t test_start_second(const struct test *test)
{
    return zone_second(test->clock, test->start).second;
}

struct schedule {
    struct reader *reader;
    const struct test *test;
    int64_t now;
    bool known; /* after lines with times of their own nobody knows what time it is */
    bool stopped;
    bool expects;
};

/* Nobody writes 08:04 after 08:05 and means the next day; 07:00 after 22:00 is the next morning. */
enum { SLEEP = 6 * 3600 };

static void check_time(struct schedule *schedule, const struct test_step *step,
                       struct test_time time)
{
    struct reader *reader = schedule->reader;
    int64_t then = test_time_second(schedule->test, time, schedule->now);
    if (time.kind == TEST_TIME_DATE &&
        zone_second(schedule->test->clock, time.seconds).times == ZONE_SKIPPED)
        FAULT_AT(reader, step->place, NO_HINT, B("this time does not exist in "),
                 schedule->test->zone, B(": clocks go forward then"));
    else if (schedule->known && then < schedule->now)
        FAULT_AT(reader, step->place, NO_HINT, B("time goes back: this is before the step above"));
    else if (schedule->known && time.kind == TEST_TIME_CLOCK && then - schedule->now > DAY - SLEEP)
        FAULT_AT(reader, step->place, B("for the next day, write a date"),
                 B("time goes back: it is already later"));
}

static bool moves(enum test_step_kind kind)
{
    return kind != TEST_STEP_EXPECT && kind != TEST_STEP_NOTHING && kind != TEST_STEP_SNAPSHOT;
}

static void check_step(struct schedule *schedule, const struct test_step *step)
{
    check_time(schedule, step, step->time);
    int64_t then = test_time_second(schedule->test, step->time, schedule->now);
    schedule->known = (schedule->known || step->time.kind == TEST_TIME_DATE) && !step->own_time;
    schedule->now =
        clock_later(then > schedule->now ? then : schedule->now, step->every * (step->times - 1));
    if (step->kind == TEST_STEP_EXPECT) {
        check_time(schedule, step, step->expect.until);
        check_time(schedule, step, step->expect.ends);
    }
    if (schedule->stopped && moves(step->kind))
        FAULT_AT(schedule->reader, step->place, NO_HINT,
                 B("'stop' ended the program: this step cannot run"));
    schedule->stopped |= step->kind == TEST_STEP_STOP;
    schedule->expects |= !moves(step->kind) && !step->given;
}

static void check_input(struct schedule *schedule, const struct test_step *step)
{
    const struct test *test = schedule->test;
    for (size_t i = 0; i < test->input_count; i++)
        if (step->input.len == 0 || bytes_eq(test->inputs[i].name, step->input))
            return;
    FAULT_AT(schedule->reader, step->place, NO_HINT, B("the test's own 'input:' leaves out '"),
             step->input, B("'"));
}

void schedule_check(struct reader *reader, const struct test *test, bool whole)
{
    struct schedule schedule = {
        .reader = reader, .test = test, .now = test_start_second(test), .known = true};
    for (size_t i = 0; i < test->step_count; i++) {
        check_step(&schedule, &test->steps[i]);
        check_input(&schedule, &test->steps[i]);
    }
    if (!schedule.expects && whole)
        FAULT_AT(reader, test->place,
                 B("'expect ...' says what the rules do, 'not ...' what they must not do"),
                 B("this test has no expectations"));
}
