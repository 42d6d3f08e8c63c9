/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How fast each side of a comparison is, and how far the comparison: while it runs in one line of
 * the terminal that standard error is, as a replay has it; at its end in the report.
 *
 * Neither side gets far ahead of the other, so that both pass over the lines in the same time.  The
 * rate of a side is therefore that of the processor time of its process: the lines it has taken,
 * which it says itself, by what its process has used since rules were loaded, which the kernel
 * says.  Pauses, in which it waits for the other one, do not count. */
#ifndef SECANT_MIGRATE_PACE_H
#define SECANT_MIGRATE_PACE_H

#include "migrate/compare.h"
#include "migrate/lines.h"

struct pace_side {
    struct bytes name;
    bool ready;     /* rules are loaded */
    double loading; /* seconds of its processor time until then */
    double used;    /* and since then, */
    uint64_t lines; /* with so many lines taken */
};

struct pace {
    bool on, shown;
    const struct comparison *comparison; /* the caller's, */
    const struct lines *lines;           /* as these */
    uint64_t most;                       /* lines that there are; 0: nobody knows */
    uint64_t size;                       /* bytes of all files; 0: nobody knows */
    uint64_t passed;                     /* of them: before the first line that is given */
    double begun;                        /* by the clock that never jumps */
    int64_t first, due;                  /* the first line's second; milliseconds */
    struct pace_side sides[2];
};

/* The comparison begins, and both sides have been started; second: the first line's.  quiet: none
 * of it is shown. */
void pace_start(struct pace *pace, const struct comparison *comparison, const struct lines *lines,
                int64_t second, bool quiet);
/* Shows it, four times a second at the most; given: lines that both have been given, the last one
 * in that second. */
void pace_look(struct pace *pace, uint64_t given, int64_t second);
/* Takes the line away; the rates are the last ones, the processes may go. */
void pace_end(struct pace *pace);
/* In place of that line, where there would be one: what else takes time; "": no more. */
void pace_say(struct bytes text, bool quiet);
/* Lines of a second of processor time; 0: it was too short to say. */
double pace_rate(const struct pace_side *side);

#endif
