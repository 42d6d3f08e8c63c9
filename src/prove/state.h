/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks the state for what a test expects: contexts, operations, variables, pending events and
 * files. */
#ifndef SECANT_PROVE_STATE_H
#define SECANT_PROVE_STATE_H

#include "prove/files.h"
#include "prove/player.h"
#include "prove/text.h"

/* Where to look. */
struct state_view {
    struct player *player;
    const struct files *files;
    int64_t start; /* of the test; times are shown relative to it */
};

/* What was found. */
struct state_finding {
    bool holds;
    struct buf reason; /* why not: "it has 3 lines" */
    struct buf near;   /* the nearest thing that is there; empty: there is none */
    size_t from, to;   /* the part of it that differs */
};

/* Is there what the expectation says, ignoring `not`?  ends: the second that its `until` or `at`
 * means; INT64_MIN: it has none.  The finding is owned by the caller, and cleared first. */
void state_look(const struct state_view *view, const struct test_expectation *expect, int64_t ends,
                struct state_finding *finding);
void state_finding_free(struct state_finding *finding);

#endif
