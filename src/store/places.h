/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a saved state refers to parts of the rules: to a rule, to an action list in it that is given
 * to contexts, and to match variables of it.
 *
 * A rule is found by its file, number and mark, which is a hash of its text; if it has moved, by
 * the mark alone. */
#ifndef SECANT_STORE_PLACES_H
#define SECANT_STORE_PLACES_H

#include "state/engine.h"
#include "store/fields.h"

/* Calls visit for each action of the rule, in an order that depends only on its text. */
typedef void rule_action(void *arg, const struct action *action, bool second); /* in action2 */
void rule_each_action(const struct rule *rule, struct arena *arena, rule_action *visit, void *arg);

/* An action list that an action of the rule gives to a context. */
struct given_list {
    const struct action *action; /* create or set; its first argument is the context's name */
    const struct action_list *list;
    bool second; /* in action2 */
};

/* All such lists of a rule, in the same order; in the arena. */
size_t given_lists(const struct rule *rule, struct arena *arena, struct given_list **lists);

/* All of its actions, as they are written; empty if user code has made the list. */
struct bytes list_text(const struct action_list *list);
/* The passes that its texts go through. */
unsigned list_passes(const struct action_list *list);
/* Makes a list that belongs to no rule from its text, which is copied; file is the name of the file
 * that messages give.  The caller owns a count of the list's file.  Returns NULL if the text is no
 * action list, and logs why. */
const struct action_list *list_parse(struct engine *engine, struct bytes text, unsigned passes,
                                     struct bytes file);

/* The source of lines with this name; NULL if there is none. */
struct line_source *source_find(struct engine *engine, struct bytes name);

json_t *rule_place(const struct rule *rule);
/* Returns NULL, after adding an error, if the rule does not exist any more, or *place is not what
 * rule_place makes. */
struct rule_state *rule_find(struct engine *engine, struct fields *fields, const json_t *place);

/* Stores the values of match variables in members of the object: match, match2, plain, plain2. */
void binding_put(json_t *object, const struct var_keys *keys, const struct binding *binding);
/* Names that the keys do not have are left out.  Returns NULL if there are neither values nor
 * anything else that belongs to a binding. */
struct binding *binding_get(struct fields *fields, const json_t *object,
                            const struct var_keys *keys);

#endif
