/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tries a rule on one line: does its pattern match, and what do its texts become? */
#ifndef SECANT_LINT_TRIED_H
#define SECANT_LINT_TRIED_H

#include "lang/ruleset.h"
#include "witness/sample.h"

/* Is it a pattern of one line that can be matched directly: SubStr, or RegExp without variables? */
bool tried_pattern(const struct pattern *pattern);
/* Does such a pattern match the line? */
bool tried_matches(const struct pattern *pattern, struct bytes line);
/* Fills a text with the variables of the rule's first match for this line; %s is the desc.  quoted:
 * escape them for a regular expression.  Returns false if the text has another variable. */
bool tried_fill(const struct rule *rule, const struct template *text, struct bytes line,
                bool quoted, struct buf *out);

#endif
