/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules that did not load: what they would have made is missing only for that reason. */
#ifndef SECANT_LINT_REFUSED_H
#define SECANT_LINT_REFUSED_H

#include "lint/lint.h"
#include "lint/wildcard.h"

/* Returns the text of all rules of the set that did not load, one after the other; in the arena. */
struct bytes refused_read(struct lint *lint);
/* Does one of them seem to create such a context? */
bool refused_creates(const struct lint *lint, const struct wildcard *name);

#endif
