/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all tests together reach of the rules.
 *
 * Outcomes of tests tell it (prove/cover.h says what an item is).  A rule file is one however many
 * tests and test files name it, and by whatever path.  Paths belong to the present folder. */
#ifndef SECANT_PROVE_COVERAGE_H
#define SECANT_PROVE_COVERAGE_H

#include <jansson.h>

#include "prove/sectest.h"

struct covered_item {
    size_t rule; /* its number in the file */
    size_t line, column;
    struct bytes name, want; /* "pattern2", "matched" */
    uint64_t hits;
};

struct covered_rule {
    size_t line;
    struct bytes type;
    size_t first, items, covered; /* its first item, how many it has, and how many were reached */
};

struct covered_file {
    struct bytes name; /* the shortest of those it was loaded by */
    struct bytes path; /* absolute, without links; the name if there is no such file any more */
    struct covered_rule *rules;
    struct covered_item *items; /* in the order of the file */
    size_t rule_count, item_count, covered;
    json_t *told; /* the items as JSON, which holds the texts; NULL: no test has loaded the file */
};

struct coverage {
    struct covered_file *files; /* owned with all in them; sorted by path */
    size_t count, room;
    size_t rules, items, covered; /* of all files */
};

void coverage_free(struct coverage *coverage); /* all zero afterwards, as it is at first */
/* What an outcome tells. */
void coverage_add(struct coverage *coverage, const json_t *outcome);
/* The rule files that a test names belong to it, even if that test does not run. */
void coverage_expect(struct coverage *coverage, const struct test *test);

/* In percent; 0 if there are no items. */
double coverage_percent(const struct coverage *coverage);
/* Less than so many percent: says by how much. */
bool coverage_below(const struct coverage *coverage, double least, struct buf *why);

/* A table by rule file, and what was not reached: at most so many lines of it; 0: all. */
void coverage_text(const struct coverage *coverage, size_t most, struct buf *out);
/* A tracefile as lcov(1) and its kin read it: rules are functions; terms, and `if`, branches. */
void coverage_lcov(const struct coverage *coverage, struct buf *out);
/* An object, the caller's. */
json_t *coverage_json(const struct coverage *coverage);

#endif
