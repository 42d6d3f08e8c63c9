/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a piece of a rule file is, as other programs count lines and columns. */
#ifndef SECANT_CHECK_PLACE_H
#define SECANT_CHECK_PLACE_H

#include "lang/source.h"

struct place {
    size_t line, column, end_line, end_column; /* from 1; the end is just after the piece */
};

/* How far columns have been counted; all zero at first.  If places are wanted in the order of the
 * file, each is counted from the one before, so that a long line with many of them is read once. */
struct place_walk {
    const struct source *source;
    size_t line, bytes, column; /* `bytes` of the line are before the column */
};

/* Counts columns in UTF-16 code units, like SARIF and language servers; a byte that is not UTF-8
 * counts as one.  A piece that ends with its line ends at the beginning of the next one.  The range
 * is one of the source, or zero for the beginning of the file. */
struct place place_utf16(struct place_walk *walk, const struct source *source,
                         const struct range *range);

#endif
