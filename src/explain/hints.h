/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What small change would make a pattern match: each was tried, and matched. */
#ifndef SECANT_EXPLAIN_HINTS_H
#define SECANT_EXPLAIN_HINTS_H

#include "match/pattern.h"

struct hints {
    bool caseless; /* if case did not matter */
    bool blanks;   /* if there could be any number of blanks and tabs where it has some, or none */
    bool begin;    /* without its ^; it then begins at `from` */
    bool end;      /* without its $; it then ends at `to` */
    size_t from, to;
};

static inline bool hints_any(const struct hints *hints)
{
    return hints->caseless || hints->blanks || hints->begin || hints->end;
}

/* substring: the pattern is one, else a regular expression. */
void hints_find(bool substring, struct bytes pattern, struct bytes text, struct hints *hints);
/* The substring as a regular expression. */
void hints_quote(struct bytes substring, struct buf *out);

#endif
