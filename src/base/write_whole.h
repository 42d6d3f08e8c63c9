/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes a text with as many calls of write(2), or send(2), as it takes. */
#ifndef SECANT_BASE_WRITE_WHOLE_H
#define SECANT_BASE_WRITE_WHOLE_H

#include "base/bytes.h"

/* Is not cut short by signals, and waits for a slow reader even if the descriptor does not block.
 * Returns false with errno on failure; some of the text may have been written. */
bool write_whole(int fd, struct bytes text);
/* The same for a socket that blocks; raises no SIGPIPE if nobody reads from it any more. */
bool send_whole(int socket, struct bytes text);

#endif
