/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The time that a log line tells: where it is in the line, what form it has, which second it is.
 *
 * One struct time_options holds what the user said.  It must outlive its readers, and all of them
 * must belong to one thread.  One struct time_reader reads the lines of one input (a file, a
 * rotated set in order, standard input) in their order.  Nothing here reads the clock or prints:
 * whatever is odd is reported by counters and samples.  Lines may hold any byte and are only
 * borrowed for the call.
 *
 * The forms are those of time_known.c, mixed at will.  A time is looked for at the start of a line,
 * in the keys of a JSON object, in audit(...), and in the first brackets; elsewhere only in inputs
 * whose lines do not begin with a time.  Forms without a date count only where no line has one.
 *
 * The course of an input:
 *
 *     reader = time_reader_new(options);
 *     for lines of it, in order, all or a sample with the first and the last (optional):
 *         time_reader_survey(reader, line);
 *         at the end of each file: time_reader_survey_end(reader, mtime);
 *     if (!time_reader_settle(reader)) refuse the input: time_reader_refusal() says why
 *     for all lines:
 *         time_reader_read(reader, line, &stamp);
 *     time_reader_end(reader, &stamp);
 *
 * The survey finds out the year of lines that do not tell it (and the day, where lines tell only
 * hours), and whether 04/05/2026 is in April or in May.  It need not see every line, but must see
 * the first and the last one of each file, and one of every few months between them (for lines
 * without a date: of every few hours); 64 KB at each end and some lines of each megabyte will do.
 * As long as time_reader_survey returns false, what it has seen needs no survey: an input that can
 * be read only once can do without it, if the year is given.
 *
 * The year, where lines have none: --year is that of the first line of the input; else lines with a
 * year tell that of their neighbours; else it is the latest one in which no last line of a file is
 * more than a day later than that file's mtime.  Weekdays and 29 February confirm that year, or
 * lead to an earlier one.  The present year is never assumed: without any of these the input is
 * refused.
 *
 * The zone, where lines have none: --timezone, else the system's.  In the hour that comes twice, a
 * line belongs to the first one, unless the input has already come more than five minutes past that
 * time.  In the hour that is left out, the clock is taken as not yet set forward.  Both are
 * counted.
 */
#ifndef SECANT_CLOCK_TIMESTAMP_H
#define SECANT_CLOCK_TIMESTAMP_H

#include <stdint.h>

#include "base/bytes.h"

struct time_options;
struct time_reader;

/* -- What the user said -- */

struct time_options *time_options_new(void);
void time_options_free(struct time_options *options);
/* Each returns false, with the reason in *why, for an invalid value; values are copied. */
/* --time-format: strptime's conversions and %f (digits of a fraction of a second).  May be given
 * more than once; the built-in forms are then not tried. */
bool time_options_format(struct time_options *options, struct bytes format, struct buf *why);
/* --time-regex: PCRE2; the time is what the group "time" matches, else group 1. */
bool time_options_regex(struct time_options *options, struct bytes regex, struct buf *why);
/* --timezone: a name of the system's zones, UTC, +HH:MM, or a POSIX TZ text. */
bool time_options_zone(struct time_options *options, struct bytes zone, struct buf *why);
/* Puts the process into that zone from now on (zone_enter). */
void time_options_enter_zone(const struct time_options *options);
/* --year: 1970 to 9999. */
bool time_options_year(struct time_options *options, struct bytes year, struct buf *why);
/* The zone that is assumed for lines without one, for messages: --timezone's value, else what the
 * system calls its own. */
struct bytes time_options_zone_name(const struct time_options *options);

/* -- One input -- */

struct time_reader *time_reader_new(const struct time_options *options);
void time_reader_free(struct time_reader *reader);

/* Returns true if what has been seen so far can only be read after a survey to the end. */
bool time_reader_survey(struct time_reader *reader, struct bytes line);
/* The file ended with the line surveyed last; mtime is the second at which it was last written
 * (INT64_MIN if nobody knows, as with a pipe). */
void time_reader_survey_end(struct time_reader *reader, int64_t mtime);
/* To be called after the survey, if any; returns false if the survey shows that the input cannot be
 * read.  Reading starts with the first line again. */
bool time_reader_settle(struct time_reader *reader);

/* What was found in a line; flags may be combined. */
enum timestamp_flags {
    TIMESTAMP_OWN = 1, /* the line tells its time; otherwise it gets the last line's */
    /* There is no time yet: the line waits for the first line that has one, and takes its time. */
    TIMESTAMP_NONE_YET = 2,
    /* The line is more than a day later than those before it, or the first one with a time, and
     * nothing has confirmed it yet: it waits, and so do the lines after it without a time, until a
     * later call returns one of the next two flags. */
    TIMESTAMP_LEAP = 4,
    TIMESTAMP_CONFIRMS = 8, /* the lines that wait have the times reported for them */
    TIMESTAMP_REFUTES = 16, /* the lines that wait have the time `instead` in place of those */
    /* The line has a time that cannot be understood: see time_reader_refusal.  The second is the
     * last line's. */
    TIMESTAMP_REFUSED = 32,
    /* The second does not exist in its zone, or comes twice; it was chosen as described above. */
    TIMESTAMP_SKIPPED = 64,
    TIMESTAMP_TWICE = 128,
};

struct timestamp {
    int64_t second;      /* since the epoch */
    int32_t nanoseconds; /* 0 to 999,999,999 */
    uint32_t flags;      /* of enum timestamp_flags */
    int64_t instead;     /* with TIMESTAMP_REFUTES */
    struct bytes text;   /* with TIMESTAMP_OWN: where it is in the line */
};

/* Never fails: a line always gets a time, if need be later (see the flags).  Lines are not sorted:
 * a second may be before that of an earlier line. */
void time_reader_read(struct time_reader *reader, struct bytes line, struct timestamp *out);
/* To be called at the end of the input: *out has TIMESTAMP_CONFIRMS or TIMESTAMP_REFUTES if lines
 * still wait.  An unconfirmed leap holds if no time came before it; if it is not more than a day
 * after the file's mtime; or, where the mtime is not known, if it is less than a year. */
void time_reader_end(struct time_reader *reader, struct timestamp *out);

/* -- What was seen -- */

/* Why the input cannot be read, as text for the user: one sentence, then sample lines, each on a
 * line of its own that begins with two blanks.  Empty if it can be read.  Valid until the next call
 * with the reader. */
struct bytes time_reader_refusal(struct time_reader *reader);

/* Counters of an input, of lines unless another unit is given.  The merger counts late lines with
 * time_reader_late. */
struct time_counts {
    uint64_t lines;
    uint64_t own;            /* with a time of their own */
    uint64_t without;        /* without; they took the last one */
    uint64_t none_yet;       /* of these, before the first line with a time */
    uint64_t back;           /* earlier than a line before them in the same input */
    uint64_t late;           /* earlier than the clock: processed at the clock's time */
    int64_t most_late;       /* seconds, at most */
    uint64_t leaps;          /* more than a day on, and confirmed */
    uint64_t odd;            /* more than a day on, and refuted */
    uint64_t impossible;     /* a time that no calendar has: 30 February, 25:00; read as without */
    uint64_t gave_up;        /* --time-regex took too long; read as without */
    uint64_t refused;        /* TIMESTAMP_REFUSED */
    uint64_t skipped, twice; /* TIMESTAMP_SKIPPED, TIMESTAMP_TWICE */
    uint64_t weekdays;       /* the weekday is not that of the date */
    uint64_t assumed_year;   /* read with a year that they do not tell */
    uint64_t assumed_zone;   /* read with a zone that they do not tell */
    uint64_t new_years;      /* turns of the year among lines without one */
};
const struct time_counts *time_reader_counts(const struct time_reader *reader);

/* Counts the line read last as late: it is processed at the clock's second, not at its own, which
 * is earlier. */
void time_reader_late(struct time_reader *reader, int64_t second, int64_t clock);

/* How many lines had form i, counted from 0; *name is "ISO 8601" or the like, or the user's format.
 * Returns false past the last form. */
bool time_reader_form(const struct time_reader *reader, size_t i, struct bytes *name,
                      uint64_t *lines);

/* The year of the first line, where lines have none.  Returns false if no year was assumed. */
enum time_year_source { YEAR_GIVEN, YEAR_OF_NEIGHBOURS, YEAR_OF_MTIME };
bool time_reader_year(const struct time_reader *reader, int *year, enum time_year_source *source);

#endif
