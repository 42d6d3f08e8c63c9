/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The differences between two texts, line by line. */
#ifndef SECANT_PROVE_DIFF_H
#define SECANT_PROVE_DIFF_H

#include "base/bytes.h"

struct diff_looks {
    const char *indent; /* before each line */
    bool colour;
    size_t most; /* lines that are shown; 0: all */
};

/* Appends the lines: those only in `was` begin with "-", those only in `is` with "+", others with a
 * blank. */
void diff_add(struct buf *out, struct bytes was, struct bytes is, const struct diff_looks *looks);

#endif
