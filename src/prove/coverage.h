/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which parts of the rules all tests together reach.
 *
 * It is collected from the outcomes of tests (prove/cover.h says what an item is).  A rule file
 * counts once, no matter how many tests and test files name it, and by which paths.  Paths are
 * relative to the current folder. */
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
    struct bytes name; /* the shortest name by which it was loaded */
    struct bytes path; /* absolute, without links; the name if there is no such file any more */
    struct covered_rule *rules;
    struct covered_item *items; /* in the order of the file */
    size_t rule_count, item_count, covered;
    json_t *told; /* the items as JSON, which owns the texts; NULL: no test has loaded the file */
};

struct coverage {
    struct covered_file *files; /* owned, with all that they contain; sorted by path */
    size_t count, room;
    size_t rules, items, covered; /* of all files */
};

void coverage_free(struct coverage *coverage); /* leaves it all zero, as it is at first */
/* Adds the coverage that an outcome contains. */
void coverage_add(struct coverage *coverage, const json_t *outcome);
/* Adds the rule files that a test names, even if the test does not run. */
void coverage_expect(struct coverage *coverage, const struct test *test);

/* In percent; 0 if there are no items. */
double coverage_percent(const struct coverage *coverage);
/* Is it less than this many percent?  If so, *why says by how much. */
bool coverage_below(const struct coverage *coverage, double least, struct buf *why);

/* Appends a table of the rule files, and what was not reached: at most this many lines; 0: all. */
void coverage_text(const struct coverage *coverage, size_t most, struct buf *out);
/* Appends a tracefile for lcov(1) and similar tools: rules are functions, terms and `if` are
 * branches. */
void coverage_lcov(const struct coverage *coverage, struct buf *out);
/* Returns an object; owned by the caller. */
json_t *coverage_json(const struct coverage *coverage);

#endif
