/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a saved state names what it needs of the rules: a rule, an action list in it that contexts
 * are given, and match variables of it.
 *
 * A rule is found by its file, number and mark, which is a hash of its text; where it has moved,
 * by the mark alone. */
#ifndef SECANT_STORE_PLACES_H
#define SECANT_STORE_PLACES_H

#include "state/engine.h"
#include "store/fields.h"

/* Calls visit for each action of the rule, in an order that goes by its text alone. */
typedef void rule_action(void *arg, const struct action *action, bool second); /* in action2 */
void rule_each_action(const struct rule *rule, struct arena *arena, rule_action *visit, void *arg);

/* An action list that an action of the rule gives to a context. */
struct given_list {
    const struct action *action; /* create or set; its first argument is the context's name */
    const struct action_list *list;
    bool second; /* in action2 */
};

/* All of a rule, in the same order; in the arena. */
size_t given_lists(const struct rule *rule, struct arena *arena, struct given_list **lists);

/* All of its actions, as they are written; empty: user code has made it. */
struct bytes list_text(const struct action_list *list);
/* Passes that its texts go through. */
unsigned list_passes(const struct action_list *list);
/* A list that no rule has, from its text, which is copied; file: the name of that which it is said
 * to be in.  Its file is counted once, for the caller.  NULL: it is none, which the log has. */
const struct action_list *list_parse(struct engine *engine, struct bytes text, unsigned passes,
                                     struct bytes file);

/* Who gives lines under this name; NULL: nobody. */
struct line_source *source_find(struct engine *engine, struct bytes name);

json_t *rule_place(const struct rule *rule);
/* NULL: there is none any more, or *place is none. */
struct rule_state *rule_find(struct engine *engine, struct fields *fields, const json_t *place);

/* The values of match variables, in members of the object: match, match2, plain, plain2. */
void binding_put(json_t *object, const struct var_keys *keys, const struct binding *binding);
/* Names that the keys do not have are left out.  NULL: there are no values, nor anything else that
 * a binding says. */
struct binding *binding_get(struct fields *fields, const json_t *object,
                            const struct var_keys *keys);

#endif
