/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When Calendar rules run; engine/clean_up.c asks. */
#ifndef SECANT_CORRELATE_CALENDAR_H
#define SECANT_CORRELATE_CALENDAR_H

#include <time.h>

#include "state/engine.h"

/* Does the rule's time hold at tm? last_day: tm is in the last day of its month. */
bool calendar_matches(const struct rule *rule, const struct tm *tm, bool last_day);
/* Runs the action list unless it ran in this minute or the context does not hold; false in the
 * latter case: to be asked again within the minute. */
bool calendar_fire(struct engine *engine, struct rule_state *state, const struct tm *tm);

#endif
