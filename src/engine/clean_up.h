/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clean-up: contexts that have expired, pending events, sockets, Calendar rules, operations. */
#ifndef SECANT_ENGINE_CLEAN_UP_H
#define SECANT_ENGINE_CLEAN_UP_H

#include "state/engine.h"

/* The work that is due by now, in upstream's order. */
void clean_up_due(struct engine *engine);
/* The next second (since 1970) at which clean_up_due has work, Calendar rules included; INT64_MAX:
 * none is known. */
int64_t clean_up_next(const struct engine *engine);

#endif
