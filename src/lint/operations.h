/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the types of rules do with events that have the same description. */
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

#endif
