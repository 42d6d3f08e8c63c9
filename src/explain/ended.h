/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The operation of each rule that ended last: what a line that comes too late was for. */
#ifndef SECANT_EXPLAIN_ENDED_H
#define SECANT_EXPLAIN_ENDED_H

#include "state/engine.h"

struct ended {
    const struct rule *rule;
    struct bytes name; /* the operation's, owned */
    int64_t second;    /* since the epoch */
};

/* From now on the engine's operations are heard of; one engine of a process is. */
void ended_listen(struct engine *engine);
/* NULL: none of the rule has ended.  Valid until another operation ends. */
const struct ended *ended_of(const struct rule *rule);

#endif
