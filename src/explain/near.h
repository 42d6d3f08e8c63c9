/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules that did not fire for a line, and why; those that nearly did come first. */
#ifndef SECANT_EXPLAIN_NEAR_H
#define SECANT_EXPLAIN_NEAR_H

#include "explain/hints.h"
#include "explain/reach.h"
#include "explain/story.h"

enum near_why {
    NEAR_CONTEXT,     /* the pattern matches, the context does not hold */
    NEAR_TAKEN,       /* `other` took the line before, or sent it on to a later rule */
    NEAR_NOT_ENTERED, /* no Jump rule sent the line into its file; other: one that could */
    NEAR_HELD,        /* an operation suppresses the line */
    NEAR_NO_FIRST,    /* its second pattern matches, but no operation waits for it */
    NEAR_SECOND,      /* the operation `name` waits, but its second pattern does not match */
    NEAR_PATTERN,     /* the pattern does not match */
    NEAR_NEGATED,     /* a pattern matches that must not match */
    NEAR_CACHE,       /* there is no cached match `name`; other: a rule that makes it */
    NEAR_CACHED,      /* there is a cached match `name`, but there must not be one */
    NEAR_FUNCTION,    /* a Perl function returned false, or died (the log says why) */
    NEAR_NEVER,       /* ptype=TValue and FALSE */
    NEAR_CALENDAR,    /* a Calendar rule, which never sees lines */
};

struct near {
    const struct rule *rule;
    const struct decision *decision; /* NULL: the line did not come to it */
    enum near_why why;
    size_t part;              /* which pattern */
    bool matches;             /* TAKEN, NOT_ENTERED, CONTEXT: the pattern itself matches */
    const struct rule *other; /* NULL: not known */
    struct bytes name;        /* like all texts here, owned by the arena, the rules or the line */
    struct bytes pattern, subject; /* PATTERN, SECOND: the pattern, and what it was tried on */
    bool substring;                /* the pattern is a substring */
    struct reach reach;            /* PATTERN, SECOND, NEGATED: how far the pattern matches */
    struct hints hints;
    struct bytes time; /* the time of the line, if its form keeps it from matching; else empty */
    struct bytes form; /* the time in a form that would match; empty: not known */
    size_t mark;       /* hints, time: the offset in the subject from which on they matter */
    double score;      /* from 3 (nearly fired) down to 0 */
};

/* Is it a pattern that must not match? */
static inline bool near_is_negated(const struct near *near)
{
    enum pattern_type type = near->rule->parts[near->part].pattern.type;
    return type == PATTERN_NREGEXP || type == PATTERN_NSUBSTR;
}

/* Returns a rule that caches its matches under this name, or NULL. */
const struct rule *near_maker(const struct ruleset *set, struct bytes name);

#define NEAR_ENOUGH 0.5 /* the least score of a rule that nearly fired */

/* Stores all of them in the arena, the nearest first, and returns how many there are.  The line
 * must be the last one that came from an input, or an event that it led to, as this also looks at
 * what operations wait for now. */
size_t near_find(struct engine *engine, const struct story_line *line, struct arena *arena,
                 struct near **list);

#endif
