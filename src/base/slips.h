/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds which known word was meant by a misspelt one. */
#ifndef SECANT_BASE_SLIPS_H
#define SECANT_BASE_SLIPS_H

#include "base/bytes.h"

/* How many slips turn one word into the other: a letter is added, left out, changed, or swapped
 * with the next one.  Takes time and memory in proportion to the product of their lengths. */
size_t slips_between(struct bytes a, struct bytes b);
/* From this many slips on, another word was meant: three, or two in a word of fewer than six
 * letters.  0 for words that are too long to be looked for. */
static inline size_t slips_too_many(struct bytes word)
{
    return word.len > 32 ? 0 : word.len < 6 ? 2 : 3;
}
/* Does `known` have fewer slips than *least?  If so, *least is lowered to their number; it must
 * begin as slips_too_many. */
static inline bool slips_fewer(struct bytes word, struct bytes known, size_t *least)
{
    size_t off = *least > 0 ? slips_between(word, known) : 0;
    bool fewer = off < *least;
    *least = fewer ? off : *least;
    return fewer;
}

/* The question as parts of a message: "did you mean X?", where X is of one part or more; and
 * "did you mean 'X'?" */
#define SLIPS_ASK(...) B("did you mean "), __VA_ARGS__, B("?")
#define SLIPS_ASK_WORD(word) SLIPS_ASK(B("'"), word, B("'"))

#endif
