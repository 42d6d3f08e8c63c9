/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SingleWithThreshold: the action list runs when the threshold is reached within the window; the
 * operation then ignores events until the window ends. */
#include "correlate/shared.h"
#include "correlate/types.h"
#include "state/items.h"

/* The window has ended: it slides to the oldest event that is left, or the operation ends. */
static void due(struct engine *engine, struct operation *o)
{
    if (o->suppressing) {
        operation_finish(engine, o, o->rule->action2, operation_desc(o));
        return;
    }
    times_forget(engine, o, engine_now(engine) - o->window, false);
    if (o->time_count == 0)
        operations_end(engine, o);
}

static struct operation *start_counting(struct engine *engine, struct rule_state *state,
                                        const struct scope *scope, int64_t now)
{
    const struct rule *rule = state->rule;
    const struct action_list *lists[] = {rule->action, rule->action2};
    struct binding *bound = binding_take_lists(engine, scope, lists, 2, &rule->events, 1, NULL);
    return operations_start(engine, state, scope->text, now, rule->window, bound);
}

static enum verdict matched(struct engine *engine, struct rule_state *state, size_t part,
                            const struct match_vars *vars)
{
    const struct rule *rule = state->rule;
    (void)part;
    struct scope scope = match_scope(engine, rule, vars);
    int64_t now = engine_now(engine);
    struct operation *o = operations_find(state, scope.text);
    if (o && operation_over(o, now)) {
        due(engine, o);
        o = operations_find(state, scope.text);
    }
    if (!o)
        o = start_counting(engine, state, &scope, now);
    if (!o->suppressing)
        count_time(engine, o, now);
    operation_met(engine, o);
    if (o->suppressing)
        return VERDICT_HELD;
    if (o->time_count < rule->threshold)
        return VERDICT_COUNTED;
    o->suppressing = true;
    operation_run(engine, o, rule->action, scope.text);
    return VERDICT_ACTED;
}

static void move_window(struct engine *engine, struct operation *o, int64_t time)
{
    if (o->suppressing) {
        operation_set_time(engine, o, time);
        return;
    }
    times_forget(engine, o, time, true);
    if (o->time_count == 0)
        operations_end(engine, o);
}

static bool resumed(struct engine *engine, struct operation *o, bool reached, struct buf *error)
{
    (void)engine, (void)error;
    o->suppressing = reached;
    return true;
}

static void show(struct items *items)
{
    items_first_pattern(items);
    items_desc(items);
    items_action(items);
    items_action2(items);
    items_window(items);
    items_number(items, ITEM_NUMBER, "Threshold", "threshold", 1, items->rule->threshold);
}

static const struct field fields[] = {
    FIELDS_PATTERN,
    FIELD_DESC_REQUIRED,
    FIELD_ACTIONS("action", action, true, 0),
    FIELD_ACTIONS("action2", action2, false, 0),
    FIELD_NUMBER(FIELD_POSITIVE, "window", window, true, "time window"),
    FIELD_NUMBER(FIELD_POSITIVE, "thresh", threshold, true, "threshold"),
    {.kind = FIELD_END},
};

const struct rule_type rule_threshold = {
    .keyword = "SINGLEWITHTHRESHOLD",
    .name = "SingleWithThreshold",
    .constant = {"SINGLE_W_THRESHOLD", 5},
    .patterns = 1,
    .fields = fields,
    .matched = matched,
    .due = due,
    .move_window = move_window,
    .resumed = resumed,
    .show = show,
    .counts_events = true,
    .keeps_times = true,
    .counting = {"checking for threshold", "checking for threshold"},
    .reached = {"seen before threshold was crossed", "threshold reached"},
};
