/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What rule files say to Secant alone, in what is a comment to SEC: about state that lasts
 * (--state=FOLDER), and about the events that operations count:
 *
 *   rem=state: %hits @queue $last    Perl variables that are kept, of main::SEC if no package is
 *                                    named; anywhere in the file, as often as needed
 *   rem=id:NAME                      the rule's own name: its state is the one of the rule of this
 *                                    name before, whatever else has changed about it; of rules with
 *                                    the same name it is the first one, in the order of the files
 *
 *   rem=events: NAME [MOST]          in a rule that counts events: while an action list of the
 *                                    operation runs, a context NAME has their lines, the MOST
 *                                    newest (100 by default; state/event_lines.h)
 *
 * A comment that begins so and has another form is reported, and is a comment. */
#ifndef SECANT_LANG_KEPT_H
#define SECANT_LANG_KEPT_H

#include "lang/parser.h"

/* Reads the comment of the rule at diag->line: adds to the names that the file keeps, or sets what
 * the rule says, if it is one of these. */
void kept_take(const struct diag *diag, struct rule_file *file, struct bytes comment,
               struct kept_comments *kept);
/* After the fields of the rule have been read: makes its rem=events: a part of it. */
void kept_take_events(struct parser *parser);
/* Reports comments that belong in a rule and are in none. */
void kept_in_no_rule(const struct diag *diag, const struct kept_comments *kept);
/* Tells of names that rules before have, of those that have just been read. */
void kept_check_names(const struct parse_env *env, const struct ruleset *set);

#endif
