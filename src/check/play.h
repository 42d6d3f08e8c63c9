/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A log goes through the rules, as in a replay: in the time of its lines, and nothing that rules do
 * happens.  After the last line time goes on until nothing is pending, a day at most.  Signals
 * that rules raise do not happen either: all lines meet the same rules.  Rules that come to no end
 * with one line end the program. */
#ifndef SECANT_CHECK_PLAY_H
#define SECANT_CHECK_PLAY_H

#include "lint/reached.h"
#include "replay/logs.h"
#include "stage/stage.h"

/* Before Perl starts: finds the logs and reads the first line.  false: there is none; that was
 * said. */
bool play_open(struct logs *logs, const struct bytes *patterns, size_t count,
               const struct line_options *options, bool *with_contexts);
/* false: not all lines came to the rules; that was said. */
bool play_through(struct logs *logs, struct stage *stage, struct reached *reached);
/* What the stage calls for each effect. */
void play_hear_effect(void *arg, const struct effect *effect, struct effect_answer *answer);

#endif
