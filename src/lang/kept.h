/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What rule files say of state that lasts (--state=FOLDER), in comments, as other SECs see them:
 *
 *   rem=state: %hits @queue $last    Perl variables that are kept, of main::SEC if no package is
 *                                    named; anywhere in the file, as often as needed
 *   rem=id:NAME                      the rule's own name: its state is the one of the rule of this
 *                                    name before, whatever else has changed about it; of rules with
 *                                    the same name it is the first one, in the order of the files
 *
 * A comment that begins so and goes on otherwise is told of, and is a comment. */
#ifndef SECANT_LANG_KEPT_H
#define SECANT_LANG_KEPT_H

#include "lang/diag.h"

/* Reads the comment of the rule at diag->line: adds to the names that the file keeps, or sets *id,
 * if it is one of these. */
void kept_take(const struct diag *diag, struct rule_file *file, struct bytes comment,
               struct bytes *id);
/* Tells of names that rules before have, of those that have just been read. */
void kept_check_names(const struct parse_env *env, const struct ruleset *set);

#endif
