/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an earlier run has read of a file, to be read once more. */
#ifndef SECANT_IO_PAST_H
#define SECANT_IO_PAST_H

#include "io/place.h"

struct past;

/* The bytes of that file from that offset on, whatever name it has now in its folder, compressed
 * or not.  NULL: it is not there, or not the same any more; why says so.  The place's texts are not
 * kept. */
struct past *past_open(const struct input_place *place, struct buf *why);
/* Is it in standard input, which is a file, and the same one as then? */
bool past_is_stdin(const struct input_place *place);
void past_close(struct past *past); /* NULL is allowed */
/* The next `size` bytes, valid until the next call; false: so many are not to be had, and those
 * that are have been put there. */
bool past_read(struct past *past, size_t size, struct bytes *bytes);
/* Puts there how far it has been read: offset and marks; all else is left as it is. */
void past_place(const struct past *past, struct input_place *place);

#endif
