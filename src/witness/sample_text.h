/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes one line that a tree (match/syntax.h) may match: whether it does, is tried. */
#ifndef SECANT_WITNESS_SAMPLE_TEXT_H
#define SECANT_WITNESS_SAMPLE_TEXT_H

#include "match/syntax.h"

enum { SAMPLE_VARIANTS = 12 };

struct sample_order {
    struct bytes pattern;
    const struct syntax *syntax;
    const struct node *goal; /* a node that must be gone through; NULL: none */
    struct bytes text;       /* that it is to write, if it is a set or a repeat of one */
    unsigned variant;        /* which of the choices; 0: the most natural ones */
};

/* false: it would be too long. */
bool sample_write(const struct sample_order *order, struct arena *arena, struct buf *out);

#endif
