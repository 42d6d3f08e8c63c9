/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Single: every match runs the action list. */
#include "correlate/shared.h"
#include "correlate/types.h"

static enum verdict matched(struct engine *engine, struct rule_state *state, size_t part,
                            const struct match_vars *vars)
{
    const struct rule *rule = state->rule;
    (void)part;
    struct scope scope = match_scope(engine, rule, vars);
    actions_run(engine, rule->action, &scope);
    return VERDICT_ACTED;
}

static const struct field fields[] = {
    FIELDS_PATTERN,
    FIELD_DESC_REQUIRED,
    FIELD_ACTIONS("action", action, true, 0),
    {.kind = FIELD_END},
};

const struct rule_type rule_single = {
    .keyword = "SINGLE",
    .name = "Single",
    .constant = {"SINGLE", 0},
    .patterns = 1,
    .fields = fields,
    .matched = matched,
};
