/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rules of a set make and ask for, all files together: contexts, variables, entries of the
 * match cache, file sets.  Names that hold variables are wildcards: X_$1 is as good as X_%u. */
#ifndef SECANT_LINT_FACTS_H
#define SECANT_LINT_FACTS_H

#include "lang/ruleset.h"

struct lint_facts;

struct lint_facts *facts_new(const struct ruleset *set, struct arena *arena);
void facts_free(struct lint_facts *facts); /* NULL is allowed */

#endif
