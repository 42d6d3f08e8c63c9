/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds lines that may make a regular expression backtrack for a long time: what comes before a
 * repeat, then many times a text that several repeats, or several rounds of one, could match (the
 * "pump" of a ReDoS attack), and then something that fits none of them.
 *
 * The caller has to try whether a line really does so. */
#ifndef SECANT_WITNESS_PUMP_H
#define SECANT_WITNESS_PUMP_H

#include "match/syntax.h"

enum { PUMP_PIECES = 12 };

struct pump {
    const struct node *first, *last; /* the repeats in question; if equal: one inside another */
    /* Repeats in a row, and the byte that follows each in the pattern; -1: none, or several. */
    struct pump_loop {
        const struct node *node;
        int next;
    } loops[PUMP_PIECES];
    size_t loop_count; /* 0: one inside another */
    size_t degree;     /* steps grow with this power of the line's length; 0: faster */
    struct pump_piece {
        struct bytes text;
        bool many; /* repeated as often as the line has room */
    } pieces[PUMP_PIECES];
    size_t count;
};

/* Stores at most `most` pumps, the most promising first, with texts in the arena.  Returns how many
 * there are; 0 for a pattern that is not slow with any line. */
size_t pumps_find(struct bytes pattern, const struct syntax *syntax, struct arena *arena,
                  struct pump *pumps, size_t most);
/* Appends a line that the pattern may match, in which each unlimited repeat matches as much of the
 * filler as it can.  Returns false if the pattern is not a plain sequence. */
bool pump_filled(struct bytes pattern, const struct syntax *syntax, struct bytes filler,
                 struct arena *arena, struct buf *out);
/* How many times to repeat the `many` texts for a line of at most `size` bytes. */
size_t pump_times(const struct pump *pump, size_t size);
void pump_line(const struct pump *pump, size_t times, struct buf *out);
/* Appends the line as an expression: "a" x 1000 . "!" */
void pump_print(const struct pump *pump, size_t times, struct buf *out);

#endif
