/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the few patterns, among many, that may match all lines that another one matches, because
 * their texts occur in it.  Only for these a proof (witness/inclusion.h) is worth its time. */
#ifndef SECANT_WITNESS_WIDER_H
#define SECANT_WITNESS_WIDER_H

#include "match/prefilter.h"
#include "witness/line_set.h"

enum { WIDER_MAX = 8 };

struct wider {
    struct prefilter *texts; /* one text of each row */
    struct hits hits;
    size_t bare[WIDER_MAX / 2], bare_count; /* some patterns without a text */
};

/* If sets[i] is NULL, it is skipped.  The sets are owned by the caller and must outlive the
 * index. */
void wider_read(struct wider *wider, const struct line_set *const *sets, size_t count,
                struct arena *arena);
void wider_free(struct wider *wider);
/* Stores the indices of such patterns below `end` in found[WIDER_MAX], and returns how many there
 * are. */
size_t wider_find(struct wider *wider, const struct line_set *const *sets,
                  const struct line_set *of, size_t end, size_t *found);

#endif
