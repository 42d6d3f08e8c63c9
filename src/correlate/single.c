/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Single: every match runs the action list. */
#include "correlate/shared.h"
#include "correlate/types.h"

static int64_t matched(struct engine *engine, struct rule *rule, size_t part,
                       const struct match_vars *vars)
{
    (void)part;
    struct scope scope = match_scope(engine, rule, vars);
    actions_run(engine, rule->action, &scope);
    return 0;
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
    .shape = SHAPE_ONE,
    .fields = fields,
    .matched = matched,
};
