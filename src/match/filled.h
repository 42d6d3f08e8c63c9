/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Regular expressions into which quoted values are inserted, such as the second patterns of Pair
 * rules.
 *
 * The pattern is read once with placeholders for the values.  If each of them turns out to be a
 * plain literal, any non-empty values give a valid expression of the same shape, which need not be
 * compiled until a line may match it; and the longest required literal that contains a value tells
 * which lines these are. */
#ifndef SECANT_MATCH_FILLED_H
#define SECANT_MATCH_FILLED_H

#include "base/arena.h"
#include "base/bytes.h"
#include "match/dialect.h"

/* A piece of a required literal: text, or a value. */
struct filled_piece {
    int32_t value; /* -1: text */
    struct bytes text;
};

struct filled {
    bool certain; /* valid for all values, unless one of them is empty */
    size_t count; /* pieces of a literal that every match contains; 0: none known */
    struct filled_piece *pieces;
    const struct required *required; /* literals without values: every match contains one */
    size_t required_count;
    struct dialect dialect; /* of the pattern with any ASCII values; its literals do not count */
};

/* Reads the pattern texts[0], value 0, texts[1], value 1, ... texts[values].  The results are in
 * the arena. */
void filled_read(const struct bytes *texts, size_t values, struct arena *arena,
                 struct filled *filled);

#endif
