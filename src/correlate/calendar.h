/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When Calendar rules run; called by engine/clean_up.c. */
#ifndef SECANT_CORRELATE_CALENDAR_H
#define SECANT_CORRELATE_CALENDAR_H

#include <time.h>

#include "state/engine.h"

/* Does the rule's time match tm?  last_day: tm is on the last day of its month. */
bool calendar_matches(const struct rule *rule, const struct tm *tm, bool last_day);
/* Runs the action list unless it already ran in this minute or the context is false.  Returns false
 * in the latter case: call it again within the minute. */
bool calendar_fire(struct engine *engine, struct rule_state *state, const struct tm *tm);

#endif
