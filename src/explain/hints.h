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
    bool regex;    /* if it were a RegExp, not a substring; it then begins at `from` */
    size_t from, to; /* bytes of the text */
};

static inline bool hints_any(const struct hints *hints)
{
    return hints->caseless || hints->blanks || hints->begin || hints->end || hints->regex;
}

/* substring: the pattern is one, else a regular expression.  Texts are the caller's; what takes too
 * long to try (explain/trial.h) is no hint. */
void hints_find(bool substring, struct bytes pattern, struct bytes text, struct hints *hints);
/* Where in the text what comes from this place of the pattern on would begin, with these hints. */
size_t hints_place(bool substring, struct bytes pattern, size_t at, struct bytes text,
                   const struct hints *hints);
/* Would it match if `time`, a part of the text which is that second, were written in another form?
 * That form is added to *form. */
bool hints_time(bool substring, struct bytes pattern, struct bytes text, struct bytes time,
                int64_t second, struct buf *form);
/* The substring as a regular expression. */
void hints_quote(struct bytes substring, struct buf *out);

#endif
