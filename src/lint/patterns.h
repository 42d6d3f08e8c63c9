/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The patterns in the text of a rule; of a keyword that is there twice, the last one. */
#ifndef SECANT_LINT_PATTERNS_H
#define SECANT_LINT_PATTERNS_H

#include "lang/ruleset.h"

struct lint_pattern {
    size_t part; /* which one */
    const struct pattern *pattern;
    struct bytes text; /* in the source of the rule's file */
};

/* Takes the next pattern off *text, which is rule->text at first; returns false if there is
 * none. */
bool patterns_next(const struct rule *rule, struct bytes *text, struct lint_pattern *found);

static inline bool pattern_is_regexp(const struct pattern *pattern)
{
    return pattern->type == PATTERN_REGEXP || pattern->type == PATTERN_NREGEXP;
}

static inline bool pattern_is_substring(const struct pattern *pattern)
{
    return pattern->type == PATTERN_SUBSTR || pattern->type == PATTERN_NSUBSTR;
}

#endif
