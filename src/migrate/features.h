/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was added to SEC since 2.7.0, each feature with its release.  An older SEC refuses rules
 * that use it, or leaves a text as it is; Secant does the same when compared with an older SEC, and
 * the report names the feature. */
#ifndef SECANT_MIGRATE_FEATURES_H
#define SECANT_MIGRATE_FEATURES_H

#include "state/engine.h"

/* The features that a release lacks. */
struct features {
    unsigned release; /* 20904 is 2.9.4 */
    /* Called with each of them that rules use, in words for people; may be called repeatedly. */
    void (*missed)(void *arg, struct bytes what);
    void *arg;
};

/* The number of a release like "2.9.4"; anything else counts as the newest. */
unsigned features_release(struct bytes version);
/* Makes the engine refuse what the release refuses; to be called before rules are loaded.  The
 * features remain owned by the caller. */
void features_leave_out(struct features *these, struct engine *engine);
/* Removes variables that the release does not have; to be called after rules are loaded. */
void features_loaded(const struct features *these, struct engine *engine);
/* Does the release say this in its log? */
bool features_says(const struct features *features, struct bytes message);

#endif
