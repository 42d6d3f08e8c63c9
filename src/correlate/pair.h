/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pair and PairWithWindow: what their operations wait for. */
#ifndef SECANT_CORRELATE_PAIR_H
#define SECANT_CORRELATE_PAIR_H

#include "state/engine.h"

/* The second patterns of the rule's live operations against the present line; each that matches
 * runs its second action list and ends. true: at least one did. */
bool pair_match(struct engine *engine, struct rule *rule);
/* For dumps: the second pattern of the operation, and its second description with the first
 * match's variables put in. */
const struct pattern *pair_pattern2(struct engine *engine, const struct operation *operation);
struct bytes pair_desc2(struct engine *engine, const struct operation *operation);

#endif
