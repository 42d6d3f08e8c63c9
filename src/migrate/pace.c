/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "migrate/pace.h"

#include <stdio.h>
#include <unistd.h>

#include "base/monotonic.h"
#include "replay/progress.h"
#include "replay/show.h"

enum { FIRST = 500, NEXT = 250 };      /* milliseconds */
static const double shortest = 0.01;   /* seconds of processor time from which a rate can be told */
static const double least_part = 0.01; /* of the input, from which the time left can be told */

/* -- Measured -- */

/* Seconds of processor time of a process, also of one that has ended and was not waited for; below
 * 0: nobody knows. */
static double processor_seconds(pid_t pid)
{
    clockid_t clock;
    struct timespec time;
    if (pid <= 0 || clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0)
        return -1;
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* What it has said last of where it is, which may not be compared yet. */
static uint64_t lines_taken(const struct reader *reader)
{
    struct words words = {0};
    struct bytes rest = bytes_from(buf_bytes(&reader->side->in), reader->side->heard);
    int64_t taken = (int64_t)reader->next.line;
    while (words_take(&words, &rest) == WORDS_TAKEN)
        if (bytes_eq(words_at(&words, 0), B("at")))
            bytes_uint(words_at(&words, 1), false, &taken);
    words_free(&words);
    return (uint64_t)taken;
}

/* A side that has said something has loaded its rules: it speaks when it waits for lines. */
static void measure(struct pace_side *side, const struct reader *reader)
{
    double seconds = processor_seconds(reader->side->process.pid);
    if (seconds < 0)
        return;
    if (!side->ready && reader->side->in.len > 0) {
        side->ready = true;
        side->loading = seconds;
    }
    if (!side->ready)
        return;
    side->used = seconds - side->loading;
    side->lines = lines_taken(reader);
}

double pace_rate(const struct pace_side *side)
{
    return side->used < shortest ? 0 : (double)side->lines / side->used;
}

/* -- Shown -- */

static bool is_wanted(bool quiet)
{
    return !quiet && isatty(STDERR_FILENO) == 1;
}

void pace_say(struct bytes text, bool quiet)
{
    if (!is_wanted(quiet))
        return;
    fprintf(stderr, "\r\033[K%.*s", (int)text.len, text.ptr);
    fflush(stderr);
}

/* How much of the input is compared, 0 to 1: of lines or bytes that were given, less those that are
 * on their way; or of the time from the first line to --until.  Below 0: nobody knows. */
static double part_done(const struct pace *pace, uint64_t given, int64_t second)
{
    const struct lines *lines = pace->lines;
    double done = given > 0 ? (double)pace->comparison->place.line / (double)given : 0, part = -1;
    if (pace->most > 0)
        part = (double)given * done / (double)pace->most;
    else if (pace->size > pace->passed)
        part = (double)(progress_taken(lines->logs.inputs, lines->input_count) - pace->passed) *
               done / (double)(pace->size - pace->passed);
    if (lines->until != INT64_MAX && lines->until > pace->first) {
        double time = (double)(second - pace->first) * done / (double)(lines->until - pace->first);
        part = time > part ? time : part;
    }
    return part > 1 ? 1 : part;
}

static void add_left(struct buf *out, const struct pace *pace, double part)
{
    double passed = monotonic_seconds() - pace->begun;
    if (part < least_part)
        return;
    int64_t left = (int64_t)(passed * (1 - part) / part + 0.5);
    if (left >= 3600)
        buf_printf(out, "  %lld:%02lld:%02lld left", (long long)left / 3600,
                   (long long)left / 60 % 60, (long long)left % 60);
    else
        buf_printf(out, "  %lld:%02lld left", (long long)left / 60, (long long)left % 60);
}

static void add_rate(struct buf *out, const struct pace_side *side)
{
    double rate = pace_rate(side);
    if (rate == 0)
        return;
    buf_cat(out, B("  "), side->name, B(" "));
    buf_grouped(out, (uint64_t)(rate + 0.5));
    buf_add(out, B("/s"));
}

static void show(struct pace *pace, uint64_t given, int64_t second)
{
    char date[48];
    double part = part_done(pace, given, second);
    struct buf out = {0};
    if (part >= 0)
        buf_printf(&out, "\r\033[K%3.0f %%  ", 100 * part);
    else
        buf_cat(&out, B("\r\033[K"), show_date(date, second, false), B("  "));
    buf_grouped(&out, given);
    buf_add(&out, B(" lines"));
    for (int i = 0; i < 2; i++)
        add_rate(&out, &pace->sides[i]);
    add_left(&out, pace, part);
    fwrite(out.ptr, 1, out.len, stderr);
    fflush(stderr);
    buf_free(&out);
    pace->shown = true;
}

/* -- Course -- */

void pace_start(struct pace *pace, const struct comparison *comparison, const struct lines *lines,
                int64_t second, bool quiet)
{
    pace->comparison = comparison;
    pace->lines = lines;
    pace->on = !lines->listed && is_wanted(quiet);
    pace->begun = monotonic_seconds();
    pace->first = second;
    pace->due = monotonic_ms() + FIRST;
    if (!pace->on)
        return;
    pace->size = progress_size(lines->logs.inputs, lines->input_count);
    if (lines->from != INT64_MIN)
        pace->passed = progress_taken(lines->logs.inputs, lines->input_count);
}

void pace_look(struct pace *pace, uint64_t given, int64_t second)
{
    bool ready = pace->sides[THEIRS].ready && pace->sides[OURS].ready;
    if (ready && (!pace->on || monotonic_ms() < pace->due))
        return;
    for (int i = 0; i < 2; i++)
        measure(&pace->sides[i], &pace->comparison->readers[i]);
    if (!pace->on || monotonic_ms() < pace->due)
        return;
    pace->due = monotonic_ms() + NEXT;
    show(pace, given, second);
}

void pace_end(struct pace *pace)
{
    for (int i = 0; i < 2; i++)
        measure(&pace->sides[i], &pace->comparison->readers[i]);
    if (pace->shown)
        fprintf(stderr, "\r\033[K");
    pace->shown = false;
}
