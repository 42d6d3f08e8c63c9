/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the types of rules do with lines that have the same description. */
#ifndef SECANT_LINT_OPERATIONS_H
#define SECANT_LINT_OPERATIONS_H

#include "lang/ruleset.h"

enum operation_kind {
    OPERATION_NONE,
    OPERATION_COUNTS,
    OPERATION_SUPPRESSES,
    OPERATION_PAIRS,
};

enum operation_kind operation_kind(const struct rule *rule);
/* The group of the part's pattern that a variable holds; 0: the whole line; false: something
 * else. */
bool operation_key_group(const struct part *part, const struct var_key *key, uint32_t *group);

#endif
