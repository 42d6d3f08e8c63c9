/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Comments that mean something to Secant, but not to SEC: about state that is kept
 * (--state=FOLDER), and about the events that operations count:
 *
 *   rem=state: %hits @queue $last    Perl variables to keep, of main::SEC if no package is named;
 *                                    anywhere in the file, as often as needed
 *   rem=id:NAME                      the rule's own name: it takes over the state of the previous
 *                                    rule of this name, whatever else has changed about it; of
 *                                    several rules of one name, the first in the order of the
 *                                    files has the state
 *
 *   rem=events: NAME [MOST]          in a rule that counts events: while an action list of the
 *                                    operation runs, a context NAME has their lines, the MOST
 *                                    newest (100 by default; state/event_lines.h)
 *
 * A comment that begins like this but is malformed is reported, and otherwise ignored. */
#ifndef SECANT_LANG_KEPT_H
#define SECANT_LANG_KEPT_H

#include "lang/parser.h"

/* Reads a comment of the rule at diag->line.  If it is one of these, adds to the names that the
 * file keeps, or sets a member of *kept. */
void kept_take(const struct diag *diag, struct rule_file *file, struct bytes comment,
               struct kept_comments *kept);
/* Adds rem=events: to the rule; to be called after the fields of the rule have been read. */
void kept_take_events(struct parser *parser);
/* Reports comments that belong in a rule but are outside of one. */
void kept_in_no_rule(const struct diag *diag, const struct kept_comments *kept);
/* Reports rules that have just been read and have the name of an earlier rule. */
void kept_check_names(const struct parse_env *env, const struct ruleset *set);

#endif
