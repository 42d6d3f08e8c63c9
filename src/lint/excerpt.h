/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of a rule file as it is shown, with a mark below the piece in question. */
#ifndef SECANT_LINT_EXCERPT_H
#define SECANT_LINT_EXCERPT_H

#include "lang/source.h"

/* Adds the text in one line: what would move the cursor or is not seen at all is shown by its
 * number, newlines are blanks, and those at its end are left out. */
void visible_add(struct buf *out, struct bytes text);

struct excerpt {
    struct buf line; /* a long one is cut at both ends */
    size_t indent;   /* columns before the mark */
    size_t width;    /* of the mark, at least 1 */
};

/* The line of the file that the range begins in, which other lines may continue.  The caller frees
 * line. */
void excerpt_make(struct excerpt *excerpt, const struct source *source, const struct range *range);

#endif
