/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading once more what an earlier run has read of a file. */
#ifndef SECANT_IO_PAST_H
#define SECANT_IO_PAST_H

#include "io/place.h"

struct past;

/* Opens the file of this place at its offset, whatever name it has now in its folder, compressed or
 * not.  Returns NULL if it is not there or not the same any more; why has the reason.  The place's
 * texts are not kept. */
struct past *past_open(const struct input_place *place, struct buf *why);
/* Is this a place in standard input, and is that a regular file and the same one as then? */
bool past_is_stdin(const struct input_place *place);
void past_close(struct past *past); /* NULL is allowed */
/* Reads the next `size` bytes, valid until the next call.  Returns false if there are not as many;
 * *bytes then has those that there are. */
bool past_read(struct past *past, size_t size, struct bytes *bytes);
/* Sets the place's offset and marks to how far it has been read, and leaves all else as it is. */
void past_place(const struct past *past, struct input_place *place);

#endif
