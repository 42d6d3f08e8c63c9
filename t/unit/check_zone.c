/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Zones, the hours that their clocks repeat or leave out, and the calendar. */
#include "timestamps.h"

#include <unistd.h>

#include "base/mem.h"

/* A machine without tzdata knows no names. */
START_TEST(a_named_zone_has_its_summer_time)
{
    bool named = access("/usr/share/zoneinfo/Europe/Berlin", R_OK) == 0;
    begin_year(named ? "Europe/Berlin" : BERLIN, "2026");
    ck_assert_int_eq(at("Nov 27 11:20:30 host a: x"), NOON);
    ck_assert_int_eq(at("Jul  1 12:00:00 host a: x"), utc(2026, 7, 1, 10, 0, 0));
    ck_assert_int_eq(at("2026-11-27 11:20:30 CET x"), NOON);
    ck_assert_uint_eq(counts()->assumed_zone, 2);
    end();
}
END_TEST

START_TEST(in_the_hour_that_comes_twice_time_goes_on)
{
    begin(BERLIN);
    ck_assert_int_eq(at("2026-10-25 01:59:59 x"), utc(2026, 10, 24, 23, 59, 59));
    ck_assert_int_eq(at("2026-10-25 02:10:00 x"), utc(2026, 10, 25, 0, 10, 0));
    ck_assert_uint_ne(stamp.flags & TIMESTAMP_TWICE, 0);
    ck_assert_int_eq(at("2026-10-25 02:59:59 x"), utc(2026, 10, 25, 0, 59, 59));
    ck_assert_int_eq(at("2026-10-25 02:58:00 x"), utc(2026, 10, 25, 0, 58, 0));
    ck_assert_int_eq(at("2026-10-25 02:00:03 x"), utc(2026, 10, 25, 1, 0, 3));
    ck_assert_int_eq(at("2026-10-25 02:20:00 x"), utc(2026, 10, 25, 1, 20, 0));
    ck_assert_int_eq(at("2026-10-25 02:59:59 x"), utc(2026, 10, 25, 1, 59, 59));
    ck_assert_int_eq(at("2026-10-25 03:00:00 x"), utc(2026, 10, 25, 2, 0, 0));
    ck_assert_uint_eq(counts()->twice, 6);
    end();
}
END_TEST

START_TEST(an_abbreviation_tells_the_hours_apart)
{
    begin(BERLIN);
    ck_assert_int_eq(at("2026-10-25 02:10:00 CEST x"), utc(2026, 10, 25, 0, 10, 0));
    ck_assert_int_eq(at("2026-10-25 02:10:00 CET x"), utc(2026, 10, 25, 1, 10, 0));
    ck_assert_uint_eq(counts()->twice, 0);
    end();
}
END_TEST

START_TEST(in_the_hour_left_out_the_clock_was_not_set)
{
    begin(BERLIN);
    ck_assert_int_eq(at("2026-03-29 02:30:00 x"), utc(2026, 3, 29, 1, 30, 0));
    ck_assert_uint_ne(stamp.flags & TIMESTAMP_SKIPPED, 0);
    ck_assert_int_eq(at("2026-03-29 03:30:00 x"), utc(2026, 3, 29, 1, 30, 0));
    ck_assert_uint_eq(counts()->skipped, 1);
    end();
}
END_TEST

/* Berlin, New York, Sydney, Lord Howe, where it is half an hour. */
START_TEST(clocks_are_set_north_and_south_and_by_half_an_hour)
{
    /* clang-format off */
    const struct {
        const char *zone, *twice; int64_t first, again;
        const char *skipped; int64_t instead;
    } cases[] = {
        {BERLIN, "2026-10-25 02:30:00 x", utc(2026, 10, 25, 0, 30, 0), utc(2026, 10, 25, 1, 30, 0),
         "2027-03-28 02:30:00 x", utc(2027, 3, 28, 1, 30, 0)},
        {"EST5EDT,M3.2.0,M11.1.0", "2026-11-01 01:30:00 x", utc(2026, 11, 1, 5, 30, 0), utc(2026, 11, 1, 6, 30, 0),
         "2027-03-14 02:30:00 x", utc(2027, 3, 14, 7, 30, 0)},
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-04-05 02:30:00 x", utc(2026, 4, 4, 15, 30, 0), utc(2026, 4, 4, 16, 30, 0),
         "2026-10-04 02:30:00 x", utc(2026, 10, 3, 16, 30, 0)},
        {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-04-05 01:45:00 x", utc(2026, 4, 4, 14, 45, 0), utc(2026, 4, 4, 15, 15, 0),
         "2026-10-04 02:15:00 x", utc(2026, 10, 3, 15, 45, 0)},
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        begin(cases[i].zone);
        ck_assert_msg(at(cases[i].twice) == cases[i].first, "%s in %s: %lld", cases[i].twice,
                      cases[i].zone, (long long)stamp.second);
        ck_assert_uint_ne(stamp.flags & TIMESTAMP_TWICE, 0);
        end();
        begin(cases[i].zone);
        char reached[40];
        snprintf(reached, sizeof(reached), "%lld x", (long long)cases[i].again - 60);
        at(reached);
        ck_assert_msg(at(cases[i].twice) == cases[i].again, "%s in %s, again: %lld", cases[i].twice,
                      cases[i].zone, (long long)stamp.second);
        ck_assert_msg(at(cases[i].skipped) == cases[i].instead, "%s in %s: %lld", cases[i].skipped,
                      cases[i].zone, (long long)stamp.second);
        ck_assert_uint_ne(stamp.flags & TIMESTAMP_SKIPPED, 0);
        end();
    }
}
END_TEST

/* Moscow was at +04:00 from 2011 to 2014, called MSK as before and after; Apia had no 30 December
 * 2011; Pyongyang was at +08:30 from 2015 to 2018. */
START_TEST(zones_have_a_history)
{
    /* clang-format off */
    const struct { const char *zone, *line; int64_t second; } cases[] = {
        {"Europe/Moscow", "2010-12-01 12:00:00 x", utc(2010, 12, 1, 9, 0, 0)},
        {"Europe/Moscow", "2012-12-01 12:00:00 x", utc(2012, 12, 1, 8, 0, 0)},
        {"Europe/Moscow", "2012-07-01 12:00:00 MSK x", utc(2012, 7, 1, 8, 0, 0)},
        {"Europe/Moscow", "2016-07-01 12:00:00 MSK x", utc(2016, 7, 1, 9, 0, 0)},
        {"Pacific/Apia", "2011-12-29 12:00:00 x", utc(2011, 12, 29, 22, 0, 0)},
        {"Pacific/Apia", "2011-12-31 12:00:00 x", utc(2011, 12, 30, 22, 0, 0)},
        {"Asia/Pyongyang", "2017-05-01 12:00:00 x", utc(2017, 5, 1, 3, 30, 0)},
        {"Asia/Pyongyang", "2019-05-01 12:00:00 KST x", utc(2019, 5, 1, 3, 0, 0)},
        {"America/Sao_Paulo", "2018-12-01 12:00:00 x", utc(2018, 12, 1, 14, 0, 0)},
        {"America/Sao_Paulo", "2019-12-01 12:00:00 x", utc(2019, 12, 1, 15, 0, 0)},
        {"America/Caracas", "2010-06-01 12:00:00 x", utc(2010, 6, 1, 16, 30, 0)},
        {"America/New_York", "2006-03-20 12:00:00 x", utc(2006, 3, 20, 17, 0, 0)},
        {"America/New_York", "2007-03-20 12:00:00 x", utc(2007, 3, 20, 16, 0, 0)},
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        if (!has_zone(cases[i].zone)) {
            skip_test("no time zones are installed");
            return;
        }
        begin(cases[i].zone);
        ck_assert_msg(at(cases[i].line) == cases[i].second, "%s in %s: %lld", cases[i].line,
                      cases[i].zone, (long long)stamp.second);
        end();
    }
}
END_TEST

START_TEST(posix_texts_are_checked)
{
    static const char *const good[] = {"EST5",
                                       "EST+5EDT",
                                       "CET-1CEST,M3.5.0,M10.5.0/3",
                                       "<+0330>-3:30",
                                       "AAA-2:30:15BBB3,J60/-1,300/+25",
                                       "EST5EDT4,0/0,J365/167:59:59"};
    static const char *const bad[] = {"ES5",
                                      "XST",
                                      "EST99",
                                      "CET-1CEST,Q",
                                      "<+03-3",
                                      "CET-1CEST,M3.5.0",
                                      "EST5EDT,M13.1.0,M10.5.0",
                                      "EST5EDT,M3.6.0,M10.5.0",
                                      "EST5EDT,M3.5.7,M10.5.0",
                                      "EST5EDT,J0,J60",
                                      "CET-1CEST,M3.5.0,M10.5.0x",
                                      "CET-1:60"};
    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
        struct zone *zone = zone_load(good[i], NULL);
        ck_assert_msg(zone != NULL, "%s", good[i]);
        zone_free(zone);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct buf why = {0};
        ck_assert_msg(!zone_load(bad[i], &why), "%s", bad[i]);
        ck_assert(bytes_starts(buf_bytes(&why), B("neither a zone")));
        buf_free(&why);
    }
}
END_TEST

START_TEST(the_zone_of_the_process_stays)
{
    setenv("TZ", "XYZ-3", 1);
    tzset();
    begin("EST5EDT,M3.2.0,M11.1.0");
    ck_assert_int_eq(at("2026-11-27 05:20:30 x"), NOON);
    ck_bytes_eq(time_options_zone_name(options), B("EST5EDT,M3.2.0,M11.1.0"));
    time_t zero = 0;
    ck_assert_int_eq(localtime(&zero)->tm_hour, 3);
    end();
}
END_TEST

START_TEST(the_systems_zone_is_the_default)
{
    setenv("TZ", "XYZ-3", 1);
    options = time_options_new();
    reader = time_reader_new(options);
    ck_assert_int_eq(at("2026-11-27 13:20:30 x"), NOON);
    ck_bytes_eq(time_options_zone_name(options), B("XYZ-3"));
    end();
}
END_TEST

/* One has half an hour of summer time, one is set forward in October. */
START_TEST(zones_are_the_c_librarys)
{
    static const char *const zones[] = {BERLIN, "EST5EDT,M3.2.0,M11.1.0",
                                        "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "UTC0", "XYZ-14"};
    uint64_t state = 1;
    for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++) {
        struct buf why = {0};
        struct zone *zone = zone_load(zones[i], &why);
        ck_assert_ptr_nonnull(zone);
        setenv("TZ", zones[i], 1);
        tzset();
        for (int round = 0; round < 20000; round++) {
            time_t second = (time_t)next_number(&state, 2000000000) + (time_t)(round % 2 * DAY);
            struct tm tm;
            localtime_r(&second, &tm);
            int64_t local = zone_local(zone, second);
            struct zone_second found = zone_second(zone, local);
            ck_assert_int_eq(local, second + tm.tm_gmtoff);
            ck_assert(found.times != ZONE_SKIPPED);
            ck_assert(found.second == second || found.again == second);
        }
        zone_free(zone);
        buf_free(&why);
    }
}
END_TEST

START_TEST(zones_by_offset)
{
    begin("+01:30");
    ck_assert_int_eq(at("2026-11-27 11:50:30 x"), NOON);
    end();
    begin("-0500");
    ck_assert_int_eq(at("2026-11-27 05:20:30 x"), NOON);
    end();
}
END_TEST

START_TEST(a_zone_is_entered)
{
    static const char *const zones[][2] = {
        {"+01:30", "+0130"}, {"-0500", "-0500"}, {"Z", "UTC"}, {"utc", "UTC"}, {BERLIN, "CET"}};
    for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++) {
        struct buf why = {0};
        struct zone *zone = zone_load(zones[i][0], &why);
        time_t noon = (time_t)NOON;
        struct tm tm;
        setenv("TZ", "XYZ-3", 1);
        zone_enter(zone);
        localtime_r(&noon, &tm);
        ck_assert_int_eq(tm.tm_gmtoff, zone_local(zone, NOON) - NOON);
        ck_assert_str_eq(tm.tm_zone, zones[i][1]);
        zone_free(zone);
        buf_free(&why);
    }
}
END_TEST

START_TEST(the_calendar_of_all_days)
{
    int64_t day = days_of_date(1968, 1, 1);
    for (int64_t year = 1968; year < 2110; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int of_month = 1; of_month <= days_in_month(year, month); of_month++, day++) {
                ck_assert_int_eq(days_of_date(year, month, of_month), day);
                ck_assert_int_eq(year_of_days(day), year);
            }
        }
    }
    ck_assert_int_eq(weekday_of_days(days_of_date(2026, 11, 27)), 5);
}
END_TEST

RUN_TESTS("zone", a_named_zone_has_its_summer_time, in_the_hour_that_comes_twice_time_goes_on,
          an_abbreviation_tells_the_hours_apart, clocks_are_set_north_and_south_and_by_half_an_hour,
          zones_have_a_history, posix_texts_are_checked, in_the_hour_left_out_the_clock_was_not_set,
          the_zone_of_the_process_stays, the_systems_zone_is_the_default, zones_are_the_c_librarys,
          zones_by_offset, a_zone_is_entered, the_calendar_of_all_days)
