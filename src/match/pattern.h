/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patterns of rules: SubStr, RegExp, PerlFunc, Cached, their negations, and TValue. */
#ifndef SECANT_MATCH_PATTERN_H
#define SECANT_MATCH_PATTERN_H

#include "log/log.h"
#include "match/cache.h"
#include "feed/window.h"

enum pattern_type {
    PATTERN_SUBSTR,
    PATTERN_REGEXP,
    PATTERN_PERLFUNC,
    PATTERN_CACHED,
    PATTERN_NSUBSTR,
    PATTERN_NREGEXP,
    PATTERN_NPERLFUNC,
    PATTERN_NCACHED,
    PATTERN_TVALUE,
};

struct pattern {
    enum pattern_type type;
    uint32_t lines;      /* how many lines it looks at */
    struct bytes text;   /* the substring, cache entry name, or source text */
    struct regex *regex; /* PATTERN_*REGEXP; NULL: a Pair's second pattern with variables in it */
    struct perl_value *code; /* PATTERN_*PERLFUNC */
    bool truth;              /* PATTERN_TVALUE */
    struct vars_form *form;  /* of a pattern with a varmap, else NULL */
    /* PATTERN_CACHED: the match variables that the texts of its rule name. */
    const struct perl_hash_key *used;
    size_t used_count;
};

/* Does a match of this type set match variables? */
static inline bool pattern_sets_vars(enum pattern_type type)
{
    return type == PATTERN_REGEXP || type == PATTERN_NREGEXP || type == PATTERN_PERLFUNC ||
           type == PATTERN_NPERLFUNC || type == PATTERN_CACHED;
}

/* The lines that patterns look at, and where they are matched. */
struct match_place {
    struct window *joint; /* all sources; with separate windows it still has the sources */
    /* Of the current line's source.  NULL: joint windows, which those of one line always are. */
    struct window *separate;
    struct bytes intcontext; /* ptr NULL: undefined */
    struct cache *cache;
    struct arena *arena; /* the event's */
    struct log *log;
};

/* The newest lines, joined: what a pattern for this many lines looks at.  Valid as long as the
 * arena. */
struct bytes match_text(const struct match_place *place, uint32_t lines);
/* Returns true if the pattern matches; then *vars is set, and cache entries of the varmap are
 * stored.  A function that dies is logged and does not match, whether negated or not. */
bool pattern_match(const struct pattern *pattern, const struct varmap *varmap,
                   const struct match_place *place, struct match_vars *vars);
/* Matches an event group pattern against the event group string, tokens and times. */
bool pattern_match_group(const struct pattern *pattern, struct bytes string,
                         const struct bytes *tokens, const int64_t *times, size_t count,
                         const struct match_place *place);
/* "regexp for 1 line(s): (?^:...)" and similar, for dumps. */
void pattern_print(const struct pattern *pattern, struct buf *out);
void pattern_free(struct pattern *pattern); /* frees what it points to, not the struct */

#endif
