/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a piece of a rule file is, as other programs count lines and columns. */
#ifndef SECANT_CHECK_PLACE_H
#define SECANT_CHECK_PLACE_H

#include "lang/source.h"

struct place {
    size_t line, column, end_line, end_column; /* from 1; end: just after */
};

/* How far columns have been counted, all zero at first: pieces that are asked for in the order of
 * their file are counted from the one before, and a long line with many of them is read once. */
struct place_walk {
    const struct source *source;
    size_t line, bytes, column; /* `bytes` of the line are before the column */
};

/* Columns in UTF-16 code units, as SARIF and language servers have them; a byte that is not UTF-8
 * is one.  A piece that ends with its line ends at the beginning of the next one.  The range is one
 * of the source's, or zero: the beginning of the file. */
struct place place_utf16(struct place_walk *walk, const struct source *source,
                         const struct range *range);

#endif
