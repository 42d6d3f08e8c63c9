/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Preconditions for the actions of a rule to run. */
#ifndef SECANT_LINT_PRECONDITIONS_H
#define SECANT_LINT_PRECONDITIONS_H

#include "lang/visit.h"
#include "lint/lint.h"

/* Is it certain that an earlier rule of the file takes this line?  Each rule that is tried adds to
 * lint->tried; returns false as well once those are too many. */
bool precondition_line_taken(struct lint *lint, const struct rule *rule, struct bytes line);
/* Is it certain that the earlier rules of the file leave the line to this one?  Each of them takes
 * one off the budget; returns false as well once that is used up. */
bool precondition_line_comes(const struct rule *rule, struct bytes line, size_t *budget);
/* Does the expression (NULL: none) need a context that nothing creates? */
bool precondition_never_holds(const struct lint *lint, const struct context_expr *context);
/* What is needed besides a matching line, to continue the words "this line makes ...": " as the 5th
 * such line within 60 s"; "": nothing.  around: the action whose list contains the text; NULL:
 * none.  The result is in the arena of `lint`. */
struct bytes precondition_words(struct lint *lint, const struct visit_spot *spot,
                                const struct action *around);

#endif
