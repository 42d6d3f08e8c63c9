/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of the rules a test reaches.
 *
 * Rules have items, each of which can be reached or not: a pattern is to match, together with its
 * context; each operand of a context expression is to be true, and to be false; each action list,
 * those that contexts run at their end as well, is to run; `if` is to be true and to be false, with
 * or without an else; the body of `while` and the files of a Jump rule are to be entered.  An
 * observer counts how often each of them was.
 *
 * Items come in the order in which they are in the file, so that an item's number means the same
 * as long as the file does.  A rule file as JSON:
 *
 *     file    its name, as loaded
 *     rules   of each: [line, type]
 *     items   of each: [rule, line, column, name, want]: "pattern2", "matched"; "context term
 *             MAINTENANCE", "true" or "false"; "action", "run"; "if %x", "true" or "false";
 *             "while %x", "entered"; "cfset", "entered"
 *     hits    of those that were reached: [item, how often]
 *
 * rules and items are left out where this process has told them before. */
#ifndef SECANT_PROVE_COVER_H
#define SECANT_PROVE_COVER_H

#include <jansson.h>

#include "lang/ruleset.h"
#include "observe/observer.h"
#include "prove/cover_items.h"

struct cover;

struct cover *cover_new(void);
void cover_free(struct cover *cover); /* NULL is allowed */
/* To be added to the engine's. */
struct observer *cover_observer(struct cover *cover);
/* The rules have been loaded, or loaded again; counts go on for files that are as they were. */
void cover_rules(struct cover *cover, const struct ruleset *set);
/* The items of a file of the present rules, with their hits; until rules are loaded again. */
const struct cover_items *cover_items_of(const struct cover *cover, const struct rule_file *file);
/* How often it was reached: an action list, or a part of a rule. */
uint64_t cover_hits(const struct cover *cover, const void *spot);
/* All rule files that have been loaded: an array, the caller's. */
json_t *cover_json(const struct cover *cover);
/* Whoever listens to this process has heard of their items. */
void cover_told(const struct cover *cover);

#endif
