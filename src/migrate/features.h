/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What SEC has learnt since 2.7.0, each with its release.  An older SEC refuses rules that use it,
 * or leaves a text as it is; so does Secant in a comparison with one, and the report names it. */
#ifndef SECANT_MIGRATE_FEATURES_H
#define SECANT_MIGRATE_FEATURES_H

#include "state/engine.h"

/* What a release does not know. */
struct features {
    unsigned release; /* 20904 is 2.9.4 */
    /* Is told, in words for people, what of it rules have used; not each once only. */
    void (*missed)(void *arg, struct bytes what);
    void *arg;
};

/* "2.9.4"; what is no release counts as the newest. */
unsigned features_release(struct bytes version);
/* Before rules are loaded: the engine refuses what the release does.  The features stay the
 * caller's. */
void features_leave_out(struct features *these, struct engine *engine);
/* After that: takes away variables that the release does not have. */
void features_loaded(const struct features *these, struct engine *engine);
/* Does the release say this in its log? */
bool features_says(const struct features *features, struct bytes message);

#endif
