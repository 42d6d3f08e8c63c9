/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A reader of the times of log lines, for its tests. */
#ifndef SECANT_T_TIMESTAMPS_H
#define SECANT_T_TIMESTAMPS_H

#include "unit.h"

#include <time.h>
#include <unistd.h>

#include "clock/timestamp.h"
#include "clock/zone.h"

/* 2026-11-27 10:20:30 UTC, a Friday. */
#define NOON 1795774830LL
#define DAY 86400LL
#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"

static struct time_options *options;
static struct time_reader *reader;
static struct timestamp stamp;

static inline void begin(const char *zone)
{
    struct buf why = {0};
    options = time_options_new();
    ck_assert(time_options_zone(options, bytes_of(zone), &why));
    reader = time_reader_new(options);
    buf_free(&why);
}

static inline void begin_year(const char *zone, const char *year)
{
    struct buf why = {0};
    begin(zone);
    ck_assert(time_options_year(options, bytes_of(year), &why));
    time_reader_free(reader);
    reader = time_reader_new(options);
    buf_free(&why);
}

static inline void begin_format(const char *zone, const char *format)
{
    struct buf why = {0};
    begin(zone);
    ck_assert_msg(time_options_format(options, bytes_of(format), &why), "%.*s", (int)why.len,
                  why.ptr);
    time_reader_free(reader);
    reader = time_reader_new(options);
    buf_free(&why);
}

static inline void end(void)
{
    time_reader_free(reader);
    time_options_free(options);
}

static inline int64_t at(const char *line)
{
    time_reader_read(reader, bytes_of(line), &stamp);
    return stamp.second;
}

static inline void survey(const char *line)
{
    time_reader_survey(reader, bytes_of(line));
}

/* The survey of a file that has these lines and was last written then. */
#define settle(mtime, ...) settle_lines(mtime, (const char *const[]){__VA_ARGS__, NULL})

static inline void settle_lines(int64_t mtime, const char *const *lines)
{
    while (*lines)
        survey(*lines++);
    time_reader_survey_end(reader, mtime);
    ck_assert(time_reader_settle(reader));
}

static inline const struct time_counts *counts(void)
{
    return time_reader_counts(reader);
}

/* A machine without tzdata knows no names. */
static inline bool has_zone(const char *name)
{
    char path[80];
    snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
    return access(path, R_OK) == 0;
}

/* A second from its parts, in UTC. */
static inline int64_t utc(int year, int month, int day, int hour, int minute, int second)
{
    return days_of_date(year, month, day) * DAY + hour * 3600 + minute * 60 + second;
}

#endif
