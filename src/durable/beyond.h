/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a file holds beyond the length that is recorded: texts, each of which is matched with one
 * that is about to be written again.
 *
 * Usually they come again in the order of the file, but not always: others may write to the file as
 * well, and the lines of several inputs may come in another order.  So a text of one line may be
 * found inside a text of several lines that contains the same line. */
#ifndef SECANT_DURABLE_BEYOND_H
#define SECANT_DURABLE_BEYOND_H

#include "base/bytes.h"

/* Bytes of a file, `to` excluded. */
struct durable_range {
    uint64_t from, to;
};

struct beyond;

/* Reads these ranges, which must be in order and not touch; parts beyond the end of the file are
 * left out.  Takes over the descriptor, which stays open if the ranges are too large to be kept
 * in memory at once.  Returns NULL with errno if they cannot be read. */
struct beyond *beyond_read(int fd, const struct durable_range *ranges, size_t count);
void beyond_free(struct beyond *beyond); /* NULL is allowed */

/* How many bytes of the text are there: all; 0; or, if `torn`, its beginning, if the last range
 * ends with that.  What is found is used up, and not found again.  A text begins at the start of
 * a line or of a range, or where another text ends. */
size_t beyond_use(struct beyond *beyond, struct bytes text, bool torn);

/* Does the last range end with a partial line that no text has used yet? */
bool beyond_is_torn(const struct beyond *beyond);

/* Appends the ranges that no text has used yet to this array. */
void beyond_left(const struct beyond *beyond, struct durable_range **ranges, size_t *count,
                 size_t *room);
/* The first line of these, or its beginning if it is very long; valid until the next call.  Empty
 * if nothing is left, or it cannot be read any more. */
struct bytes beyond_left_line(struct beyond *beyond);

#endif
