/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The values of variables in an action's texts when it runs, and expansion of templates. */
#ifndef SECANT_STATE_SCOPE_H
#define SECANT_STATE_SCOPE_H

#include "lang/action.h"
#include "lang/context_expr.h"
#include "match/vars.h"

/* Values copied from a match for later: an operation or a context keeps those that its action lists
 * use.  One allocation, reference-counted. */
struct bound_value {
    uint32_t key; /* index into the rule's var_keys */
    struct value value;
};
struct binding {
    unsigned refs;
    uint32_t count;
    bool raw_first; /* the first match set no variables: its $ and % are left alone */
    bool raw_second;
    bool second; /* there was a second match */
    struct bound_value values[];
};

struct scope {
    struct bytes text;               /* %s */
    const struct var_keys *keys;     /* of the rule whose texts are expanded */
    const struct binding *bound;     /* values copied earlier; NULL: none */
    const struct match_vars *first;  /* NULL: only bound values are available */
    const struct match_vars *second; /* Pair's second match */
    bool raw;                        /* match variables are not substituted */
};

/* A scope without match variables: Calendar, []-expressions. */
struct scope scope_plain(struct bytes text);
struct value scope_value(struct engine *engine, const struct scope *scope, uint32_t key);
/* Copies the values of these keys (`uses` of struct action_list).  Returns NULL if there are none,
 * nothing is raw and there is no second match. */
struct binding *binding_take(struct engine *engine, const struct scope *scope, const uint32_t *keys,
                             size_t count);
/* The same for all that an operation keeps: lists, texts and an expression (NULL: none). */
struct binding *binding_take_lists(struct engine *engine, const struct scope *scope,
                                   const struct action_list *const *lists, size_t count,
                                   const struct template *const *texts, size_t text_count,
                                   const struct context_expr *expr);
/* Creates one from values of a previous run, which are copied. */
struct binding *binding_make(const struct binding *flags, const struct bound_value *values,
                             size_t count);
void binding_retain(struct binding *binding);
void binding_release(struct binding *binding); /* NULL is allowed */

/* The template's text in this scope, in the engine's arena. */
struct bytes expand(struct engine *engine, const struct template *t, const struct scope *scope);
/* The text as upstream keeps it after substituting the variables of the matches so far, with values
 * masked for later passes; for dumps. */
struct bytes expand_kept(struct engine *engine, const struct template *t,
                         const struct scope *scope);
/* The same with the values quoted for use in a regular expression (quotemeta). */
struct bytes expand_regex(struct engine *engine, const struct template *t,
                          const struct scope *scope);

/* Runs the list.  Returns FLOW_NEXT if it ran to its end. */
enum flow actions_run(struct engine *engine, const struct action_list *list,
                      const struct scope *scope);

#endif
