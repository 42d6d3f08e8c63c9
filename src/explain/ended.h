/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Remembers which operation of each rule ended last: that is what a line that comes too late was
 * meant for. */
#ifndef SECANT_EXPLAIN_ENDED_H
#define SECANT_EXPLAIN_ENDED_H

#include "state/engine.h"

struct ended {
    const struct rule *rule;
    struct bytes name; /* of the operation; owned */
    int64_t second;    /* since the epoch */
};

/* Starts to observe the operations of this engine; only one engine per process can be observed. */
void ended_listen(struct engine *engine);
/* Returns NULL if no operation of the rule has ended.  Valid until another operation ends. */
const struct ended *ended_of(const struct rule *rule);

#endif
