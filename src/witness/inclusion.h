/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does one pattern match every line that another one matches?  Proven from their trees, never
 * guessed from samples: capturing, the way that a class is written, a wider class, ^ and .* make no
 * difference. */
#ifndef SECANT_WITNESS_INCLUSION_H
#define SECANT_WITNESS_INCLUSION_H

#include "witness/line_set.h"

/* false as well where it is not known: the patterns are too large, or have what is not followed.
 * The arena is for the time of the call.  Adds to *cost the pairs of states that were looked at. */
bool inclusion_holds(const struct line_set *by, const struct line_set *set, struct arena *arena,
                     size_t *cost);

#endif
