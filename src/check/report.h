/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports of findings, in the formats that people and programs read.  Each format has a file,
 * report_NAME.c. */
#ifndef SECANT_CHECK_REPORT_H
#define SECANT_CHECK_REPORT_H

#include "lint/lint.h"

struct lint_style {
    bool colour;
    bool verbose; /* say how to silence with each finding, not once for each check */
};

struct lint_format {
    const char *name;
    bool each; /* for programs: findings with the same cause are reported separately */
    /* Appends the findings that are reported, for standard output. */
    void (*write)(const struct lint *lint, struct lint_style style, struct buf *out);
    /* Appends how many there are, for standard error; NULL: nothing is said. */
    void (*sum)(const struct lint *lint, struct lint_style style, struct buf *out);
};

extern const struct lint_format
    *const lint_formats[]; /* a NULL ends them; the first is for people */
const struct lint_format *lint_format_find(struct bytes name); /* NULL: none */

/* Returns the next reported finding at or after index *at, and moves *at past it; NULL: none. */
const struct lint_finding *lint_next_told(const struct lint *lint, size_t *at);

/* How much there was, and how much of it is reported. */
struct lint_sum {
    size_t files, rules;
    size_t errors, warnings, notes;
    size_t minor, silenced, known, buried; /* not reported */
};
struct lint_sum lint_sum(const struct lint *lint);

/* Appends everything as one text: what is wrong, what to do, a line that shows it. */
void lint_whole_text(const struct lint_finding *finding, struct buf *out);
const char *lint_level_name(enum lint_level level); /* "warning" */

#endif
