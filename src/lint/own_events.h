/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events that the rules of a set make themselves (event, cevent, tevent).  They lack what precedes
 * the messages in a log. */
#ifndef SECANT_LINT_OWN_EVENTS_H
#define SECANT_LINT_OWN_EVENTS_H

#include "lang/ruleset.h"

struct own_events {
    struct bytes *texts; /* with a word in place of each variable; owned */
    size_t count, room;
    size_t tries; /* how many matches were tried so far */
    struct arena *arena;
};

/* The texts are stored in the arena. */
void own_events_find(const struct ruleset *set, struct arena *arena, struct own_events *events);
void own_events_free(struct own_events *events);
/* Does the pattern match one of them?  Returns true as well if there are too many to try. */
bool own_events_match(struct own_events *events, const struct pattern *pattern);

#endif
