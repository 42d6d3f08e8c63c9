/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes a line that a tree (match/syntax.h) may match; the caller has to try whether it does. */
#ifndef SECANT_WITNESS_SAMPLE_TEXT_H
#define SECANT_WITNESS_SAMPLE_TEXT_H

#include "match/syntax.h"

enum { SAMPLE_VARIANTS = 12 };

struct sample_order {
    struct bytes pattern;
    const struct syntax *syntax;
    const struct node *goal; /* a node that must be used; NULL: none */
    struct bytes text;       /* what that node should write, if it is a set or a repeat of one */
    unsigned variant;        /* which choices to make; 0: the most natural ones */
};

/* Returns false if the line would be too long. */
bool sample_write(const struct sample_order *order, struct arena *arena, struct buf *out);

#endif
