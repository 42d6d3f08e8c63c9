/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits until a descriptor takes more, in a way that signals can cut short.
 *
 * Standard output, a terminal or a log that is a pipe may stay full for ever.  All waiting for one
 * of them is done here, so that a signal that comes meanwhile is handled, at whatever moment it
 * comes. */
#ifndef SECANT_BASE_PATIENCE_H
#define SECANT_BASE_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

struct patience {
    /* Has a signal come that nobody has handled yet?  Called with all signals blocked. */
    bool (*signalled)(void *arg);
    /* Handles the signals that have come, which may run user code.  Returns true if the wait is to
     * be cut short. */
    bool (*exhausted)(void *arg);
    void *arg;
    int64_t until; /* once cut short, it still waits up to this time (monotonic_ms()); 0: no */
};

/* Returns true if a write will not block, or will report what is wrong; false if the wait was cut
 * short.  With NULL it waits for ever. */
bool patience_room(const struct patience *patience, int fd);

#endif
