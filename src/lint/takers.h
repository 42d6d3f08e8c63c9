/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The patterns of a rule file, and which earlier rule takes all lines that one of them could match.
 *
 * A rule takes a line if its pattern matches and its context holds, whatever its operations then do
 * with it; so does each pattern of an EventGroup rule, and the first one of a Pair.  (The second
 * one is tried if the first does not match, and only while an operation waits.)  A line is taken if
 * it does not continue with the next rule: continue=GoTo takes it from the rules in between. */
#ifndef SECANT_LINT_TAKERS_H
#define SECANT_LINT_TAKERS_H

#include "base/table.h"
#include "lang/ruleset.h"
#include "witness/line_set.h"
#include "witness/wider.h"

/* A pattern of a rule. */
struct rule_pattern {
    const struct rule *rule;
    size_t part;
    struct bytes key; /* in the table: of equal patterns in equal contexts; "": it is not there */
    struct bytes
        context; /* as the rule has it; "": none, ptr NULL: it runs Perl or reads a match */
    struct line_set lines;
};

struct takers {
    const struct rule_file *file;
    struct arena arena;
    struct rule_pattern *patterns; /* in the order of the rules */
    size_t count;
    size_t *first;       /* of each rule; one more at the end */
    struct table takers; /* struct rule_pattern by key: the first with each key that takes lines */
    struct prefilter *texts;
    struct hits *hits;
    struct wider wider; /* by the number of a pattern */
    const struct line_set **sets;
    size_t proofs, cost; /* proofs that were tried, and their cost */
    size_t looks;        /* how many patterns were examined that may take the same lines */
};

void takers_read(struct takers *takers, const struct rule_file *file);
void takers_free(struct takers *takers);
/* How similar a pattern is to the one whose lines it takes. */
enum likeness { TAKER_WIDER, TAKER_OF_THE_SAME_LINES, TAKER_EQUAL };

/* Returns the pattern, of the rules that were added, that takes all lines of this one; NULL: none
 * that is known. */
const struct rule_pattern *takers_find(struct takers *takers, const struct rule_pattern *entry,
                                       enum likeness *likeness);
enum { ALSO_MAX = 3 };
/* Stores further rules that would take all these lines, or most of them as some lead around the
 * rule, if the taker let them continue: the first ones in the order of the file.  Returns how
 * many. */
size_t takers_also(struct takers *takers, const struct rule_pattern *entry,
                   const struct rule *taker, const struct rule *also[ALSO_MAX]);
/* Rules must be added in the order of the file. */
void takers_add(struct takers *takers, const struct rule *rule);
/* Returns the first that takes every line, or every line except empty ones, or NULL. */
const struct rule_pattern *takers_of_all(const struct takers *takers);
/* Does `all` take all lines from this rule? */
bool takers_end(const struct takers *takers, const struct rule_pattern *all,
                const struct rule *rule);

#endif
