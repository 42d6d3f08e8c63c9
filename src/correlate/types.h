/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every rule type, one file each, listed in the order of upstream's manual. */
#ifndef SECANT_CORRELATE_TYPES_H
#define SECANT_CORRELATE_TYPES_H

#include "lang/rule.h"

/* clang-format off */
#define EACH_RULE_TYPE(DO) \
    DO(single) DO(script) DO(suppressing) \
    DO(pair) DO(pair_window) \
    DO(threshold) DO(two_thresholds) \
    DO(event_group) \
    DO(suppress) DO(calendar) DO(jump) \
    DO(options)
/* clang-format on */

#define DECLARE_RULE_TYPE(name) extern const struct rule_type rule_##name;
EACH_RULE_TYPE(DECLARE_RULE_TYPE)

#endif
