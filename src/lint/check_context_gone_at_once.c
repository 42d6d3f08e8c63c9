/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A context that the list which creates it deletes again, before anything can ask for it: events
 * and commands of the list come later, and between the two actions nothing looks. */
#include "lint/checks.h"
#include "lint/facts.h"

static bool is_action(const struct action *action, const char *name)
{
    return strcmp(action->type->name, name) == 0;
}

/* Actions that ask for no context and run nothing that might. */
static bool is_blind(const struct action *action)
{
    static const char *const names[] = {"none",    "logonly", "write",     "writen",   "owritecl",
                                        "udgram",  "ustream", "udpsock",   "tcpsock",  "shellcmd",
                                        "cmdexec", "spawn",   "spawnexec", "pipe",     "pipeexec",
                                        "event",   "tevent",  "assign",    "assignsq", "free"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (is_action(action, names[i]))
            return true;
    return false;
}

static bool sets_a_variable(const struct action *action)
{
    return action->type->params[0].kind == PARAM_VARIABLE;
}

/* The delete of what this create makes; NULL: something may ask for it before. */
static const struct action *end_of(const struct action_list *list, size_t at)
{
    const struct template *name = list->actions[at]->args[0].text;
    bool constant = template_constant(name);
    for (size_t i = at + 1; i < list->count; i++) {
        const struct action *action = list->actions[i];
        if (is_action(action, "delete"))
            return bytes_eq(action->args[0].text->text, name->text) ? action : NULL;
        if (!is_blind(action) || (!constant && sets_a_variable(action)))
            return NULL;
    }
    return NULL;
}

static void look_at_action(void *arg, const struct visit_spot *spot)
{
    struct lint *lint = arg;
    if (!is_action(spot->action, "create"))
        return;
    size_t at = 0;
    while (spot->list->actions[at] != spot->action)
        at++;
    const struct action *end = end_of(spot->list, at);
    if (!end)
        return;
    const struct template *name = spot->action->args[0].text;
    struct lint_finding *found =
        lint_tell(lint, spot->rule, end->source, B("the context '"), name->text,
                  B("' is deleted by the same action list that creates it"));
    lint_hint(lint, found, B("to end it later, give it a lifetime: create "), name->text, B(" 60"));
}

static void look(struct lint *lint, const struct rule *rule)
{
    const struct visitor visitor = {.arg = lint, .action = look_at_action};
    visit_rule(rule, &visitor);
}

const struct lint_check check_context_gone_at_once = {
    .name = "context-gone-at-once",
    .level = LINT_WARNING,
    .summary = "A context is created and deleted by the same action list",
    .rule = look,
};
