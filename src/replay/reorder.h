/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Holds lines of one input back until no line is expected to come before them.
 *
 * A line is held until another one that is a given number of seconds later has come, so that lines
 * that are late by up to that much still come in order: in the order of their times, fractions
 * included, and those of the same moment in the order of the file.  A line without a time stays
 * with the line before it.  A line that is even later is handed out at once, out of order.  The
 * memory needed is that of the lines held.
 */
#ifndef SECANT_REPLAY_REORDER_H
#define SECANT_REPLAY_REORDER_H

#include "replay/timed_line.h"

struct held_line;

struct reorder {
    int64_t seconds;         /* how long lines are held; more than 0 */
    struct held_line **heap; /* owned; the next line first */
    size_t count, room;
    uint64_t added; /* number of lines so far */
    bool ended;     /* no more lines will be added */

    struct moment {
        int64_t second;
        int32_t nanoseconds;
    } latest, last, taken; /* the latest so far; that of the line added last; the latest taken */

    uint64_t moved; /* late lines that were put in their places */
};

void reorder_init(struct reorder *reorder, int64_t seconds);
void reorder_free(struct reorder *reorder);
/* Copies the line.  Lines are added in the order of the file. */
void reorder_add(struct reorder *reorder, const struct timed_line *line);
/* To be called after the last line: all that are held become ready. */
static inline void reorder_end(struct reorder *reorder)
{
    reorder->ended = true;
}
/* May the next line be taken? */
bool reorder_ready(const struct reorder *reorder);
/* Takes the next line; there must be one.  Its text replaces that in *text. */
void reorder_take(struct reorder *reorder, struct buf *text, struct timed_line *line);

#endif
