/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rule types, one file each. */
#ifndef SECANT_CORRELATE_TYPES_H
#define SECANT_CORRELATE_TYPES_H

#include "lang/rule.h"

extern const struct rule_type rule_single, rule_script, rule_suppressing, rule_pair,
    rule_pair_window, rule_threshold, rule_two_thresholds, rule_event_group, rule_suppress,
    rule_calendar, rule_jump, rule_options;

#endif
