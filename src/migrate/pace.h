/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows how fast each side of a comparison is, and the progress of the comparison: during the run
 * in one line on standard error, if that is a terminal, as in a replay; at the end in the report.
 *
 * Neither side gets far ahead of the other, so both need the same time for the lines.  The rate of
 * a side is therefore based on the processor time of its process: the number of lines it has taken,
 * which it reports itself, divided by the time used since its rules were loaded, which the kernel
 * reports.  Pauses, in which it waits for the other side, do not count. */
#ifndef SECANT_MIGRATE_PACE_H
#define SECANT_MIGRATE_PACE_H

#include "migrate/compare.h"
#include "migrate/lines.h"

struct pace_side {
    struct bytes name;
    bool ready;     /* rules are loaded */
    double loading; /* seconds of processor time until then */
    double used;    /* seconds of processor time since then */
    uint64_t lines; /* number of lines taken */
};

struct pace {
    bool on, shown;
    const struct comparison *comparison; /* owned by the caller */
    const struct lines *lines;           /* owned by the caller */
    uint64_t most;                       /* number of all lines; 0: not known */
    uint64_t size;                       /* bytes of all files; 0: not known */
    uint64_t passed;                     /* how many of these precede the first line given */
    double begun;                        /* on the monotonic clock */
    int64_t first, due;                  /* second of the first line; milliseconds */
    struct pace_side sides[2];
};

/* To be called at the start, when both sides have been started; second: that of the first line;
 * quiet: show nothing. */
void pace_start(struct pace *pace, const struct comparison *comparison, const struct lines *lines,
                int64_t second, bool quiet);
/* Shows the progress, at most four times a second; given: number of lines that both sides have been
 * given, the last one at this second. */
void pace_look(struct pace *pace, uint64_t given, int64_t second);
/* Erases the line and fixes the rates; after that the processes may end. */
void pace_end(struct pace *pace);
/* Shows this text in place of that line, if there would be one, for other things that take time;
 * "": erases it. */
void pace_say(struct bytes text, bool quiet);
/* Lines per second of processor time; 0: the time was too short to tell. */
double pace_rate(const struct pace_side *side);

#endif
