/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines that are given to be explained, one after another: those of a text, or of standard
 * input, which may have any number of them and is not kept. */
#ifndef SECANT_EXPLAIN_GIVEN_H
#define SECANT_EXPLAIN_GIVEN_H

#include <stdbool.h>

#include "base/bytes.h"

struct given_lines {
    struct buf line; /* at hand, without its newline */
    bool last;       /* none comes after it */
    /* Inside. */
    struct buf text; /* what has been read */
    size_t at;       /* of it, after the line at hand */
    bool ended;      /* nothing more is to be read */
};

/* Of the text, which is copied, or, if it is "-", of standard input.  The first line is at hand
 * then, even if there is nothing: it is empty.  false: it cannot be read, or is longer than 16 MB,
 * and standard error says so. */
bool given_open(struct given_lines *given, struct bytes text);
/* The next line, if the one at hand is not the last; false: as above. */
bool given_next(struct given_lines *given);
void given_close(struct given_lines *given); /* also all zero */

#endif
