/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which rule is the one that an earlier run had: that of the same name (`rem=id:NAME`), or else the
 * one that correlates the same.
 *
 * A rule's mark is a hash of its type and of the fields that say what its operations are: patterns,
 * contexts, description, windows, thresholds.  Its actions, its place, its label and where lines go
 * from it do not count, nor does the order of the fields.  Rules of one file with equal marks are
 * told apart by their order. */
#ifndef SECANT_STORE_MARK_H
#define SECANT_STORE_MARK_H

#include "lang/ruleset.h"

uint64_t rule_mark(const struct rule *rule);
/* Of all rules with all of their text, and the names of their files. */
uint64_t ruleset_hash(const struct ruleset *set);

struct marked_rule {
    const struct rule *rule;
    uint64_t mark;
    uint64_t twin; /* how many rules before it in its file have the same */
};

/* All rules of a set. */
struct marks {
    struct marked_rule *items; /* heap; by mark, then in the order of the set */
    size_t count;
};

void marks_init(struct marks *marks, const struct ruleset *set);
void marks_free(struct marks *marks);
/* The rule must be of the set. */
const struct marked_rule *marks_of(const struct marks *marks, const struct rule *rule);
/* The one with this mark: this twin in the file of this name, or else the same of another file.
 * NULL: there is none. */
const struct rule *marks_find(const struct marks *marks, uint64_t mark, struct bytes file,
                              uint64_t twin);
/* The first one that is called so; NULL: there is none. */
const struct rule *marks_named(const struct ruleset *set, struct bytes name);

#endif
