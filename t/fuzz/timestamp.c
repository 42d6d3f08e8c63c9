/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times of lines.  The first byte says which options there are; with its bit 3, a format of the
 * user's and a regular expression come first, a line each.  What follows are lines, surveyed, then
 * read.
 *
 * Whatever lines say, what was read with the memory of the line before is what is read without. */
#include "clock/timestamp.h"
#include "fuzz.h"

static struct time_options *plain[2];

static void start(void)
{
    struct buf why = {0};
    for (int i = 0; i < 2; i++)
        plain[i] = time_options_new();
    if (!time_options_zone(plain[0], B("CET-1CEST,M3.5.0,M10.5.0/3"), &why) ||
        !time_options_zone(plain[1], B("UTC"), &why) ||
        !time_options_year(plain[1], B("2024"), &why))
        abort();
    buf_free(&why);
}

/* A reader that has never seen another line finds the same time; only its year, its hour of two, and
 * its zone after a W3C log's head may depend on others. */
static void check_alone(const struct time_options *options, struct bytes line,
                        const struct timestamp *stamp, bool after_head)
{
    struct timestamp alone;
    struct time_reader *reader = time_reader_new(options);
    time_reader_read(reader, line, &alone);
    bool both = stamp->flags & alone.flags & TIMESTAMP_OWN;
    bool other_place =
        both && (alone.text.ptr != stamp->text.ptr || alone.text.len != stamp->text.len);
    if (both && !other_place && alone.nanoseconds != stamp->nanoseconds)
        abort();
    const struct time_counts *counts = time_reader_counts(reader);
    if (both && !other_place && counts->assumed_year == 0 &&
        !(after_head && counts->assumed_zone > 0) && !(stamp->flags & TIMESTAMP_TWICE) &&
        alone.second != stamp->second)
        abort();
    time_reader_free(reader);
}

static void check_stamp(const struct timestamp *stamp, struct bytes line)
{
    bool own = stamp->flags & TIMESTAMP_OWN;
    if (stamp->nanoseconds < 0 || stamp->nanoseconds > 999999999)
        abort();
    if (own && (stamp->text.ptr < line.ptr || stamp->text.len == 0 ||
                stamp->text.ptr + stamp->text.len > line.ptr + line.len))
        abort();
}

static void survey(struct time_reader *reader, struct bytes lines, unsigned choice)
{
    while (lines.len > 0)
        time_reader_survey(reader, take_line(&lines));
    time_reader_survey_end(reader, choice & 4 ? 1700000000 + (int64_t)choice * 8640000 : INT64_MIN);
    time_reader_settle(reader);
}

static void read_lines(struct time_reader *reader, const struct time_options *options,
                       struct bytes lines)
{
    struct timestamp stamp;
    int waiting = 0;
    bool after_head = false;
    while (lines.len > 0) {
        struct bytes line = take_line(&lines);
        time_reader_read(reader, line, &stamp);
        check_stamp(&stamp, line);
        after_head = after_head || bytes_starts(line, B("#Version: "));
        check_alone(options, line, &stamp, after_head);
        waiting -= (stamp.flags & (TIMESTAMP_CONFIRMS | TIMESTAMP_REFUTES)) != 0;
        waiting += (stamp.flags & TIMESTAMP_LEAP) != 0;
        if (waiting < 0 || waiting > 1)
            abort();
    }
    time_reader_end(reader, &stamp);
    if (((stamp.flags & (TIMESTAMP_CONFIRMS | TIMESTAMP_REFUTES)) != 0) != (waiting == 1))
        abort();
    time_reader_refusal(reader);
}

static void one(struct bytes input)
{
    unsigned choice = take_byte(&input);
    struct time_options *options = plain[choice & 1], *own = NULL;
    if (choice & 8) {
        struct buf why = {0};
        own = options = time_options_new();
        time_options_format(own, take_line(&input), &why);
        struct bytes regex = take_line(&input);
        if (regex.len > 0 && regex.len < 40)
            time_options_regex(own, regex, &why);
        buf_free(&why);
    }
    struct time_reader *reader = time_reader_new(options);
    if (choice & 2)
        survey(reader, input, choice);
    read_lines(reader, options, input);
    time_reader_free(reader);
    time_options_free(own);
}

FUZZ_TARGET(start, one)
