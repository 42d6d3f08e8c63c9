/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command does to the service's folder: thought of as a whole, then done as a whole. */
#ifndef SECANT_LIBRARY_PLAN_H
#define SECANT_LIBRARY_PLAN_H

#include "library/library.h"

enum step_kind { STEP_LINK, STEP_COPY, STEP_REMOVE };

struct step {
    enum step_kind kind;
    const struct package *package;
    struct bytes path;   /* in the service's folder */
    struct bytes source; /* a file of the library; of a link that goes, what it says */
};

/* Texts are the library's.  All zero is an empty plan; plan_free gives it back. */
struct plan {
    struct step *steps; /* owned */
    size_t count, room;
    struct buf wrong; /* why it cannot be done, a line each; empty: it can */
    struct buf notes; /* what is left as it is, and why, a line each */
};

/* Both take each package once, and find wrong what the system would refuse: a folder that is not
 * there, or that may not be written to.  Enabling also brings base, if it is missing, and removes
 * the links to files that the package does not have any more. */
void plan_enable(struct plan *plan, const struct library *library,
                 const struct package *const *packages, size_t count);
/* Base goes with the last package, unless other rules may need it. */
void plan_disable(struct plan *plan, struct library *library, const struct package *const *packages,
                  size_t count);

/* All of it or, as far as the system lets us, nothing; false: `why` says what could not be done.
 * The plan has nothing wrong. */
bool plan_carry_out(const struct plan *plan, struct buf *why);
void plan_free(struct plan *plan);

#endif
