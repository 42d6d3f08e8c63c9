/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Action list variables: assign, assignsq, free, varset. */
#include "act/arguments.h"
#include "act/types.h"

static void assign(struct engine *engine, const struct arg *variable, struct bytes value)
{
    log_msg(engine->log, LOG_DETAIL, B("Assigning '"), value, B("' to variable '"),
            VARIABLE_NAME(variable), B("'"));
    variables_set(engine->state.variables, variable->variable, value);
}

static enum flow run_assign(struct engine *engine, const struct action *action,
                            const struct scope *scope)
{
    assign(engine, &action->args[0], argument(engine, action, 1, scope));
    return FLOW_NEXT;
}

static enum flow run_assignsq(struct engine *engine, const struct action *action,
                              const struct scope *scope)
{
    struct bytes value = argument(engine, action, 1, scope);
    assign(engine, &action->args[0], shell_quoted(engine, value));
    return FLOW_NEXT;
}

static enum flow run_free(struct engine *engine, const struct action *action,
                          const struct scope *scope)
{
    (void)scope;
    const struct arg *variable = &action->args[0];
    log_msg(engine->log, LOG_DETAIL, B("Freeing variable '"), VARIABLE_NAME(variable), B("'"));
    variables_unset(engine->state.variables, variable->variable);
    return FLOW_NEXT;
}

static enum flow run_varset(struct engine *engine, const struct action *action,
                            const struct scope *scope)
{
    struct bytes entry = argument(engine, action, 1, scope);
    log_msg(engine->log, LOG_DETAIL, B("Checking the presence of pattern match cache entry '"),
            entry, B("'"));
    set_number(engine, &action->args[0], cache_find(engine->state.cache, entry) != NULL);
    return FLOW_NEXT;
}

const struct action_type action_assign = {.name = "assign",
                                          .constant = {"ASSIGN", 51},
                                          .params = {VARIABLE, EVENT_TEXT},
                                          .run = run_assign};
const struct action_type action_assignsq = {.name = "assignsq",
                                            .constant = {"ASSIGNSQ", 52},
                                            .params = {VARIABLE, EVENT_TEXT},
                                            .run = run_assignsq};
const struct action_type action_free = {
    .name = "free", .constant = {"FREE", 53}, .params = {VARIABLE}, .run = run_free};
const struct action_type action_varset = {
    .name = "varset",
    .constant = {"VARIABLESET", 61},
    .params = {VARIABLE, NEEDED_WORD("pattern match cache entry name")},
    .run = run_varset};
