/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows a line of a rule file, with a mark below the piece in question. */
#ifndef SECANT_LINT_EXCERPT_H
#define SECANT_LINT_EXCERPT_H

#include "lang/source.h"

/* Appends the text in one line: control and invisible characters are shown by their numbers,
 * newlines become blanks, and those at the end are dropped. */
void visible_add(struct buf *out, struct bytes text);

struct excerpt {
    struct buf line; /* a long one is cut at both ends */
    size_t indent;   /* columns before the mark */
    size_t width;    /* of the mark, at least 1 */
};

/* Makes an excerpt of the line in which the range begins, which may be one of several joined lines.
 * The caller frees excerpt->line. */
void excerpt_make(struct excerpt *excerpt, const struct source *source, const struct range *range);

#endif
