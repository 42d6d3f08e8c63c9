/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the variables in an action's texts mean where it runs, and expansion of templates. */
#ifndef SECANT_STATE_SCOPE_H
#define SECANT_STATE_SCOPE_H

#include "lang/action.h"
#include "lang/context_expr.h"
#include "match/vars.h"

/* Values taken from a match for later: an operation or a context keeps those that its action lists
 * use.  One allocation, counted. */
struct bound_value {
    uint32_t key; /* index into the rule's var_keys */
    struct value value;
};
struct binding {
    unsigned refs;
    uint32_t count;
    bool raw_first; /* the first match set no variables: its $ and % are left alone */
    bool raw_second;
    bool second; /* a second match was there */
    struct bound_value values[];
};

struct scope {
    struct bytes text;               /* %s */
    const struct var_keys *keys;     /* of the rule whose texts are expanded */
    const struct binding *bound;     /* values taken earlier; NULL: none */
    const struct match_vars *first;  /* NULL: not at hand, only what is bound */
    const struct match_vars *second; /* Pair's second match */
    bool raw;                        /* no substitution of match variables: texts as they stand */
};

/* A scope without match variables: Calendar, []-expressions. */
struct scope scope_plain(struct bytes text);
struct value scope_value(struct engine *engine, const struct scope *scope, uint32_t key);
/* Takes the values of these keys (struct action_list's uses); NULL when there are none, nothing is
 * raw and there is no second match. */
struct binding *binding_take(struct engine *engine, const struct scope *scope, const uint32_t *keys,
                             size_t count);
/* The same for all that an operation keeps: lists, texts and an expression (NULL: none). */
struct binding *binding_take_lists(struct engine *engine, const struct scope *scope,
                                   const struct action_list *const *lists, size_t count,
                                   const struct template *const *texts, size_t text_count,
                                   const struct context_expr *expr);
/* One of values that were taken in another run: copies of them. */
struct binding *binding_make(const struct binding *flags, const struct bound_value *values,
                             size_t count);
void binding_retain(struct binding *binding);
void binding_release(struct binding *binding); /* NULL is allowed */

/* The template's text in this scope, in the engine's arena. */
struct bytes expand(struct engine *engine, const struct template *t, const struct scope *scope);
/* The text as upstream keeps it after substitution of those matches that have come, values masked
 * for the passes still to come: for dumps. */
struct bytes expand_kept(struct engine *engine, const struct template *t,
                         const struct scope *scope);
/* The same with the values quoted for use in a regular expression (quotemeta). */
struct bytes expand_regex(struct engine *engine, const struct template *t,
                          const struct scope *scope);

/* Runs the list: FLOW_NEXT when it came to its end. */
enum flow actions_run(struct engine *engine, const struct action_list *list,
                      const struct scope *scope);

#endif
