/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small changes that would make a pattern match.  Each has been tried, and matched. */
#ifndef SECANT_EXPLAIN_HINTS_H
#define SECANT_EXPLAIN_HINTS_H

#include "match/pattern.h"

struct hints {
    bool caseless;   /* it matches if case is ignored */
    bool blanks;     /* it matches with any number of blanks where it has some, or none */
    bool begin;      /* it matches without its ^, and then begins at `from` */
    bool end;        /* it matches without its $, and then ends at `to` */
    bool regex;      /* it matches as a RegExp, not as a substring, and then begins at `from` */
    size_t from, to; /* offsets in the text */
};

static inline bool hints_any(const struct hints *hints)
{
    return hints->caseless || hints->blanks || hints->begin || hints->end || hints->regex;
}

/* substring: the pattern is a substring, not a regular expression.  Changes that take too long to
 * try (explain/trial.h) are left out. */
void hints_find(bool substring, struct bytes pattern, struct bytes text, struct hints *hints);
/* With these hints applied, where in the text does the part of the pattern that begins at `at`
 * match?  If that is not known, returns hints->from. */
size_t hints_place(bool substring, struct bytes pattern, size_t at, struct bytes text,
                   const struct hints *hints);
/* Would it match if `time`, the part of the text that gives this second, were written in another
 * form?  If so, appends the time in that form to *form. */
bool hints_time(bool substring, struct bytes pattern, struct bytes text, struct bytes time,
                int64_t second, struct buf *form);
/* Appends the substring as a regular expression. */
void hints_quote(struct bytes substring, struct buf *out);

#endif
