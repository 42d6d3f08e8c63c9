/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The times of log lines: several forms in one input, and what the user says of them. */
#include "timestamps.h"

START_TEST(forms_may_be_mixed)
{
    begin_year("UTC", "2026");
    for (int round = 0; round < 2; round++) {
        ck_assert_int_eq(at("Nov 27 10:20:30 host app: x"), NOON);
        ck_assert_int_eq(at("2026-11-27T11:20:31+01:00 host app: x"), NOON + 1);
        ck_assert_int_eq(at("2026-11-27T10:20:32 host app: x"), NOON + 2);
        ck_assert_int_eq(at("1795774833 x"), NOON + 3);
        ck_assert_int_eq(at("Nov 27 10:20:34 2026 host app: x"), NOON + 4);
        ck_assert_int_eq(at("Nov 27 11:20:35 CET: x"), NOON + 5);
        ck_assert_int_eq(at("10.0.0.1 - - [27/Nov/2026:10:20:36 +0000] \"GET /\""), NOON + 6);
    }
    ck_assert_uint_eq(counts()->without, 0);
    end();
}
END_TEST

/* What follows the seconds may differ from line to line in the same minute. */
START_TEST(lines_of_a_minute_are_each_read_to_their_end)
{
    begin_year("UTC", "2026");
    ck_assert_int_eq(at("2026-11-27 10:20:30 x"), NOON);
    ck_assert_int_eq(at("2026-11-27 10:20:31Z x"), NOON + 1);
    ck_assert_int_eq(at("2026-11-27 11:20:31 CET x"), NOON + 1);
    ck_assert_int_eq(at("2026-11-27 11:20:31 CEST x"), NOON - 3599);
    ck_assert_int_eq(at("2026-11-27 11:20:31+01 x"), NOON + 1);
    ck_assert_int_eq(at("2026-11-27 11:20:31+01:30 x"), NOON - 1799);
    ck_assert_int_eq(at("2026-11-27 11:20:31.25+01:00 x"), NOON + 1);
    ck_assert_int_eq(stamp.nanoseconds, 250000000);
    ck_assert_int_eq(at("2026-11-27 11:20:31,5+01:00 x"), NOON + 1);
    ck_assert_int_eq(stamp.nanoseconds, 500000000);
    ck_assert_int_eq(at("2026-11-27 11:20:32+01:00 x"), NOON + 2);
    ck_assert_int_eq(stamp.nanoseconds, 0);
    ck_assert_int_eq(at("11/27/2026 10:20:30 AM x"), NOON);
    ck_assert_int_eq(at("11/27/2026 10:20:31 PM x"), NOON + DAY / 2 + 1);
    ck_assert_int_eq(at("Nov 27 10:20:33 10.0.0.1 x"), NOON + 3);
    ck_assert_int_eq(at("Nov 27 10:20:33 2025 x"), NOON + 3 - 365 * DAY);
    ck_assert_int_eq(at("<9>Nov 27 10:20:34 host x"), NOON + 4);
    ck_assert_int_eq(at("<191>Nov 27 10:20:35 host x"), NOON + 5);
    end();
}
END_TEST

/* Two programs write to one file, and what follows their times differs from line to line. */
START_TEST(minutes_are_remembered_by_form)
{
    begin_year("UTC", "2026");
    for (int i = 0; i < 8; i++) {
        ck_assert_int_eq(at("Nov 27 10:20:30 host app: x"), NOON);
        ck_assert_int_eq(at("2026-11-27 10:20:31.5 INFO x"), NOON + 1);
        ck_assert_int_eq(at("  of 2020-01-01 00:00:00"), NOON + 1);
        ck_assert_int_eq(stamp.nanoseconds, 0);
        ck_assert_int_eq(at("2026-11-27 10:20:32 CET x"), NOON - 3598);
        ck_assert_int_eq(at("2026-11-27 10:20:32 pm x"), NOON + 2);
        ck_assert_int_eq(at("2026-11-27 10:20:32 EST x"), NOON + 2 + 5 * 3600);
        ck_assert_int_eq(at("2026-11-27 10:20:32-0100 x"), NOON + 3602);
        ck_assert_int_eq(at("2026-11-27 10:20:32-x"), NOON + 2);
        ck_assert_int_eq(at("11/27/2026 10:20:33 x"), NOON + 3);
        ck_assert_int_eq(at("11/27/2026 10:20:33 p.m. x"), NOON + DAY / 2 + 3);
        ck_assert_int_eq(at("11/27/2026 10:20:33 person"), NOON + 3);
    }
    ck_assert_uint_eq(counts()->without, 8);
    end();
}
END_TEST

/* Once lines begin with their times, a time in their midst is text, though it was one before. */
START_TEST(a_minute_in_a_line_is_forgotten_when_lines_begin_with_theirs)
{
    begin("UTC");
    ck_assert_int_eq(at("10.0.0.1 - - [27/Nov/2026:10:20:36 +0000] \"GET /\""), NOON + 6);
    ck_assert_int_eq(at("2026-11-27 10:20:30 x"), NOON);
    ck_assert_int_eq(at("2026-11-27 10:20:40 - [27/Nov/2026:10:20:37 +0000] x"), NOON + 10);
    ck_assert_int_eq(at("10.0.0.1 - - [27/Nov/2026:10:20:38 +0000] \"GET /\""), NOON + 8);
    ck_assert_int_eq(at("2026-11-27 10:20:40 - [27/Nov/2026:10:20:37 +0000] x"), NOON + 10);
    end();
}
END_TEST

START_TEST(a_text_that_only_mentions_a_time_has_none_of_its_own)
{
    begin("UTC");
    ck_assert_int_eq(at("2026-11-27 10:20:30 ERROR x"), NOON);
    ck_assert_int_eq(at("  Caused by: token of 2020-01-01 00:00:00 has expired"), NOON);
    ck_assert_uint_eq(stamp.flags, 0);
    ck_assert_int_eq(at("\tat org.example.Main(Main.java:10)"), NOON);
    ck_assert_uint_eq(counts()->without, 2);
    end();
}
END_TEST

START_TEST(times_that_no_calendar_has_are_counted)
{
    static const char *const lines[] = {"2026-02-29 10:20:30 x", "2026-11-31T10:20:30Z x",
                                        "Feb 30 10:20:30 x",     "2026-11-27 25:20:30 x",
                                        "2026-11-27 10:61:30 x", "2026-13-01 10:20:30 x",
                                        "13/13/2026 10:20:30 x", "0000-11-27 10:20:30 x"};
    begin_year("UTC", "2026");
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        at(lines[i]);
        ck_assert_msg(counts()->impossible == i + 1, "%s", lines[i]);
        ck_assert_uint_eq(stamp.flags, TIMESTAMP_NONE_YET);
    }
    ck_assert_int_eq(at("2026-11-27 24:00:00 x"), utc(2026, 11, 28, 0, 0, 0));
    ck_assert_int_eq(at("2026-12-31 23:59:60 x"), utc(2027, 1, 1, 0, 0, 0));
    end();
}
END_TEST

START_TEST(a_format_of_ones_own)
{
    begin_format("UTC", "%d/%m/%Y@%H.%M.%S,%f");
    ck_assert_int_eq(at("27/11/2026@10.20.30,25 x"), NOON);
    ck_assert_int_eq(stamp.nanoseconds, 250000000);
    ck_assert_int_eq(at("user=bob 27/11/2026@10.20.31,5 x"), NOON + 1);
    at("2026-11-27 10:20:30 x");
    ck_assert_uint_eq(stamp.flags & TIMESTAMP_OWN, 0);
    end();
}
END_TEST

START_TEST(formats_are_strptimes)
{
    /* clang-format off */
    static const struct { const char *format, *line; int64_t second; } cases[] = {
        {"%F %T", "2026-11-27 10:20:30", NOON},
        {"%FT%T%z", "2026-11-27T11:20:30+01:00", NOON},
        {"%FT%T%z", "2026-11-27T10:20:30Z", NOON},
        {"%F %T %Z", "2026-11-27 11:20:30 CET", NOON},
        {"%m/%d/%y %I:%M:%S %p", "11/27/26 10:20:30 am", NOON},
        {"%d %B %Y %R", "27 November 2026 10:20", NOON - 30},
        {"%A %e. %b %Y %k:%M:%S", "Friday 27. Nov 2026 10:20:30", NOON},
        {"%Y-%j %T", "2026-331 10:20:30", NOON},
        {"%s", "1795774830 x", NOON},
        {"%D%n%T", "11/27/26 10:20:30", NOON},
        {"%c", "Fri Nov 27 10:20:30 2026", NOON},
        {"%F", "2026-11-27 x", NOON - 37230},
        {"%H:%M:%S %d.%m.%Y", "10:20:30 27.11.2026", NOON},
        {"%%%Y-%m-%d", "%2026-11-27", NOON - 37230},
        {"%x %X", "11/27/26 10:20:30", NOON},
        {"%h %d %Y %r", "Nov 27 2026 10:20:30 AM", NOON},
        {"%a %b%t%e %Y %T", "Fri Nov 27 2026 10:20:30", NOON},
        {"%d.%m.%Y %l:%M:%S %P", "27.11.2026 10:20:30 pm", NOON + DAY / 2},
        {"%d.%m.%Y %I:%M:%S%p", "27.11.2026 12:20:30AM", NOON - 10 * 3600},
        {"%d.%m.%Y %I:%M:%S %p", "27.11.2026 12:20:30 p.m.", NOON + 2 * 3600},
        {"%e/%b/%Y:%T %z", "27/Nov/2026:05:20:30 -0500", NOON},
        {"%e/%b/%Y:%T %z", " 7/Nov/2026:05:20:30 -05:00", NOON - 20 * DAY},
        {"%d%m%y%H%M%S", "271126102030", NOON},
        {"%d%b%Y%H%M", "27Nov20261020", NOON - 30},
        {"%s.%f", "1795774830.5", NOON},
        {"%F %T.%f%z", "2026-11-27 11:20:30.123+01", NOON},
        {"%T.%f %d.%m.%Y", "10:20:30.123456789 27.11.2026", NOON},
        {"%C%y-%m-%d %T", "2026-11-27 10:20:30", NOON},
        {"%C%y-%m-%d %T", "2070-11-27 10:20:30", NOON + 16071 * DAY},
        {"%F %T %Z", "2026-11-27 07:20:30 -03", NOON},
        {"%F %T %Z", "2026-11-27 10:20:30 Middle", NOON},
        {"%Ey-%Om-%Od %OH:%OM:%OS", "26-11-27 10:20:30", NOON},
        {"%G %V %u %U %w %W %g %F %T", "2026 48 5 47 5 47 26 2026-11-27 10:20:30", NOON},
        {"[%-d.%-m.%Y %0H:%M:%S]", "[7.3.2026 08:00:00]", 1772870400},
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        begin_format("UTC", cases[i].format);
        ck_assert_msg(at(cases[i].line) == cases[i].second && stamp.flags & TIMESTAMP_OWN,
                      "%s: %lld", cases[i].line, (long long)stamp.second);
        ck_assert_msg(at(cases[i].line) == cases[i].second, "%s, again", cases[i].line);
        end();
    }
}
END_TEST

static void refused(bool (*set)(struct time_options *, struct bytes, struct buf *),
                    const char *value, const char *want)
{
    struct buf why = {0};
    options = time_options_new();
    ck_assert(!set(options, bytes_of(value), &why));
    ck_bytes_eq(buf_bytes(&why), bytes_of(want));
    time_options_free(options);
    buf_free(&why);
}

START_TEST(what_cannot_be_is_refused)
{
    refused(time_options_format, "%H:%Q",
            "it has %Q, which is none of strptime's conversions, nor %f");
    refused(time_options_format, "%H:%", "it ends with %");
    refused(time_options_format, "abc", "it has no conversion, such as %H");
    refused(time_options_regex, "(", "missing closing parenthesis");
    refused(time_options_regex, "abc", "it has no group named time, nor a first one");
    const char *zone = "neither a zone of the system, nor UTC, nor an offset such as +01:00";
    refused(time_options_zone, "Europe/Nowhere", zone);
    refused(time_options_zone, "../../../etc/passwd", zone);
    refused(time_options_year, "26", "1970 to 9999 expected");
    refused(time_options_year, "x", "1970 to 9999 expected");
}
END_TEST

START_TEST(a_regex_tells_where_the_time_is)
{
    struct buf why = {0};
    begin("UTC");
    ck_assert(time_options_regex(options, B("^id=(\\d+) at (?<time>\\S+)"), &why));
    ck_assert_int_eq(at("id=1795774831 at 2026-11-27T10:20:30Z x"), NOON);
    ck_assert_int_eq(at("id=1795774831 at 1795774835 x"), NOON + 5);
    at("2026-11-27T10:20:40Z x");
    ck_assert_uint_eq(stamp.flags & TIMESTAMP_OWN, 0);
    ck_assert(time_options_regex(options, B("<([^>]*)>"), &why));
    ck_assert_int_eq(at("2020-01-01 00:00:00 <2026-11-27 10:20:36>"), NOON + 6);
    end();
    buf_free(&why);
}
END_TEST

/* Gaps of none to three days, over years: all of it survives being written down. */
static void read_back(const char *zone, const char *format, bool surveyed, uint64_t *state)
{
    enum { LINES = 2000 };
    static char lines[LINES][80];
    static time_t seconds[LINES];
    time_t second = 1540000000;
    setenv("TZ", zone, 1);
    tzset();
    begin(zone);
    for (int i = 0; i < LINES; i++) {
        static const uint32_t gaps[] = {1, 2, 60, 3600, 100000, 259200};
        struct tm tm;
        second += next_number(state, gaps[next_number(state, 6)]);
        seconds[i] = second;
        localtime_r(&second, &tm);
        strftime(lines[i], sizeof(lines[i]), format, &tm);
        if (surveyed)
            survey(lines[i]);
    }
    time_reader_survey_end(reader, second);
    ck_assert(time_reader_settle(reader));
    for (int i = 0; i < LINES; i++) {
        int64_t got = at(lines[i]);
        ck_assert_msg(got == seconds[i] || stamp.flags & TIMESTAMP_TWICE,
                      "%s in %s: %lld, not %lld", lines[i], zone, (long long)got,
                      (long long)seconds[i]);
    }
    ck_assert_uint_eq(counts()->own, LINES);
    ck_assert_uint_eq(counts()->odd + counts()->skipped + counts()->weekdays, 0);
    end();
}

START_TEST(what_was_written_is_read_back)
{
    static const char *const zones[] = {"UTC0", BERLIN, "EST5EDT,M3.2.0,M11.1.0"};
    static const char *const formats[] = {
        "%Y-%m-%dT%H:%M:%S%z h a: x", "%b %e %H:%M:%S h a: x",
        "%a %b %e %H:%M:%S h a: x",   "%s x",
        "[%a %b %e %H:%M:%S %Y] x",   "%d/%m/%Y %H:%M:%S x",
        "%m/%d/%Y %I:%M:%S %p x",     "1.2.3.4 - - [%d/%b/%Y:%H:%M:%S %z] x",
        "%Y-%m-%d %H:%M:%S %Z [7] x", "%y%m%d %H:%M:%S x",
        "%b %e %Y %H:%M:%S: x",       "{\"time\":\"%Y-%m-%d %H:%M:%S\"}",
        "%d.%m.%Y %H:%M:%S x",        "%d-%b-%Y %H:%M:%S x"};
    uint64_t state = 1;
    for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++) {
        for (size_t j = 0; j < sizeof(formats) / sizeof(*formats); j++)
            read_back(zones[i], formats[j], true, &state);
        read_back(zones[i], formats[0], false, &state);
    }
}
END_TEST

RUN_TESTS("timestamp", forms_may_be_mixed, lines_of_a_minute_are_each_read_to_their_end,
          minutes_are_remembered_by_form,
          a_minute_in_a_line_is_forgotten_when_lines_begin_with_theirs,
          a_text_that_only_mentions_a_time_has_none_of_its_own,
          times_that_no_calendar_has_are_counted, a_format_of_ones_own, formats_are_strptimes,
          what_cannot_be_is_refused, a_regex_tells_where_the_time_is, what_was_written_is_read_back)
