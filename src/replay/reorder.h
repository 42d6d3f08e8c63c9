/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of one input, held back until no line can come before them.
 *
 * A line is held until one that is so many seconds later has come, so that a line up to that much
 * late comes at its own time.  Lines come in the order of their times, fractions included; those of
 * the same moment in the order of the file.  A line without a time stays with the one before it.
 * A line that is later still comes at once, before its time is due.  Memory is that of the lines
 * held.
 */
#ifndef SECANT_REPLAY_REORDER_H
#define SECANT_REPLAY_REORDER_H

#include "replay/timed_line.h"

struct held_line;

struct reorder {
    int64_t seconds;         /* how long lines are held; more than 0 */
    struct held_line **heap; /* owned; the next one first */
    size_t count, room;
    uint64_t added; /* lines so far */
    bool ended;     /* nothing comes any more */

    struct moment {
        int64_t second;
        int32_t nanoseconds;
    } latest, last, taken; /* the latest line's; of the line added last; of the one taken last */

    uint64_t moved; /* lines that came before one that is earlier in the file */
};

void reorder_init(struct reorder *reorder, int64_t seconds);
void reorder_free(struct reorder *reorder);
/* Copies the line.  Lines are added in the order of the file. */
void reorder_add(struct reorder *reorder, const struct timed_line *line);
/* After the last line: all that are held are ready. */
static inline void reorder_end(struct reorder *reorder)
{
    reorder->ended = true;
}
/* May the next line be taken? */
bool reorder_ready(const struct reorder *reorder);
/* Takes it; its text replaces that in *text. */
void reorder_take(struct reorder *reorder, struct buf *text, struct timed_line *line);

#endif
