/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines that a pattern matches, made from its tree and then really matched.
 *
 * What comes out looks like a line of a log as far as the pattern lets it: month and time at its
 * beginning, addresses, users, words.  For some patterns none is found, which says nothing. */
#ifndef SECANT_WITNESS_SAMPLE_H
#define SECANT_WITNESS_SAMPLE_H

#include "base/arena.h"
#include "match/pattern.h"

/* What a group is to hold somewhere, put in by a part of it that takes any of these bytes, not by
 * one that is written that way; "": it is to be part of the match.  Group 0 is the whole line, as
 * $0 is in rules: what the pattern leaves open before and after its match counts. */
struct sample_wish {
    uint32_t group;
    struct bytes text;
    bool alone; /* it holds nothing else */
};

struct sample {
    struct bytes line;
    size_t count;               /* of what follows: the whole match, then each group */
    const struct bytes *groups; /* in the line; ptr NULL: no part of the match */
};

/* Of SubStr, RegExp or TValue; wish: NULL: none.  All that the sample holds is in the arena. */
bool sample_line(const struct pattern *pattern, const struct sample_wish *wish, struct arena *arena,
                 struct sample *sample);
/* Does a pattern of one of these types match the line?  false as well if it takes too
 * long to find out. */
bool sample_matches(const struct pattern *pattern, struct bytes line);

#endif
