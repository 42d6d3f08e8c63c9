/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting until a descriptor takes more, in a way that signals can cut short.
 *
 * Standard output, a terminal or a log that is a pipe may be full for ever.  Whoever
 * waits for one of them waits here, so that a signal that comes meanwhile is looked at,
 * whatever moment it comes at. */
#ifndef SECANT_BASE_PATIENCE_H
#define SECANT_BASE_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

struct patience {
    /* Has a signal come that nobody has looked at?  Called with all signals blocked. */
    bool (*signalled)(void *arg);
    /* Looks at what has come, which may run user code; true: the wait is to be cut short. */
    bool (*exhausted)(void *arg);
    void *arg;
    int64_t until; /* even then it waits up to this time: monotonic_ms(); 0: no */
};

/* true: a write will not block, or will tell what is wrong; false: cut
 * short.  NULL waits for ever. */
bool patience_room(const struct patience *patience, int fd);

#endif
