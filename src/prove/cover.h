/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which parts of the rules a test reaches.
 *
 * Rules have items, each of which can be reached or not: a pattern should match, together with its
 * context; each operand of a context expression should be true, and should be false; each action
 * list should run, including those that contexts run at their end; `if` should be true and should
 * be false, with or without an else; the body of `while` and the files of a Jump rule should be
 * entered.  An observer counts how often each of them was.
 *
 * Items come in the order of the file, so that the number of an item remains valid as long as the
 * file is not changed.  A rule file as JSON:
 *
 *     file    its name, as loaded
 *     rules   of each: [line, type]
 *     items   of each: [rule, line, column, name, want]: "pattern2", "matched"; "context term
 *             MAINTENANCE", "true" or "false"; "action", "run"; "if %x", "true" or "false";
 *             "while %x", "entered"; "cfset", "entered"
 *     hits    of those that were reached: [item, how often]
 *
 * rules and items are left out if this process has told them before. */
#ifndef SECANT_PROVE_COVER_H
#define SECANT_PROVE_COVER_H

#include <jansson.h>

#include "lang/ruleset.h"
#include "observe/observer.h"
#include "prove/cover_items.h"

struct cover;

struct cover *cover_new(void);
void cover_free(struct cover *cover); /* NULL is allowed */
/* The observer to be added to those of the engine. */
struct observer *cover_observer(struct cover *cover);
/* To be called when rules have been loaded, or loaded again.  Counts go on for unchanged files. */
void cover_rules(struct cover *cover, const struct ruleset *set);
/* The items of a file of the present rules, with their hits; valid until rules are loaded again. */
const struct cover_items *cover_items_of(const struct cover *cover, const struct rule_file *file);
/* How often an action list or a part of a rule was reached. */
uint64_t cover_hits(const struct cover *cover, const void *spot);
/* Returns an array of all rule files that have been loaded; owned by the caller. */
json_t *cover_json(const struct cover *cover);
/* Notes that the items of these files have been told, so that they are left out from now on. */
void cover_told(const struct cover *cover);

#endif
