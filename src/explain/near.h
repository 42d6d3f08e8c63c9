/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules that did not fire for a line, those that nearly did first, and why they did not. */
#ifndef SECANT_EXPLAIN_NEAR_H
#define SECANT_EXPLAIN_NEAR_H

#include "explain/hints.h"
#include "explain/reach.h"
#include "explain/story.h"

enum near_why {
    NEAR_CONTEXT,     /* the pattern matches, the context does not hold */
    NEAR_TAKEN,       /* `other` took the line before, or sent it on to a later rule */
    NEAR_NOT_ENTERED, /* no Jump rule sent the line into the rule's file; other: one that could */
    NEAR_HELD,        /* an operation suppresses it */
    NEAR_NO_FIRST,    /* its second pattern matches, but no operation waits for it */
    NEAR_SECOND,      /* the operation `name` waits, for a second pattern that does not match */
    NEAR_PATTERN,     /* the pattern does not match */
    NEAR_NEGATED,     /* a pattern that must not match does */
    NEAR_CACHE,       /* there is no cached match `name`; other: a rule that makes it */
    NEAR_CACHED,      /* there is one, and must not be */
    NEAR_FUNCTION,    /* a Perl function says no; or it has died, the log says why */
    NEAR_NEVER,       /* ptype=TValue and FALSE */
    NEAR_CALENDAR,    /* lines do not come to it */
};

struct near {
    const struct rule *rule;
    const struct decision *decision; /* NULL: the line did not come to it */
    enum near_why why;
    size_t part;              /* which pattern */
    bool matches;             /* TAKEN, NOT_ENTERED, CONTEXT: the pattern does match */
    const struct rule *other; /* NULL: not known */
    struct bytes name;        /* this one and what follows: the arena's, the rules' or the line's */
    struct bytes pattern, subject; /* PATTERN, SECOND: what was tried, on what */
    bool substring;                /* the pattern is one */
    struct reach reach;            /* PATTERN, SECOND, NEGATED, where the pattern matches */
    struct hints hints;
    struct bytes time; /* of the line, if that is what is in the way; else empty */
    struct bytes form; /* its form that would match; empty: not known */
    size_t mark;       /* hints, time: from which byte of the subject on that matters */
    double score;      /* from 3 (all but fired) to 0 */
};

/* Is it a pattern that must not match? */
static inline bool near_is_negated(const struct near *near)
{
    enum pattern_type type = near->rule->parts[near->part].pattern.type;
    return type == PATTERN_NREGEXP || type == PATTERN_NSUBSTR;
}

/* A rule that caches its matches under this name; NULL: none. */
const struct rule *near_maker(const struct ruleset *set, struct bytes name);

#define NEAR_ENOUGH 0.5 /* the score of a rule that has nearly fired */

/* All of them, in the arena, the nearest first.  It must be the last line of an input that came, or
 * an event of it: what operations wait for now is looked at, too. */
size_t near_find(struct engine *engine, const struct story_line *line, struct arena *arena,
                 struct near **list);

#endif
