/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which variables a match of a pattern sets: its groups, by number, name and variable map; for a
 * match from the cache, those set by the rules that put it there. */
#ifndef SECANT_LINT_GROUPS_H
#define SECANT_LINT_GROUPS_H

#include "lint/facts.h"

enum groups_answer {
    GROUPS_NO,
    GROUPS_YES,
    GROUPS_UNKNOWN, /* it depends on Perl code */
};

/* Does a match of this part of the rule, or of the entry if the key names one, set the variable? */
enum groups_answer groups_have(const struct lint *lint, const struct rule *rule, size_t part,
                               const struct var_key *key);
/* The parts whose match may fill a text at this place, from the returned one to before *end.
 * source: which match of a Pair, as in struct var_key. */
size_t groups_parts(const struct visit_spot *spot, uint8_t source, size_t *end);
/* Sets *group to the first group of this part's regular expression that fills the variable, 0 being
 * the whole line.  Returns how many groups have that name; 0: none fills it. */
size_t groups_filling(const struct part *part, const struct var_key *key, uint32_t *group);
/* How many groups the regular expression has; returns false if it is not one, or if that is not
 * known. */
bool groups_count(const struct rule *rule, size_t part, uint64_t *count);
/* The name that was most likely meant; "": none. */
struct bytes groups_nearest(const struct rule *rule, size_t part, struct bytes name);

#endif
