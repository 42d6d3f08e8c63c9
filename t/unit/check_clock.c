/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clocks, and the text of a second as Perl's scalar(localtime(t)) writes it. */
#include "unit.h"

#include <time.h>

#include "clock/clock.h"

START_TEST(the_event_clock_says_what_it_was_set_to)
{
    struct clock *clock = clock_event(1000);
    ck_assert_int_eq(clock_now(clock), 1000);
    clock_set(clock, 2000);
    ck_assert_int_eq(clock_now(clock), 2000);
    clock_free(clock);
}
END_TEST

START_TEST(the_event_clock_never_goes_back)
{
    struct clock *clock = clock_event(1000);
    clock_set(clock, 999);
    ck_assert_int_eq(clock_now(clock), 1000);
    clock_free(clock);
}
END_TEST

START_TEST(the_wall_clock_is_the_systems)
{
    struct clock *clock = clock_wall();
    int64_t before = time(NULL);
    int64_t now = clock_now(clock);
    ck_assert_int_ge(now, before);
    ck_assert_int_le(now, time(NULL));
    clock_free(clock);
}
END_TEST

START_TEST(texts_have_a_padded_day_and_english_names)
{
    setenv("TZ", "UTC", 1);
    ck_bytes_eq(CTIME(0), B("Thu Jan  1 00:00:00 1970"));
    ck_bytes_eq(CTIME(1762227259), B("Tue Nov  4 03:34:19 2025"));
    ck_bytes_eq(CTIME(1795491259), B("Tue Nov 24 03:34:19 2026"));
    ck_bytes_eq(CTIME(-1), B("Wed Dec 31 23:59:59 1969"));
}
END_TEST

START_TEST(each_second_has_its_own_text)
{
    setenv("TZ", "UTC", 1);
    ck_bytes_eq(CTIME(59), B("Thu Jan  1 00:00:59 1970"));
    ck_bytes_eq(CTIME(60), B("Thu Jan  1 00:01:00 1970"));
    ck_bytes_eq(CTIME(59), B("Thu Jan  1 00:00:59 1970"));
}
END_TEST

START_TEST(the_local_time_zone_and_its_summer_time_count)
{
    setenv("TZ", "EST5EDT,M3.2.0,M11.1.0", 1);
    ck_bytes_eq(CTIME(1793512799), B("Sun Nov  1 01:59:59 2026"));
    ck_bytes_eq(CTIME(1793512800), B("Sun Nov  1 01:00:00 2026"));
    ck_bytes_eq(CTIME(1793516399), B("Sun Nov  1 01:59:59 2026"));
    ck_bytes_eq(CTIME(1793516400), B("Sun Nov  1 02:00:00 2026"));
}
END_TEST

START_TEST(a_changed_time_zone_counts_at_the_next_second)
{
    setenv("TZ", "UTC", 1);
    ck_bytes_eq(CTIME(1000), B("Thu Jan  1 00:16:40 1970"));
    setenv("TZ", "XYZ-3", 1);
    ck_bytes_eq(CTIME(1001), B("Thu Jan  1 03:16:41 1970"));
    unsetenv("TZ");
    setenv("TZ", "UTC", 1);
    ck_bytes_eq(CTIME(1002), B("Thu Jan  1 00:16:42 1970"));
}
END_TEST

START_TEST(an_offset_of_odd_seconds_changes_the_minute_in_its_middle)
{
    setenv("TZ", "ABC0:00:20", 1);
    ck_bytes_eq(CTIME(70), B("Thu Jan  1 00:00:50 1970"));
    ck_bytes_eq(CTIME(79), B("Thu Jan  1 00:00:59 1970"));
    ck_bytes_eq(CTIME(80), B("Thu Jan  1 00:01:00 1970"));
    ck_bytes_eq(CTIME(69), B("Thu Jan  1 00:00:49 1970"));
}
END_TEST

START_TEST(years_may_be_long_but_not_endless)
{
    setenv("TZ", "UTC", 1);
    ck_bytes_eq(CTIME(142427922190222), B("Thu Mar  8 15:30:22 4515331"));
    ck_bytes_eq(CTIME(INT64_MAX), B(""));
    ck_bytes_eq(CTIME(INT64_MIN), B(""));
    ck_bytes_eq(CTIME(0), B("Thu Jan  1 00:00:00 1970"));
}
END_TEST

RUN_TESTS("clock", the_event_clock_says_what_it_was_set_to, the_event_clock_never_goes_back,
          the_wall_clock_is_the_systems, texts_have_a_padded_day_and_english_names,
          each_second_has_its_own_text, the_local_time_zone_and_its_summer_time_count,
          a_changed_time_zone_counts_at_the_next_second,
          an_offset_of_odd_seconds_changes_the_minute_in_its_middle,
          years_may_be_long_but_not_endless)
