/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a pattern goes in a text that it does not match.
 *
 * No engine for regular expressions says that, so beginnings of the pattern are tried: the longest
 * one that still matches somewhere, and after it the longest end that matches further on.  All that
 * is said was tried; places are bytes.
 */
#ifndef SECANT_EXPLAIN_REACH_H
#define SECANT_EXPLAIN_REACH_H

#include <stdbool.h>

#include "base/bytes.h"

struct reach {
    bool known; /* false: not found out in the time that it may take; the rest is what is known */
    bool whole; /* it does match, from `from` to `to` */
    /* In the pattern. */
    size_t part_from, part_to;   /* its longest beginning that matches; of one alternative */
    unsigned open;               /* groups that are open at part_to */
    size_t wants_from, wants_to; /* what has to come next, without what may be anything */
    size_t rest_from, rest_to;   /* the end that matches further on; empty: none does */
    /* In the text. */
    size_t from, to; /* where the beginning matches; as much of it as comes before any ".*" */
    bool anywhere;   /* after `to` anything may come: what it wants is nowhere after it */
    size_t rest_at;  /* where the end matches */
    size_t gap_from; /* where what is in the way begins: gap_from to rest_at */
    double share;    /* of the pattern, 0 to 1: how much of it matches */
};

/* pattern: a regular expression that Perl compiles. */
void reach_regexp(struct bytes pattern, struct bytes text, struct reach *reach);
void reach_substring(struct bytes substring, struct bytes text, struct reach *reach);
/* The beginning that matches, as a pattern of its own: what the fuzz target checks. */
void reach_part(struct bytes pattern, const struct reach *reach, struct buf *out);

#endif
