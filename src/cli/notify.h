/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling a service manager, such as systemd with Type=notify, what state the program is in. */
#ifndef SECANT_CLI_NOTIFY_H
#define SECANT_CLI_NOTIFY_H

#include "state/engine.h"

/* What the manager was told last.  All zero is right to begin with. */
struct notify {
    bool listening;       /* there is a manager */
    size_t inputs, open;  /* of the last status */
    int64_t alive_period; /* milliseconds from one sign of life to the next; 0: none are wanted */
    int64_t alive;        /* the last one, of monotonic_ms() */
};

/* All do nothing unless $NOTIFY_SOCKET names the manager's socket.  One that does not listen is not
 * complained about: there is nobody who could act on it. */

/* Start or restart has ended; says how many rules and inputs there are. */
void notify_ready(struct notify *notify, const struct engine *engine);
void notify_reloading(void); /* to be followed by notify_ready */
void notify_stopping(void);

/* Between two lines, cheaply: reports inputs that have been opened or closed since, and gives a
 * sign of life when it is time for one. */
void notify_news(struct notify *notify, const struct engine *engine);
/* Milliseconds until the next sign of life is due, or -1. */
int notify_wait_limit(const struct notify *notify);

#endif
