/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a log through the rules as in a replay: at the times of its lines, without performing
 * effects.  After the last line time goes on until nothing is pending, at most a day.  Signals that
 * rules raise are ignored as well, so that all lines meet the same rules.  If the rules do not
 * finish with a line, the program ends. */
#ifndef SECANT_CHECK_PLAY_H
#define SECANT_CHECK_PLAY_H

#include "lint/reached.h"
#include "replay/logs.h"
#include "stage/stage.h"

/* Finds the logs and reads the first line; to be called before Perl starts.  Returns false if there
 * is none, and says so. */
bool play_open(struct logs *logs, const struct bytes *patterns, size_t count,
               const struct line_options *options, bool *with_contexts);
/* Returns false if not all lines reached the rules, and says so. */
bool play_through(struct logs *logs, struct stage *stage, struct reached *reached);
/* The callback of the stage for each effect. */
void play_hear_effect(void *arg, const struct effect *effect, struct effect_answer *answer);

#endif
