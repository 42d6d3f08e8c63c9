/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which known word was meant by a misspelt one. */
#ifndef SECANT_BASE_SLIPS_H
#define SECANT_BASE_SLIPS_H

#include "base/bytes.h"

/* How many slips make one word of the other: a letter added, left out, changed, or swapped with the
 * next one.  Takes time and room in proportion to the product of their lengths. */
size_t slips_between(struct bytes a, struct bytes b);
/* With so many slips, or more, another word was meant: more than two letters, or half of a short
 * word, are no slip.  0 for words so long that nobody looks for them. */
static inline size_t slips_too_many(struct bytes word)
{
    return word.len > 32 ? 0 : word.len < 6 ? 2 : 3;
}
/* Has fewer slips than *least, which then is lowered; begins with slips_too_many. */
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
