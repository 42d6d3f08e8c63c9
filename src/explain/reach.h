/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a pattern gets in a text that it does not match.
 *
 * As no regular expression engine tells that, it is found by trying: the longest beginning of the
 * pattern that still matches somewhere, and then the longest end that matches after it.  Everything
 * reported has been tried.  Places are byte offsets.
 */
#ifndef SECANT_EXPLAIN_REACH_H
#define SECANT_EXPLAIN_REACH_H

#include <stdbool.h>

#include "base/bytes.h"

struct reach {
    bool known; /* false: the time limit was hit; the rest is what was found until then */
    bool whole; /* the pattern does match, from `from` to `to` */
    /* In the pattern. */
    size_t part_from, part_to;   /* the longest beginning that matches, of one alternative */
    unsigned open;               /* how many groups are open at part_to */
    size_t wants_from, wants_to; /* what has to come next, without pieces that match anything */
    size_t rest_from, rest_to;   /* the end that matches further on; empty: none does */
    /* In the text. */
    size_t from, to; /* where the beginning matches, or the part of it before its last ".*" */
    bool anywhere;   /* anything may follow `to`, but what is wanted is nowhere after it */
    size_t rest_at;  /* where the end matches */
    size_t gap_from; /* where the text begins that is in the way; it ends at rest_at */
    double share;    /* how much of the pattern matches, from 0 to 1 */
};

/* pattern: a regular expression that Perl compiles. */
void reach_regexp(struct bytes pattern, struct bytes text, struct reach *reach);
void reach_substring(struct bytes substring, struct bytes text, struct reach *reach);
/* Appends the beginning that matches as a pattern of its own, for the fuzz target to check. */
void reach_part(struct bytes pattern, const struct reach *reach, struct buf *out);

#endif
