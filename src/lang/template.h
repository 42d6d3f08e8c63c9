/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Templates: rule texts with $ and % variables, compiled once into segments.
 *
 * Upstream substitutes text in passes: match variables first, action list variables when the
 * action runs, and in the second fields of Pair rules %-match variables of the first match, then
 * $-match variables of the second.  A compiled template gives the same result by joining
 * segments.  Where a variable's value could complete the syntax of a later pass ("%{n_$1}",
 * "%$1"), or is seen by a later pass as it is (values of the pattern match cache are not masked),
 * the template is `spliced` and goes through the passes as text (lang/substitute.h).  So does a
 * text with %-variables of the first match that no second pass follows (context2 in brackets):
 * upstream leaves the $ in their values doubled.
 */
#ifndef SECANT_LANG_TEMPLATE_H
#define SECANT_LANG_TEMPLATE_H

#include "base/arena.h"
#include "base/names.h"

enum template_pass {
    PASS_FIRST_DOLLAR = 1,  /* $-variables of the first match */
    PASS_FIRST_PERCENT = 2, /* %-variables of the first match (second fields of Pair rules) */
    PASS_SECOND_DOLLAR = 4, /* $-variables of the second match (Pair rules) */
    PASS_VARIABLES = 8,     /* action list variables */
};

/* A match variable that a rule's texts name; segments refer to it by its index. */
struct var_key {
    enum { KEY_NUMBER, KEY_NAME, KEY_CACHE } kind;
    uint8_t source;     /* 0: first match, 1: second */
    uint64_t number;    /* KEY_NUMBER */
    struct bytes name;  /* KEY_NAME, KEY_CACHE: $+{name}, $:{entry:name} */
    struct bytes entry; /* KEY_CACHE */
};

/* All keys of one rule, each once. */
struct var_keys {
    size_t count, room;
    struct var_key *keys; /* in the rule file's arena */
    uint32_t *slots;      /* hash index: position + 1, 0: free; 2 * room of them */
};
/* Returns the index of the key, which is added if it is new; its texts must live as long as the
 * arena. */
uint32_t var_keys_add(struct var_keys *keys, struct arena *arena, const struct var_key *key);

struct segment {
    enum { SEG_TEXT, SEG_MATCH, SEG_VARIABLE } kind;
    uint32_t index;    /* SEG_MATCH: into var_keys; SEG_VARIABLE: names id */
    struct bytes text; /* SEG_TEXT; else the variable as the template's text names it: "%{x}" */
};

struct template
{
    struct bytes text;   /* as the rule has it */
    struct bytes source; /* the same in the rule file, where parentheses may be masked; {0}: the
                            text is made up */
    uint8_t passes;      /* which passes it goes through */
    bool spliced;        /* segments then only tell which keys are used */
    bool has_percent; /* PASS_VARIABLES and a % in the text: %s, %t, %u are set by its expansion */
    uint32_t count;
    struct segment *segments;
};

/* The text is not copied and must live as long as the arena.  Match variables are added to keys
 * (may be NULL if no pass has any), action list variables to names. */
struct template *template_compile(struct arena *arena, struct bytes text, unsigned passes,
                                  struct var_keys *keys, struct names *names);
/* Is it without variables?  Then its expansion by its passes is its only segment, if any. */
static inline bool template_constant(const struct template *t)
{
    return t->count == 0 || (t->count == 1 && !t->spliced && t->segments[0].kind == SEG_TEXT);
}
/* Is it the rule's description: %s or %{s}? */
bool segment_is_desc(const struct segment *segment);
/* Where a part of the template's text, such as a variable, is in its source; {0} if it has none. */
struct bytes template_place(const struct template *t, struct bytes part);
/* Does text name match variables that begin with token ('$' or '%'), or hold a doubled token? */
bool template_has_match_vars(struct bytes text, char token);

#endif
