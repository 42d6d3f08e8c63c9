/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The patterns of a rule file, and which earlier rule takes all that one of them could match.
 *
 * A rule takes a line when its pattern matches and its context holds, whatever its operations then
 * do with it; so does each pattern of an EventGroup rule, and of a Pair the first one.  (The second
 * one is tried where the first does not match, and only while an operation waits.)  Taken is what
 * does not go on with the next rule: continue=GoTo takes the line from the rules between. */
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
    struct table takers; /* struct rule_pattern by key: the first of each that takes lines */
    struct prefilter *texts;
    struct hits *hits;
    struct wider wider; /* by the number of a pattern */
    const struct line_set **sets;
    size_t proofs, cost; /* those that were tried */
    size_t looks;        /* at patterns that may take the same lines, too */
};

void takers_read(struct takers *takers, const struct rule_file *file);
void takers_free(struct takers *takers);
/* How far a pattern is like the one that it takes all lines of. */
enum likeness { TAKER_WIDER, TAKER_OF_THE_SAME_LINES, TAKER_EQUAL };

/* What takes all lines of the pattern among the rules that were added; NULL: nothing that is
 * known. */
const struct rule_pattern *takers_find(struct takers *takers, const struct rule_pattern *entry,
                                       enum likeness *likeness);
enum { ALSO_MAX = 3 };
/* Rules besides that one which take all its lines, too, once that one lets them go on, or most of
 * them, as some lead around it: the first in the order of the file.  Returns how many. */
size_t takers_also(struct takers *takers, const struct rule_pattern *entry,
                   const struct rule *taker, const struct rule *also[ALSO_MAX]);
/* In the order of the file. */
void takers_add(struct takers *takers, const struct rule *rule);
/* The first that takes every line, or every one but empty ones; NULL: none. */
const struct rule_pattern *takers_of_all(const struct takers *takers);
/* Does it take all lines from this rule? */
bool takers_end(const struct takers *takers, const struct rule_pattern *all,
                const struct rule *rule);

#endif
