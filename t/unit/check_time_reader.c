/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What lines leave open about their time: the year, the order of day and month, the date, and whether
 * a leap is one. */
#include "timestamps.h"

#include <unistd.h>

/* -- The year -- */

START_TEST(a_file_ends_when_it_was_last_written)
{
    begin("UTC");
    settle(utc(2026, 1, 2, 9, 0, 0), "Dec 30 08:00:00 host a: x", "Dec 31 08:00:00 host a: x",
           "Jan  1 08:00:00 host a: x", "Jan  2 08:00:00 host a: x");
    ck_assert_int_eq(at("Dec 30 08:00:00 host a: x"), utc(2025, 12, 30, 8, 0, 0));
    ck_assert_int_eq(at("Dec 31 08:00:00 host a: x"), utc(2025, 12, 31, 8, 0, 0));
    ck_assert_int_eq(at("Jan  1 08:00:00 host a: x"), utc(2026, 1, 1, 8, 0, 0));
    ck_assert_int_eq(at("Jan  2 08:00:00 host a: x"), utc(2026, 1, 2, 8, 0, 0));
    ck_assert_uint_eq(counts()->new_years, 1);
    int year;
    enum time_year_source source;
    ck_assert(time_reader_year(reader, &year, &source));
    ck_assert_int_eq(year, 2025);
    ck_assert_int_eq(source, YEAR_OF_MTIME);
    end();
}
END_TEST

START_TEST(a_file_written_in_january_may_end_in_december)
{
    begin("UTC");
    settle(utc(2026, 1, 5, 9, 0, 0), "Dec 30 08:00:00 host a: x");
    ck_assert_int_eq(at("Dec 30 08:00:00 host a: x"), utc(2025, 12, 30, 8, 0, 0));
    end();
}
END_TEST

/* Clocks and zones differ: a last line some hours later than its file is of the same year. */
START_TEST(a_line_may_be_some_hours_later_than_its_file)
{
    begin("UTC");
    settle(utc(2025, 12, 31, 23, 0, 0), "Jan  1 05:00:00 host a: x");
    ck_assert_int_eq(at("Jan  1 05:00:00 host a: x"), utc(2026, 1, 1, 5, 0, 0));
    end();
}
END_TEST

START_TEST(a_log_of_several_years_counts_them)
{
    begin("UTC");
    for (int year = 0; year < 3; year++) {
        survey("Mar  1 08:00:00 host a: x");
        survey("Jul  1 08:00:00 host a: x");
        survey("Nov  1 08:00:00 host a: x");
    }
    time_reader_survey_end(reader, utc(2026, 11, 2, 9, 0, 0));
    ck_assert(time_reader_settle(reader));
    for (int year = 2024; year <= 2026; year++) {
        ck_assert_int_eq(at("Mar  1 08:00:00 host a: x"), utc(year, 3, 1, 8, 0, 0));
        ck_assert_int_eq(at("Jul  1 08:00:00 host a: x"), utc(year, 7, 1, 8, 0, 0));
        ck_assert_int_eq(at("Nov  1 08:00:00 host a: x"), utc(year, 11, 1, 8, 0, 0));
    }
    end();
}
END_TEST

/* A rotated set; the older files were copied later, as shows from the mtime of the last one. */
START_TEST(the_file_that_was_written_first_tells_the_most)
{
    begin("UTC");
    survey("Nov 30 08:00:00 host a: x");
    time_reader_survey_end(reader, utc(2026, 6, 1, 0, 0, 0));
    settle(utc(2025, 2, 1, 9, 0, 0), "Feb  1 08:00:00 host a: x");
    ck_assert_int_eq(at("Nov 30 08:00:00 host a: x"), utc(2024, 11, 30, 8, 0, 0));
    ck_assert_int_eq(at("Feb  1 08:00:00 host a: x"), utc(2025, 2, 1, 8, 0, 0));
    end();
}
END_TEST

START_TEST(a_leap_day_refutes_the_year_of_the_file)
{
    begin("UTC");
    settle(utc(2026, 11, 27, 0, 0, 0), "Feb 28 08:00:00 host a: x", "Feb 29 08:00:00 host a: x");
    ck_assert_int_eq(at("Feb 28 08:00:00 host a: x"), utc(2024, 2, 28, 8, 0, 0));
    ck_assert_int_eq(at("Feb 29 08:00:00 host a: x"), utc(2024, 2, 29, 8, 0, 0));
    end();
}
END_TEST

START_TEST(a_weekday_refutes_the_year_of_the_file)
{
    begin("UTC");
    settle(utc(2026, 12, 27, 0, 0, 0), "Thu Nov 27 08:00:00 host a: x");
    ck_assert_int_eq(at("Thu Nov 27 08:00:00 host a: x"), utc(2025, 11, 27, 8, 0, 0));
    ck_assert_int_eq(at("Thu Nov 28 08:00:00 host a: x"), utc(2025, 11, 28, 8, 0, 0));
    ck_assert_uint_eq(counts()->weekdays, 1);
    end();
}
END_TEST

START_TEST(neighbours_tell_the_year)
{
    begin("UTC");
    settle(utc(2026, 12, 27, 0, 0, 0), "Dec 31 23:00:00 host a: x", "2020-01-01T00:00:05Z x",
           "Jan  1 00:00:09 host a: x");
    ck_assert_int_eq(at("Dec 31 23:00:00 host a: x"), utc(2019, 12, 31, 23, 0, 0));
    ck_assert_int_eq(at("2020-01-01T00:00:05Z x"), utc(2020, 1, 1, 0, 0, 5));
    ck_assert_int_eq(at("Jan  1 00:00:09 host a: x"), utc(2020, 1, 1, 0, 0, 9));
    end();
}
END_TEST

START_TEST(a_line_with_a_year_needs_no_survey)
{
    begin("UTC");
    at("2019-12-31T23:00:00Z x");
    at("2019-12-31T23:00:01Z x");
    ck_assert_int_eq(at("Jan  1 00:00:09 host a: x"), utc(2020, 1, 1, 0, 0, 9));
    end();
}
END_TEST

START_TEST(a_late_line_of_december_is_of_the_year_before)
{
    begin_year("UTC", "2025");
    at("Dec 31 23:59:58 host a: x");
    ck_assert_int_eq(at("Jan  1 00:00:01 host a: x"), utc(2026, 1, 1, 0, 0, 1));
    ck_assert_int_eq(at("Dec 31 23:59:59 host a: x"), utc(2025, 12, 31, 23, 59, 59));
    ck_assert_int_eq(at("Jan  1 00:00:02 host a: x"), utc(2026, 1, 1, 0, 0, 2));
    ck_assert_uint_eq(counts()->back, 1);
    ck_assert_uint_eq(counts()->new_years, 1);
    end();
}
END_TEST

/* Two machines whose lines a collector has written as they came. */
START_TEST(disorder_around_new_year_turns_it_once)
{
    static const char *const lines[] = {
        "Dec 31 23:59:57 host a: x", "Jan  1 00:00:00 host b: x", "Dec 31 23:59:58 host a: x",
        "Dec 31 23:59:59 host a: x", "Jan  1 00:00:01 host b: x", "Dec 30 08:00:00 host a: x",
        "Jan  1 00:00:02 host b: x", "Jan  1 00:00:00 host a: x", "Feb  1 00:00:00 host a: x"};
    static const int64_t seconds[] = {-3, 0, -2, -1, 1, -DAY - 16 * 3600, 2, 0, 31 * DAY};
    begin("UTC");
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
        survey(lines[i]);
    time_reader_survey_end(reader, utc(2026, 2, 1, 0, 0, 0));
    ck_assert(time_reader_settle(reader));
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
        ck_assert_msg(at(lines[i]) == utc(2026, 1, 1, 0, 0, 0) + seconds[i], "%s: %lld", lines[i],
                      (long long)stamp.second);
    ck_assert_uint_eq(counts()->new_years, 1);
    end();
}
END_TEST

/* A zone that is ahead of UTC has the year first. */
START_TEST(the_year_turns_in_the_zone_of_the_lines)
{
    begin("XYZ-10");
    settle(utc(2025, 12, 31, 14, 30, 0), "Jan  1 00:30:00 host a: x");
    ck_assert_int_eq(at("Jan  1 00:30:00 host a: x"), utc(2025, 12, 31, 14, 30, 0));
    end();
    begin("XYZ+10");
    settle(utc(2026, 1, 1, 0, 30, 0), "Dec 31 14:30:00 host a: x");
    ck_assert_int_eq(at("Dec 31 14:30:00 host a: x"), utc(2026, 1, 1, 0, 30, 0));
    end();
}
END_TEST

START_TEST(disorder_of_months_is_no_new_year)
{
    begin_year("UTC", "2026");
    at("Jun 20 08:00:00 host a: x");
    at("Jun 20 08:00:01 host a: x");
    ck_assert_int_eq(at("Feb  1 08:00:00 host a: x"), utc(2026, 2, 1, 8, 0, 0));
    ck_assert_int_eq(at("Jun 20 08:00:02 host a: x"), utc(2026, 6, 20, 8, 0, 2));
    ck_assert_uint_eq(counts()->new_years, 0);
    end();
}
END_TEST

START_TEST(a_clock_that_begins_anew_turns_no_year)
{
    begin("UTC");
    settle(utc(2026, 11, 27, 10, 22, 30), "Nov 27 10:20:30 router a: x",
           "Jan  1 00:00:12 router a: x", "Nov 27 10:22:30 router a: x");
    at("Nov 27 10:20:30 router a: x");
    ck_assert_int_eq(at("Nov 27 10:20:31 router a: x"), NOON + 1);
    at("Jan  1 00:00:12 router a: x");
    ck_assert_uint_eq(stamp.flags, TIMESTAMP_OWN | TIMESTAMP_LEAP);
    ck_assert_int_eq(at("Nov 27 10:22:30 router a: x"), NOON + 120);
    ck_assert_uint_eq(stamp.flags, TIMESTAMP_OWN | TIMESTAMP_REFUTES);
    ck_assert_int_eq(stamp.instead, NOON + 1);
    ck_assert_uint_eq(counts()->new_years, 0);
    ck_assert_uint_eq(counts()->odd, 1);
    end();
}
END_TEST

START_TEST(an_odd_neighbour_tells_no_year)
{
    begin("UTC");
    at("2026-11-27T10:20:30Z x");
    at("2026-11-27T10:20:31Z x");
    at("Nov 27 10:20:32 host a: x");
    at("2066-11-27T10:20:32Z x");
    ck_assert_int_eq(at("Nov 27 10:20:33 host a: x"), NOON + 3);
    ck_assert_uint_eq(stamp.flags, TIMESTAMP_OWN | TIMESTAMP_REFUTES);
    end();
}
END_TEST

START_TEST(the_present_year_is_never_assumed)
{
    begin("UTC");
    ck_assert(time_reader_survey(reader, B("Nov 27 10:20:30 host a: x")));
    time_reader_survey_end(reader, INT64_MIN);
    ck_assert(!time_reader_settle(reader));
    ck_bytes_eq(time_reader_refusal(reader),
                B("its lines tell no year, and nothing else does: it has to be given, by --year\n"
                  "  Nov 27 10:20:30 host a: x"));
    at("Nov 27 10:20:30 host a: x");
    ck_assert_uint_eq(stamp.flags, TIMESTAMP_REFUSED | TIMESTAMP_NONE_YET);
    ck_assert_uint_eq(counts()->refused, 1);
    end();
}
END_TEST

START_TEST(a_year_that_is_given_holds)
{
    begin_year("UTC", "2019");
    ck_assert(!time_reader_survey(reader, B("Fri Nov 27 10:20:30 host a: x")));
    time_reader_survey_end(reader, utc(2026, 12, 27, 0, 0, 0));
    ck_assert(time_reader_settle(reader));
    ck_assert_int_eq(at("Fri Nov 27 10:20:30 host a: x"), utc(2019, 11, 27, 10, 20, 30));
    ck_assert_uint_eq(counts()->weekdays, 1);
    end();
}
END_TEST

/* -- Day or month -- */

START_TEST(one_line_tells_the_order_for_all)
{
    begin("UTC");
    ck_assert(time_reader_survey(reader, B("05/06/2026 08:00:00 x")));
    ck_assert(!time_reader_survey(reader, B("13/06/2026 08:00:00 x")));
    time_reader_survey_end(reader, INT64_MIN);
    ck_assert(time_reader_settle(reader));
    ck_assert_int_eq(at("05/06/2026 08:00:00 x"), utc(2026, 6, 5, 8, 0, 0));
    ck_assert_int_eq(at("13/06/2026 08:00:00 x"), utc(2026, 6, 13, 8, 0, 0));
    end();
}
END_TEST

START_TEST(an_order_that_nothing_tells_is_refused)
{
    begin("UTC");
    survey("x");
    survey("06/06/2026 08:00:00 x");
    survey("05/06/2026 08:00:00 x");
    time_reader_survey_end(reader, utc(2026, 11, 27, 0, 0, 0));
    ck_assert(!time_reader_settle(reader));
    ck_bytes_eq(time_reader_refusal(reader),
                B("is the day first, or the month?  --time-format tells, such as "
                  "'%d/%m/%Y %H:%M:%S'\n  05/06/2026 08:00:00 x"));
    end();
}
END_TEST

START_TEST(an_order_that_changes_is_refused)
{
    begin("UTC");
    survey("13/06/2026 08:00:00 x");
    survey("06/14/2026 08:00:00 x");
    ck_assert(!time_reader_settle(reader));
    ck_assert_int_ge(
        bytes_find(time_reader_refusal(reader), B("\n  13/06/2026 08:00:00 x\n  06/14"), 0), 0);
    end();
}
END_TEST

START_TEST(no_line_is_later_than_its_file)
{
    begin("UTC");
    settle(utc(2026, 6, 12, 9, 0, 0), "12/06/2026 08:00:00 x");
    ck_assert_int_eq(at("12/06/2026 08:00:00 x"), utc(2026, 6, 12, 8, 0, 0));
    end();
}
END_TEST

START_TEST(the_same_number_twice_needs_no_order)
{
    begin("UTC");
    ck_assert(!time_reader_survey(reader, B("06/06/2026 08:00:00 x")));
    ck_assert(time_reader_settle(reader));
    ck_assert_int_eq(at("06/06/2026 08:00:00 x"), utc(2026, 6, 6, 8, 0, 0));
    end();
}
END_TEST

/* -- Times without a date -- */

START_TEST(days_are_counted_back_from_the_end_of_the_file)
{
    begin("UTC");
    settle(utc(2026, 11, 27, 0, 2, 0), "23:59:00 x", "00:01:00 x", "12:00:00 x", "00:02:00 x");
    ck_assert_int_eq(at("23:59:00 x"), utc(2026, 11, 25, 23, 59, 0));
    ck_assert_int_eq(at("00:01:00 x"), utc(2026, 11, 26, 0, 1, 0));
    ck_assert_int_eq(at("12:00:00 x"), utc(2026, 11, 26, 12, 0, 0));
    ck_assert_int_eq(at("00:02:00 x"), utc(2026, 11, 27, 0, 2, 0));
    ck_assert_int_eq(at("23:59:59 x"), utc(2026, 11, 26, 23, 59, 59));
    end();
}
END_TEST

START_TEST(the_kernel_counts_from_its_start)
{
    begin("UTC");
    settle(NOON, "[    0.000000] Linux version 6.1", "[  100.500000] usb 1-1: new device",
           "[    0.000000] Linux version 6.1", "[   50.000000] usb 1-1: new device");
    ck_assert_int_eq(at("[    0.000000] Linux version 6.1"), NOON - 150);
    ck_assert_int_eq(at("[  100.500000] usb 1-1: new device"), NOON - 50);
    ck_assert_int_eq(stamp.nanoseconds, 500000000);
    ck_assert_int_eq(at("[    0.000000] Linux version 6.1"), NOON - 50);
    ck_assert_int_eq(at("[   50.000000] usb 1-1: new device"), NOON);
    end();
}
END_TEST

START_TEST(in_an_input_with_dates_a_bare_time_is_text)
{
    begin("UTC");
    at("2026-11-27 10:20:30 x");
    ck_assert_int_eq(at("00:00:00 is midnight"), NOON);
    ck_assert_uint_eq(stamp.flags & TIMESTAMP_OWN, 0);
    end();
}
END_TEST

/* Late and disordered lines around midnight are of the day before. */
START_TEST(disorder_around_midnight_is_no_new_day)
{
    begin("UTC");
    settle(utc(2026, 3, 1, 0, 0, 2), "23:59:58 x", "00:00:01 x", "23:59:59 x", "00:00:02 x");
    ck_assert_int_eq(at("23:59:58 x"), utc(2026, 2, 28, 23, 59, 58));
    ck_assert_int_eq(at("00:00:01 x"), utc(2026, 3, 1, 0, 0, 1));
    ck_assert_int_eq(at("23:59:59 x"), utc(2026, 2, 28, 23, 59, 59));
    ck_assert_int_eq(at("00:00:02 x"), utc(2026, 3, 1, 0, 0, 2));
    ck_assert_int_eq(at("00:00:01 x"), utc(2026, 3, 1, 0, 0, 1));
    ck_assert_uint_eq(counts()->back, 2);
    end();
}
END_TEST

/* logback, tcpdump, Minecraft; one was last written after midnight. */
START_TEST(a_file_of_times_ends_on_the_day_it_was_written)
{
    begin("UTC");
    settle(utc(2026, 3, 1, 0, 0, 3), "23:59:59,123 |-INFO x");
    ck_assert_int_eq(at("23:59:59,123 |-INFO x"), utc(2026, 2, 28, 23, 59, 59));
    end();
    begin("UTC");
    settle(NOON + 1, "10:20:30.123456 IP 10.1.2.3.41000 > 10.2.3.4.22: Flags [S]",
           "[10:20:31] [Server thread/INFO]: x");
    ck_assert_int_eq(at("10:20:30.123456 IP 10.1.2.3.41000 > 10.2.3.4.22: Flags [S]"), NOON);
    ck_assert_int_eq(stamp.nanoseconds, 123456000);
    ck_assert_int_eq(at("[10:20:31] [Server thread/INFO]: x"), NOON + 1);
    end();
}
END_TEST

/* -- Leaps -- */

START_TEST(a_leap_waits_for_a_second_line)
{
    begin("UTC");
    at("2026-11-27 10:20:30 x");
    ck_assert_uint_eq(stamp.flags, TIMESTAMP_OWN | TIMESTAMP_LEAP);
    at("2026-11-27 10:20:31 x");
    ck_assert_uint_eq(stamp.flags, TIMESTAMP_OWN | TIMESTAMP_CONFIRMS);
    ck_assert_int_eq(at("2026-11-30 10:20:31 x"), NOON + 3 * DAY + 1);
    ck_assert_uint_eq(stamp.flags, TIMESTAMP_OWN | TIMESTAMP_LEAP);
    ck_assert_int_eq(at("  text of it"), NOON + 3 * DAY + 1);
    ck_assert_uint_eq(stamp.flags, 0);
    at("2026-11-30 10:20:32 x");
    ck_assert_uint_eq(stamp.flags, TIMESTAMP_OWN | TIMESTAMP_CONFIRMS);
    ck_assert_uint_eq(counts()->leaps, 1);
    ck_assert_uint_eq(counts()->odd, 0);
    end();
}
END_TEST

START_TEST(one_line_of_2066_changes_nothing)
{
    begin("UTC");
    at("2026-11-27 10:20:30 x");
    at("2026-11-27 10:20:31 x");
    at("2066-11-27 10:20:31 x");
    ck_assert_uint_eq(stamp.flags, TIMESTAMP_OWN | TIMESTAMP_LEAP);
    ck_assert_int_eq(at("2026-11-27 10:20:32 x"), NOON + 2);
    ck_assert_uint_eq(stamp.flags, TIMESTAMP_OWN | TIMESTAMP_REFUTES);
    ck_assert_int_eq(stamp.instead, NOON + 1);
    ck_assert_uint_eq(counts()->odd, 1);
    ck_assert_uint_eq(counts()->back, 0);
    end();
}
END_TEST

START_TEST(a_first_line_of_2066_changes_nothing)
{
    begin("UTC");
    at("2066-11-27 10:20:31 x");
    at("2026-11-27 10:20:30 x");
    ck_assert_uint_eq(stamp.flags, TIMESTAMP_OWN | TIMESTAMP_REFUTES | TIMESTAMP_LEAP);
    ck_assert_int_eq(stamp.instead, NOON);
    at("2026-11-27 10:20:31 x");
    ck_assert_uint_eq(stamp.flags, TIMESTAMP_OWN | TIMESTAMP_CONFIRMS);
    ck_assert_uint_eq(counts()->odd, 1);
    end();
}
END_TEST

START_TEST(a_line_every_few_days_is_a_leap_each_and_all_hold)
{
    begin("UTC");
    for (int i = 0; i < 5; i++) {
        char line[40];
        snprintf(line, sizeof(line), "2026-11-%02d 10:20:30 x", 10 + 3 * i);
        at(line);
        ck_assert_uint_eq(stamp.flags,
                          TIMESTAMP_OWN | TIMESTAMP_LEAP | (i > 0 ? TIMESTAMP_CONFIRMS : 0));
    }
    time_reader_end(reader, &stamp);
    ck_assert_uint_eq(stamp.flags, TIMESTAMP_CONFIRMS);
    ck_assert_uint_eq(counts()->leaps, 4);
    end();
}
END_TEST

START_TEST(a_last_line_later_than_its_file_is_odd)
{
    begin("UTC");
    time_reader_survey_end(reader, NOON);
    time_reader_settle(reader);
    at("2026-11-27 10:20:30 x");
    at("2026-11-27 10:20:30 x");
    at("2026-11-30 10:20:31 x");
    time_reader_end(reader, &stamp);
    ck_assert_uint_eq(stamp.flags, TIMESTAMP_REFUTES);
    ck_assert_int_eq(stamp.instead, NOON);
    end();
}
END_TEST

START_TEST(late_lines_are_told_by_who_merges)
{
    begin("UTC");
    at("2026-11-27 10:20:30 x");
    time_reader_late(reader, NOON, NOON + 5);
    time_reader_late(reader, NOON, NOON + 3);
    ck_assert_uint_eq(counts()->late, 2);
    ck_assert_int_eq(counts()->most_late, 5);
    end();
}
END_TEST

RUN_TESTS("time_reader", a_file_ends_when_it_was_last_written,
          a_file_written_in_january_may_end_in_december,
          a_line_may_be_some_hours_later_than_its_file, a_log_of_several_years_counts_them,
          the_file_that_was_written_first_tells_the_most, a_leap_day_refutes_the_year_of_the_file,
          a_weekday_refutes_the_year_of_the_file, neighbours_tell_the_year,
          a_line_with_a_year_needs_no_survey, a_late_line_of_december_is_of_the_year_before,
          disorder_around_new_year_turns_it_once, the_year_turns_in_the_zone_of_the_lines,
          disorder_of_months_is_no_new_year, a_clock_that_begins_anew_turns_no_year,
          an_odd_neighbour_tells_no_year, the_present_year_is_never_assumed,
          a_year_that_is_given_holds, one_line_tells_the_order_for_all,
          an_order_that_nothing_tells_is_refused, an_order_that_changes_is_refused,
          no_line_is_later_than_its_file, the_same_number_twice_needs_no_order,
          disorder_around_midnight_is_no_new_day, a_file_of_times_ends_on_the_day_it_was_written,
          days_are_counted_back_from_the_end_of_the_file, the_kernel_counts_from_its_start,
          in_an_input_with_dates_a_bare_time_is_text, a_leap_waits_for_a_second_line,
          one_line_of_2066_changes_nothing, a_first_line_of_2066_changes_nothing,
          a_line_every_few_days_is_a_leap_each_and_all_hold, a_last_line_later_than_its_file_is_odd,
          late_lines_are_told_by_who_merges)
