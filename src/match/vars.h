/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Match variables: the values of $0, $1, $+{name} and similar after a match.
 *
 * Upstream keeps them in a hash per match; here they are offsets into the matched text, which are
 * read when a template needs them.  There is a Perl hash only if user Perl returned something other
 * than plain strings, or may change the values (`:>`).  All memory is in the event's arena.
 */
#ifndef SECANT_MATCH_VARS_H
#define SECANT_MATCH_VARS_H

#include "match/regex.h"
#include "perl/interp.h"

enum value_kind { VALUE_UNSET, VALUE_TEXT, VALUE_NUMBER };

struct value {
    enum value_kind kind;
    struct bytes text; /* VALUE_TEXT, VALUE_NUMBER; for VALUE_UNSET empty */
};

/* varmap: names for group numbers, and names under which a match is cached.  The names are
 * distinct: a later one replaces an equal earlier one. */
struct varmap {
    size_t count;
    struct varmap_entry {
        struct bytes name;
        int64_t number; /* -1: a cache entry's name */
    } * entries;
};

/* How to make the hash of a match of a pattern: its keys, and where their values are. */
struct vars_form;

enum vars_kind {
    VARS_NONE,   /* the pattern sets none (SubStr, TValue, NCached): $ in texts is left alone */
    VARS_GROUPS, /* offsets into line */
    VARS_VALUES, /* a list of values (PerlFunc) */
    VARS_HASH,   /* a Perl hash, complete with 0, _inputsrc and _intcontext */
    VARS_TAKEN,  /* copies of some values of a Perl hash */
};

struct named_value {
    struct bytes name;
    struct value value;
};

struct match_vars {
    enum vars_kind kind;
    struct bytes line;        /* $0 */
    struct bytes inputsrc;    /* $+{_inputsrc} */
    struct bytes intcontext;  /* $+{_intcontext}; ptr NULL: undefined */
    size_t count;             /* groups or values: $1 .. $count */
    const ptrdiff_t *offsets; /* VARS_GROUPS: pairs for 1 .. count; NULL with count 1: $1 is "1" */
    const struct value *values;      /* VARS_VALUES */
    const struct regex *regex;       /* VARS_GROUPS: its names; NULL: none */
    const struct varmap *varmap;     /* NULL: none */
    struct vars_form *form;          /* the pattern's; NULL: none */
    struct perl_value *hash;         /* VARS_HASH; a borrowed reference */
    const struct named_value *taken; /* VARS_TAKEN: count of them */
};

/* $number; texts that come from Perl are copied to the arena. */
struct value vars_number(const struct match_vars *vars, uint64_t number, struct arena *arena);
/* $+{name}; the name may also be a number. */
struct value vars_name(const struct match_vars *vars, struct bytes name, struct arena *arena);
/* scalar(%subst): does substitution take place at all? */
static inline bool vars_any(const struct match_vars *vars)
{
    return vars->kind != VARS_NONE && (vars->kind != VARS_HASH || perl_hash_count(vars->hash) > 0);
}
/* Turns native variables into VARS_HASH.  The caller owns the reference to the hash, and drops it
 * with vars_release_hash. */
void vars_to_hash(struct match_vars *vars, struct arena *arena);
void vars_release_hash(const struct match_vars *vars);
/* Creates an empty form, for all matches of one pattern with one varmap. */
struct vars_form *vars_form_new(void);
void vars_form_free(struct vars_form *form); /* NULL is allowed */
/* Copies the values of these variables from a VARS_HASH, which user code may change later, so that
 * *vars becomes VARS_TAKEN, or VARS_NONE if the hash is empty. */
void vars_take(struct match_vars *vars, const struct perl_hash_key *names, size_t count,
               struct arena *arena);
/* Lists all existing variables, sorted by name as Perl sorts, for dumps. */
size_t vars_list(const struct match_vars *vars, struct arena *arena, struct named_value **list);

#endif
