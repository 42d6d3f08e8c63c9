/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pair and PairWithWindow: what their operations wait for. */
#ifndef SECANT_CORRELATE_PAIR_H
#define SECANT_CORRELATE_PAIR_H

#include "state/engine.h"

/* The second patterns of the rule's live operations against the present line; each that matches
 * runs its second action list and ends. true: at least one did. */
bool pair_match(struct engine *engine, struct rule_state *state);

#endif
