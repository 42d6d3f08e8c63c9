/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signals: full and soft restart, dump, log rotation, logging level, shutdown. */
#ifndef SECANT_CLI_SIGNALS_H
#define SECANT_CLI_SIGNALS_H

#include "cli/setup.h"

/* Deals with the signals that have come, one kind after the other in upstream's order.  false: the
 * program is to end now (SIGTERM); all is shut down. */
bool signals_handle(struct program *program);

#endif
