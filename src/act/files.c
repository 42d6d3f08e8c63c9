/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Output files: write, writen, owritecl, closef.  Files and messages are io/output.c's. */
#include "act/arguments.h"
#include "act/types.h"

static enum flow run_write(struct engine *engine, const struct action *action,
                           const struct scope *scope)
{
    struct bytes file = argument(engine, action, 0, scope);
    struct bytes event = argument(engine, action, 1, scope);
    take_effect(engine, action, (struct effect){EFFECT_WRITE, .target = file, .text = event});
    return FLOW_NEXT;
}

static enum flow run_writen(struct engine *engine, const struct action *action,
                            const struct scope *scope)
{
    struct bytes file = argument(engine, action, 0, scope);
    struct bytes event = argument(engine, action, 1, scope);
    take_effect(engine, action, (struct effect){EFFECT_WRITEN, .target = file, .text = event});
    return FLOW_NEXT;
}

static enum flow run_owritecl(struct engine *engine, const struct action *action,
                              const struct scope *scope)
{
    struct bytes file = argument(engine, action, 0, scope);
    struct bytes event = argument(engine, action, 1, scope);
    take_effect(engine, action, (struct effect){EFFECT_OWRITECL, .target = file, .text = event});
    return FLOW_NEXT;
}

static enum flow run_closef(struct engine *engine, const struct action *action,
                            const struct scope *scope)
{
    struct bytes file = argument(engine, action, 0, scope);
    take_effect(engine, action, (struct effect){EFFECT_CLOSEF, .target = file});
    return FLOW_NEXT;
}

const struct action_type action_write = {.name = "write",
                                         .constant = {"WRITE", 2},
                                         .params = {NEEDED_WORD("filename"), EVENT_TEXT},
                                         .run = run_write};
const struct action_type action_writen = {.name = "writen",
                                          .constant = {"WRITEN", 3},
                                          .params = {NEEDED_WORD("filename"), EVENT_TEXT},
                                          .run = run_writen};
const struct action_type action_owritecl = {.name = "owritecl",
                                            .constant = {"OWRITECL", 5},
                                            .params = {NEEDED_WORD("filename"), EVENT_TEXT},
                                            .run = run_owritecl};
const struct action_type action_closef = {.name = "closef",
                                          .constant = {"CLOSEF", 4},
                                          .params = {NEEDED_WORD("filename")},
                                          .run = run_closef};
