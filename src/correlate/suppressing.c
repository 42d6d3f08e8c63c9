/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SingleWithSuppress: the first match runs the action list, the next ones within the window do
 * nothing. */
#include "correlate/shared.h"
#include "correlate/types.h"

static enum verdict matched(struct engine *engine, struct rule_state *state, size_t part,
                            const struct match_vars *vars)
{
    const struct rule *rule = state->rule;
    (void)part;
    struct scope scope = match_scope(engine, rule, vars);
    int64_t now = engine_now(engine);
    struct operation *o = operations_find(state, scope.text);
    if (o && !operation_over(o, now)) {
        operation_met(engine, o);
        return VERDICT_HELD;
    }
    if (o)
        operations_end(engine, o);
    struct binding *bound =
        binding_take(engine, &scope, rule->action->uses, rule->action->use_count);
    operations_start(engine, state, scope.text, now, rule->window, bound);
    actions_run(engine, rule->action, &scope);
    return VERDICT_ACTED;
}

static const struct field fields[] = {
    FIELDS_PATTERN,
    FIELD_DESC_REQUIRED,
    FIELD_ACTIONS("action", action, true, 0),
    FIELD_NUMBER(FIELD_POSITIVE, "window", window, true, "time window"),
    {.kind = FIELD_END},
};

const struct rule_type rule_suppressing = {
    .keyword = "SINGLEWITHSUPPRESS",
    .name = "SingleWithSuppress",
    .constant = {"SINGLE_W_SUPPRESS", 1},
    .patterns = 1,
    .fields = fields,
    .matched = matched,
    .due = operations_end,
};
