/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A while loop that never ends: its list does not change the variable and has no break. */
#include "lint/checks.h"
#include "lint/facts.h"

#include <stdlib.h>

#include "base/mem.h"

/* A list inside the loop that is still to be looked at. */
struct inside {
    const struct action_list *list;
    bool breaks; /* a break in it ends the loop */
};

struct search {
    uint32_t variable;
    struct inside *waiting; /* owned */
    size_t count, room;
};

static bool is_one_of(const struct action *action, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(action->type->name, *names) == 0)
            return true;
    return false;
}

/* What these do is not in the rule: actions at the end of contexts, Perl code. */
static bool may_do_anything(const struct action *action)
{
    static const char *const names[] = {"obsolete", "sigemul", NULL};
    return is_one_of(action, names);
}

static bool sets_variable(const struct action *action, uint32_t variable)
{
    static const char *const readers[] = {"if", "while", NULL};
    if (is_one_of(action, readers))
        return false;
    for (size_t i = 0; action->type->params[i].kind != PARAM_END; i++)
        if (action->type->params[i].kind == PARAM_VARIABLE && action->args[i].name.len > 0 &&
            action->args[i].variable == variable)
            return true;
    return false;
}

static void wait(struct search *search, const struct action_list *list, bool breaks)
{
    MEM_GROW(search->waiting, search->count, search->room, 8);
    search->waiting[search->count++] = (struct inside){list, breaks};
}

static bool action_ends(struct search *search, const struct action *action, bool breaks)
{
    static const char *const block[] = {"if", NULL}, *const leave[] = {"break", NULL};
    if (sets_variable(action, search->variable) || may_do_anything(action) ||
        (breaks && is_one_of(action, leave)))
        return true;
    for (size_t i = 0; action->type->params[i].kind != PARAM_END; i++)
        if (action->args[i].list)
            wait(search, action->args[i].list, breaks && is_one_of(action, block));
    return false;
}

static bool loop_ends(const struct action *loop)
{
    struct search search = {.variable = loop->args[0].variable};
    bool ends = false;
    wait(&search, loop->args[1].list, true);
    while (!ends && search.count > 0) {
        struct inside inside = search.waiting[--search.count];
        for (size_t i = 0; !ends && i < inside.list->count; i++)
            ends = action_ends(&search, inside.list->actions[i], inside.breaks);
    }
    free(search.waiting);
    return ends;
}

static void look_at_action(void *arg, const struct visit_spot *spot)
{
    struct lint *lint = arg;
    const struct action *action = spot->action;
    if (!action->type->loops)
        return;
    const struct wildcard variable = wildcard_name(action->args[0].name);
    if (!facts_have(lint->facts, FACT_VARIABLE_SET, &variable) || loop_ends(action))
        return; /* it is never entered, or it ends */
    struct lint_finding *found =
        lint_tell(lint, spot->rule, action->args[0].source,
                  B("once entered, this loop never ends: nothing in it changes %"),
                  action->args[0].name, B(" or leaves it"));
    lint_hint(lint, found, B("no line is read while it runs: change %"), action->args[0].name,
              B(" in it, or leave it with break"));
}

static void look(struct lint *lint, const struct rule *rule)
{
    const struct visitor visitor = {.arg = lint, .action = look_at_action};
    if (!facts_code_may_use(lint->facts, B("::variables")))
        visit_rule(rule, &visitor);
}

const struct lint_check check_endless_loop = {
    .name = "endless-loop",
    .level = LINT_WARNING,
    .summary = "A while loop that never ends",
    .rule = look,
};
