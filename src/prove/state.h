/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is there: contexts, operations, variables, pending events and files, as a test expects
 * them. */
#ifndef SECANT_PROVE_STATE_H
#define SECANT_PROVE_STATE_H

#include "prove/files.h"
#include "prove/player.h"
#include "prove/text.h"

/* Where to look. */
struct state_view {
    struct player *player;
    const struct files *files;
    int64_t start; /* of the test: times are told from there */
};

/* What was found. */
struct state_finding {
    bool holds;
    struct buf reason; /* why not: "it has 3 lines" */
    struct buf near;   /* the nearest that is there; empty: nothing is */
    size_t from, to;   /* the part of it that differs */
};

/* Is there what the expectation says, `not` apart?  ends: the second that its `until` or `at`
 * means; INT64_MIN: it has none.  finding is emptied first and is the caller's. */
void state_look(const struct state_view *view, const struct test_expectation *expect, int64_t ends,
                struct state_finding *finding);
void state_finding_free(struct state_finding *finding);

#endif
