/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a file holds beyond what is known to be written: texts, each of which stands for one that is
 * about to be written again.
 *
 * They mostly come in the order in which they stand there, but need not: others may have written to
 * the file as well, and lines of several inputs may have been taken in another order.  Then a text
 * of one line may be found in one of several, if that has the same line. */
#ifndef SECANT_DURABLE_BEYOND_H
#define SECANT_DURABLE_BEYOND_H

#include "base/bytes.h"

/* Bytes of a file, `to` excluded. */
struct durable_range {
    uint64_t from, to;
};

struct beyond;

/* Reads these ranges, which are in order and do not meet; of what is not there, nothing is.  The
 * descriptor is its own from now on: it stays open if a part in memory cannot hold all.  NULL: they
 * cannot be read, errno says why. */
struct beyond *beyond_read(int fd, const struct durable_range *ranges, size_t count);
void beyond_free(struct beyond *beyond); /* NULL is allowed */

/* How much of the text is there: all of it; or 0; or, if `torn`, its beginning, with which the last
 * range ends.  What is there stands for this text from then on, and for no other.  A text begins
 * where a line or a range does, or where another text ends. */
size_t beyond_use(struct beyond *beyond, struct bytes text, bool torn);

/* Is the end of the last range the beginning of a line that stands for no text yet? */
bool beyond_is_torn(const struct beyond *beyond);

/* What stands for no text yet: adds ranges to the end of the array of so many. */
void beyond_left(const struct beyond *beyond, struct durable_range **ranges, size_t *count,
                 size_t *room);
/* The first line of that, if it is very long its beginning, until the next call; empty: nothing is
 * left, or it cannot be read any more. */
struct bytes beyond_left_line(struct beyond *beyond);

#endif
