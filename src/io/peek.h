/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes of a pipe are seen before they are taken out of it, so that what ends the program in
 * between leaves them there. */
#ifndef SECANT_IO_PEEK_H
#define SECANT_IO_PEEK_H

#include <stddef.h>
#include <sys/types.h>

/* As read(2), without waiting, but the bytes stay in the pipe, or FIFO; EINVAL: it is none. */
ssize_t pipe_peek(int fd, char *room, size_t size);
/* Takes so many, which were seen. */
void pipe_take(int fd, size_t size);

#endif
