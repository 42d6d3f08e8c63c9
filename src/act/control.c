/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Control of the action list: none, logonly, if, while, break, continue. */
#include "act/arguments.h"
#include "act/types.h"

static enum flow run_none(struct engine *engine, const struct action *action,
                          const struct scope *scope)
{
    (void)engine, (void)action, (void)scope;
    return FLOW_NEXT;
}

static enum flow run_break(struct engine *engine, const struct action *action,
                           const struct scope *scope)
{
    (void)engine, (void)action, (void)scope;
    return FLOW_BREAK;
}

static enum flow run_continue(struct engine *engine, const struct action *action,
                              const struct scope *scope)
{
    (void)engine, (void)action, (void)scope;
    return FLOW_CONTINUE;
}

static enum flow run_logonly(struct engine *engine, const struct action *action,
                             const struct scope *scope)
{
    struct bytes text = argument(engine, action, 0, scope);
    log_msg(engine->log, LOG_NOTE, text);
    return FLOW_NEXT;
}

static const struct action_list *enter_if(struct engine *engine, const struct action *action)
{
    bool truth = variables_true(engine->state.variables, action->args[0].variable);
    return action->args[truth ? 1 : 2].list;
}

static const struct action_list *enter_while(struct engine *engine, const struct action *action)
{
    bool truth = variables_true(engine->state.variables, action->args[0].variable);
    return truth ? action->args[1].list : NULL;
}

const struct action_type action_none = {.name = "none", .constant = {"NONE", 0}, .run = run_none};
const struct action_type action_break = {
    .name = "break", .constant = {"BREAK", 102}, .run = run_break};
const struct action_type action_continue = {
    .name = "continue", .constant = {"CONTINUE", 103}, .run = run_continue};
const struct action_type action_logonly = {
    .name = "logonly", .constant = {"LOGONLY", 1}, .params = {EVENT_TEXT}, .run = run_logonly};
const struct action_type action_if = {
    .name = "if",
    .constant = {"IF", 100},
    .params = {VARIABLE, {.kind = PARAM_BLOCK}, {.kind = PARAM_ELSE, .optional = true}},
    .enter = enter_if};
const struct action_type action_while = {.name = "while",
                                         .constant = {"WHILE", 101},
                                         .params = {VARIABLE, {.kind = PARAM_BLOCK}},
                                         .enter = enter_while,
                                         .loops = true};
