/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A text written by as many calls of write(2), or send(2), as it takes. */
#ifndef SECANT_BASE_WRITE_WHOLE_H
#define SECANT_BASE_WRITE_WHOLE_H

#include "base/bytes.h"

/* Signals do not cut it short, and a reader that is slow is waited for, even where the descriptor
 * does not block.  false: errno says why; some of the text may have been written. */
bool write_whole(int fd, struct bytes text);
/* The same to a socket that blocks; one that nobody reads any more raises no SIGPIPE. */
bool send_whole(int socket, struct bytes text);

#endif
