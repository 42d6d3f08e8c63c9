/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Options rules of rule files.  SEC heeds the last one of a file: what an earlier one says is
 * gone, without a message. */
#ifndef SECANT_LINT_OPTIONS_RULES_H
#define SECANT_LINT_OPTIONS_RULES_H

#include "lint/lint.h"

struct options_rule {
    size_t line;
    struct bytes text;                 /* of the whole rule, in the file's source */
    struct bytes procallin, joincfset; /* the values there; ptr NULL: it has none */
};

/* Those of the file that have loaded, in the arena of the look; returns how many. */
size_t options_rules_read(struct lint *lint, const struct rule_file *file,
                          const struct options_rule **rules);
/* Does the rule make its file join the set? */
bool options_rule_joins(const struct options_rule *rule, struct bytes set);

/* Do all files of the set get lines through Jump rules alone?  Then they are a part of a larger
 * one. */
bool options_of_part(const struct ruleset *set);

#endif
