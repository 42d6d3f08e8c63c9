/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dialect analyser: reads a Perl regular expression and decides whether PCRE2, used as
 * match/regex.c uses it, provably means the same on byte strings.  The default is no: a construct
 * takes the fast path only if it is on the list of equals (doc/dialect.md).
 *
 * It also extracts required literals: strings of which every match contains at least one. */
#ifndef SECANT_MATCH_DIALECT_H
#define SECANT_MATCH_DIALECT_H

#include "base/arena.h"
#include "match/regex.h"
#include "match/syntax.h"

struct dialect {
    bool equal;      /* PCRE2 may take it */
    const char *why; /* not equal: the construct that is not on the list */
    size_t longest;  /* a subject of more bytes is left to Perl */
    uint32_t groups;
    const struct group_name *names; /* in the arena, distinct when PCRE2 may take it */
    size_t name_count;
    const struct required *required; /* in the arena; valid for both engines */
    size_t required_count;
};

void dialect_read(struct bytes text, struct arena *arena, struct dialect *dialect);

#endif
