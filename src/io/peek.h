/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking at the bytes of a pipe before taking them out, so that they stay there if the program
 * ends in between. */
#ifndef SECANT_IO_PEEK_H
#define SECANT_IO_PEEK_H

#include <stddef.h>
#include <sys/types.h>

/* As read(2) without waiting, but the bytes stay in the pipe or FIFO.  Fails with EINVAL if fd is
 * neither. */
ssize_t pipe_peek(int fd, char *room, size_t size);
/* Takes out this many bytes, which pipe_peek has returned. */
void pipe_take(int fd, size_t size);

#endif
