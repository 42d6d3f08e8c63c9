/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding a rule of an earlier run again: it is the one of the same name (`rem=id:NAME`), or else
 * the one that correlates in the same way.
 *
 * A rule's mark is a hash of its type and of the fields that define its operations: patterns,
 * contexts, description, windows, thresholds.  It does not cover the rule's actions, its place, its
 * label, where lines go from it, or the order of the fields.  Rules of one file with equal marks
 * are told apart by their order. */
#ifndef SECANT_STORE_MARK_H
#define SECANT_STORE_MARK_H

#include "lang/ruleset.h"

uint64_t rule_mark(const struct rule *rule);
/* A hash of all rules with their whole text, and of the names of their files. */
uint64_t ruleset_hash(const struct ruleset *set);

struct marked_rule {
    const struct rule *rule;
    uint64_t mark;
    uint64_t twin; /* how many rules before it in its file have the same mark */
};

/* All rules of a set. */
struct marks {
    struct marked_rule *items; /* heap; by mark, then in the order of the set */
    size_t count;
};

void marks_init(struct marks *marks, const struct ruleset *set);
void marks_free(struct marks *marks);
/* The rule must be in the set. */
const struct marked_rule *marks_of(const struct marks *marks, const struct rule *rule);
/* The rule with this mark and number of twins in the file of this name, or else in another file;
 * NULL if there is none. */
const struct rule *marks_find(const struct marks *marks, uint64_t mark, struct bytes file,
                              uint64_t twin);
/* The first rule with this name; NULL if there is none. */
const struct rule *marks_named(const struct ruleset *set, struct bytes name);

#endif
