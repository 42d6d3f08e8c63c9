/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Options rules of rule files.  SEC uses only the last one of a file, and ignores earlier ones
 * without a message. */
#ifndef SECANT_LINT_OPTIONS_RULES_H
#define SECANT_LINT_OPTIONS_RULES_H

#include "lint/lint.h"

struct options_rule {
    size_t line;
    struct bytes text;                 /* of the whole rule, in the file's source */
    struct bytes procallin, joincfset; /* their values; ptr NULL: not given */
};

/* Stores those of the file that have loaded in the arena of `lint`; returns how many there are. */
size_t options_rules_read(struct lint *lint, const struct rule_file *file,
                          const struct options_rule **rules);
/* Does the rule make its file join the set? */
bool options_rule_joins(const struct options_rule *rule, struct bytes set);

/* Do all files of the set get lines only through Jump rules?  Then they are part of a larger
 * set. */
bool options_of_part(const struct ruleset *set);

#endif
