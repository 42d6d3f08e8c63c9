/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names that depend on the line: X_$1 may become X_web, and so may X_%u.  Only the beginning and
 * the end of such a name are known. */
#ifndef SECANT_LINT_WILDCARD_H
#define SECANT_LINT_WILDCARD_H

#include "lang/template.h"

struct wildcard {
    struct bytes before, after; /* of a name that is fully known, `before` is all */
    bool open;                  /* anything may be between the two */
};

struct wildcard wildcard_of(const struct template *text);
static inline struct wildcard wildcard_name(struct bytes name)
{
    return (struct wildcard){name, {0}, false};
}
/* Can it be any name at all?  Then nothing can be said about it. */
static inline bool wildcard_is_any(const struct wildcard *name)
{
    return name->open && name->before.len == 0 && name->after.len == 0;
}
/* Can both become the same name? */
bool wildcard_meets(const struct wildcard *a, const struct wildcard *b);
/* Compares by `before`, then by the rest. */
int wildcard_compare(const struct wildcard *a, const struct wildcard *b);

/* A set of wildcards. */
struct wildcards {
    struct wildcard *items; /* owned; in order once they are sorted */
    size_t count, room;
};

void wildcards_add(struct wildcards *all, const struct wildcard *name);
void wildcards_sort(struct wildcards *all); /* after the last one is added */
void wildcards_free(struct wildcards *all);
/* Returns one that can become the same name, or NULL. */
const struct wildcard *wildcards_meeting(const struct wildcards *all, const struct wildcard *name);

#endif
