/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings written down, in the forms that people and programs read.  Each form has a file,
 * report_NAME.c. */
#ifndef SECANT_LINT_REPORT_H
#define SECANT_LINT_REPORT_H

#include "lint/lint.h"

struct lint_format {
    const char *name;
    void (*write)(const struct lint *lint, bool colour, struct buf *out);
};

extern const struct lint_format
    *const lint_formats[]; /* a NULL ends them; the first is for people */
const struct lint_format *lint_format_find(struct bytes name); /* NULL: none */

/* How many findings have that level and fate. */
size_t lint_count(const struct lint *lint, enum lint_level level, enum lint_fate fate);
const char *lint_level_name(enum lint_level level); /* "warning" */

#endif
