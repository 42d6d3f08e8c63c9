/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a match of a pattern sets: its groups, by number, by name and by variable map; for a match
 * from the cache, what the rules set that put it there. */
#ifndef SECANT_LINT_GROUPS_H
#define SECANT_LINT_GROUPS_H

#include "lint/facts.h"

enum groups_answer {
    GROUPS_NO,
    GROUPS_YES,
    GROUPS_UNKNOWN, /* Perl code says what is there */
};

/* Does a match of this part of the rule, or of the entry if the key names one, set the variable? */
enum groups_answer groups_have(const struct lint *lint, const struct rule *rule, size_t part,
                               const struct var_key *key);
/* The parts whose match a text at this place may be filled from, the returned one to before *end.
 * source: which match of a Pair, as in struct var_key. */
size_t groups_parts(const struct visit_spot *spot, uint8_t source, size_t *end);
/* The group of this part's regular expression that fills the variable, 0 being the whole line: the
 * first of so many as have the name.  Returns that number; 0: nothing of this pattern fills it. */
size_t groups_filling(const struct part *part, const struct var_key *key, uint32_t *group);
/* How many groups its regular expression has; false: it is none, or nobody knows. */
bool groups_count(const struct rule *rule, size_t part, uint64_t *count);
/* A name that was most likely meant; "": none. */
struct bytes groups_nearest(const struct rule *rule, size_t part, struct bytes name);

#endif
