/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does one pattern match every line that another one matches?  This is proven from their trees,
 * never guessed from samples: capturing, the notation of a class, a wider class, ^ and .* make no
 * difference. */
#ifndef SECANT_WITNESS_INCLUSION_H
#define SECANT_WITNESS_INCLUSION_H

#include "witness/line_set.h"

/* Returns false as well if it is not known, because the patterns are too large or contain something
 * that is not supported.  The arena is used only during the call.  Adds the number of pairs of
 * states that were looked at to *cost. */
bool inclusion_holds(const struct line_set *by, const struct line_set *set, struct arena *arena,
                     size_t *cost);

#endif
