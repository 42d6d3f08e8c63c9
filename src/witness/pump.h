/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines that may make a regular expression backtrack for long: what comes before a repeat, then
 * many times a text that several repeats, or several rounds of one, could take (the "pump" of a
 * ReDoS attack), and then what fits none of them.
 *
 * Whether a line does is left to the caller to try. */
#ifndef SECANT_WITNESS_PUMP_H
#define SECANT_WITNESS_PUMP_H

#include "match/syntax.h"

enum { PUMP_PIECES = 12 };

struct pump {
    const struct node *first, *last; /* the repeats that do it; the same: one inside of another */
    /* Repeats in a row, and the byte that the pattern has after each; -1: none, or several. */
    struct pump_loop {
        const struct node *node;
        int next;
    } loops[PUMP_PIECES];
    size_t loop_count; /* 0: one inside of another */
    size_t degree;     /* the power of the line's length that the steps grow with; 0: faster */
    struct pump_piece {
        struct bytes text;
        bool many; /* as often as the line has room */
    } pieces[PUMP_PIECES];
    size_t count;
};

/* The most promising first, with texts in the arena; returns how many there are, 0 for a pattern
 * that no line takes long. */
size_t pumps_find(struct bytes pattern, const struct syntax *syntax, struct arena *arena,
                  struct pump *pumps, size_t most);
/* A line that the pattern may match, where each endless repeat holds what it can of the filler;
 * false: the pattern is no single row. */
bool pump_filled(struct bytes pattern, const struct syntax *syntax, struct bytes filler,
                 struct arena *arena, struct buf *out);
/* How many times to repeat the `many` texts for a line of at most `size` bytes. */
size_t pump_times(const struct pump *pump, size_t size);
void pump_line(const struct pump *pump, size_t times, struct buf *out);
/* As an expression: "a" x 1000 . "!" */
void pump_print(const struct pump *pump, size_t times, struct buf *out);

#endif
