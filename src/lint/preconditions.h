/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What it takes for a rule's actions to run. */
#ifndef SECANT_LINT_PRECONDITIONS_H
#define SECANT_LINT_PRECONDITIONS_H

#include "lang/visit.h"
#include "lint/lint.h"

/* Does an earlier rule of the file surely take this line?  Each rule that it is tried on counts
 * for lint->tried; false as well once those are too many. */
bool precondition_line_taken(struct lint *lint, const struct rule *rule, struct bytes line);
/* Do the rules before it in its file surely leave the line to it?  Each of them takes one off the
 * budget; false as well once that is used up. */
bool precondition_line_comes(const struct rule *rule, struct bytes line, size_t *budget);
/* Does the expression (NULL: none) need a context that nothing creates? */
bool precondition_never_holds(const struct lint *lint, const struct context_expr *context);
/* What it takes besides a line that matches, to go on "this line makes ...": " as the 5th such line
 * within 60 s"; "": nothing.  around: the action whose list it is in; NULL: none.  In the arena of
 * the look. */
struct bytes precondition_words(struct lint *lint, const struct visit_spot *spot,
                                const struct action *around);

#endif
