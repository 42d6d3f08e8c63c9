/* Clean-up: contexts that are over, pending events, sockets, Calendar rules, operations. */
#ifndef SECANT_ENGINE_EXPIRE_H
#define SECANT_ENGINE_EXPIRE_H

#include "state/engine.h"

void expire_due(struct engine *engine);
/* The next second at which expire_due has work (Calendar included). */
int64_t expire_next(const struct engine *engine);

#endif
