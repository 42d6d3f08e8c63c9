/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the lines that are given to be explained, one after another, from a text or from standard
 * input, which may have any number of lines and is not kept in memory. */
#ifndef SECANT_EXPLAIN_GIVEN_H
#define SECANT_EXPLAIN_GIVEN_H

#include <stdbool.h>

#include "base/bytes.h"

struct given_lines {
    struct buf line; /* the current line, without its newline */
    bool last;       /* it is the last one */
    /* Internal. */
    struct buf text; /* what has been read */
    size_t at;       /* where in it the next line begins */
    bool ended;      /* there is nothing more to read */
};

/* Opens the text, which is copied, or standard input if it is "-", and reads the first line, which
 * is empty if there is nothing.  Returns false if it cannot be read, or is longer than 16 MB, and
 * says so on standard error. */
bool given_open(struct given_lines *given, struct bytes text);
/* Advances to the next line; the current one must not be the last.  Returns false as given_open. */
bool given_next(struct given_lines *given);
void given_close(struct given_lines *given); /* may also be all zero */

#endif
