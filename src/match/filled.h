/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Regular expressions into which quoted values are put, as the second patterns of Pair rules.
 *
 * The pattern is read once with stand-ins in place of the values.  Where each of them is a
 * plain literal, any non-empty values give a sound expression of the same shape, so that it need
 * not be compiled before a line may match it; and the longest required literal with a value in it
 * tells which line that may be. */
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
    bool certain; /* sound whatever the values, unless one of them is empty */
    size_t count; /* pieces of a literal that every match holds; 0: none known */
    struct filled_piece *pieces;
    const struct required *required; /* literals without values: every match holds one of them */
    size_t required_count;
    struct dialect dialect; /* of the pattern with any ASCII values; its literals do not count */
};

/* texts[0], value 0, texts[1], value 1, ... texts[values].  What is found lies in the arena. */
void filled_read(const struct bytes *texts, size_t values, struct arena *arena,
                 struct filled *filled);

#endif
