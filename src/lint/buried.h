/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules that no line reaches: if that is reported, nothing else is reported about them. */
#ifndef SECANT_LINT_BURIED_H
#define SECANT_LINT_BURIED_H

#include "lint/lint.h"

/* Notes that this finding says that no line reaches the rule. */
void bury(struct lint *lint, const struct lint_finding *by, const struct rule *rule);
/* Sets the fate of findings in such rules; to be called when all others have theirs. */
void buried_heed(struct lint *lint);

#endif
