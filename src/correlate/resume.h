/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Operations that began in a previous run of the program. */
#ifndef SECANT_CORRELATE_RESUME_H
#define SECANT_CORRELATE_RESUME_H

#include "state/engine.h"

/* What is known about such an operation. */
struct earlier {
    struct bytes desc;
    int64_t start, time, window;      /* as in struct operation */
    bool reached;                     /* its threshold, or all of them, or the first of two */
    const struct group_event *events; /* oldest first; part and token: of EventGroup */
    size_t count;
    struct binding *bound; /* taken over; NULL: none */
};

/* Continues it as an operation of this rule.  The rule must have none of this description; times
 * are not checked, and parts must be below the rule's part_count.  Returns NULL if this is not
 * possible; *error says why. */
struct operation *operation_resume(struct engine *engine, struct rule_state *state,
                                   const struct earlier *earlier, struct buf *error);

#endif
