/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds what in a timeline an expectation means, and what comes nearest to it. */
#ifndef SECANT_PROVE_NEAREST_H
#define SECANT_PROVE_NEAREST_H

#include "prove/timeline.h"

/* Is it what is expected, regardless of when it happened? */
bool nearest_fits(const struct test_expectation *expect, const struct happening *happening);
/* Returns the happening with the fewest differences, of the same subject and not taken by an
 * expectation; if several are equally near, the first one in the region first..end.  NULL: there
 * is none. */
const struct happening *nearest_find(const struct timeline *timeline,
                                     const struct test_expectation *expect, size_t first,
                                     size_t end);
/* Appends what is shown of it to `out`, which must be empty.  *from..*to is the part that differs,
 * in whole words; both are 0 if all of it does, or nothing. */
void nearest_show(const struct test_expectation *expect, const struct happening *happening,
                  struct buf *out, size_t *from, size_t *to);

#endif
