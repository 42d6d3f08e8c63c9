/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Among many patterns, those that may match all that another one matches: their texts are in it.
 * Only of these few is a proof worth its time (witness/inclusion.h). */
#ifndef SECANT_WITNESS_WIDER_H
#define SECANT_WITNESS_WIDER_H

#include "match/prefilter.h"
#include "witness/line_set.h"

enum { WIDER_MAX = 8 };

struct wider {
    struct prefilter *texts; /* one of each row */
    struct hits hits;
    size_t bare[WIDER_MAX / 2], bare_count; /* patterns without a text: a few */
};

/* sets[i] NULL: not that one.  The sets are the caller's and live as long as the index. */
void wider_read(struct wider *wider, const struct line_set *const *sets, size_t count,
                struct arena *arena);
void wider_free(struct wider *wider);
/* Indices of such patterns, smaller than `end`, in found[WIDER_MAX]; returns how many. */
size_t wider_find(struct wider *wider, const struct line_set *const *sets,
                  const struct line_set *of, size_t end, size_t *found);

#endif
