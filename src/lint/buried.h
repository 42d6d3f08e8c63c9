/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules that no line reaches: while that is reported, nothing else about them is. */
#ifndef SECANT_LINT_BURIED_H
#define SECANT_LINT_BURIED_H

#include "lint/lint.h"

/* The finding says that no line reaches the rule. */
void bury(struct lint *lint, const struct lint_finding *by, const struct rule *rule);
/* Sets the fate of findings in such rules, after all others have theirs. */
void buried_heed(struct lint *lint);

#endif
