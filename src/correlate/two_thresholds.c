/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SingleWith2Thresholds: a rising threshold runs action, then a falling one runs action2 when few
 * enough events came within the second window. */
#include "correlate/shared.h"
#include "correlate/types.h"
#include "state/items.h"

/* desc2 with the operation's match variables; in the arena. */
static struct bytes desc2_of(struct engine *engine, const struct operation *o)
{
    struct scope scope = operation_scope(o);
    return expand(engine, o->rule->desc2, &scope);
}

static void due(struct engine *engine, struct operation *o)
{
    if (o->second_pass) {
        operation_finish(engine, o, o->rule->action2, desc2_of(engine, o));
        return;
    }
    times_forget(engine, o, engine_now(engine) - o->window, false);
    if (o->time_count == 0)
        operations_end(engine, o);
}

static struct operation *start_rising(struct engine *engine, struct rule_state *state,
                                      const struct scope *scope, int64_t now)
{
    const struct rule *rule = state->rule;
    const struct action_list *lists[] = {rule->action, rule->action2};
    const struct template *const texts[] = {rule->desc2, rule->events};
    struct binding *bound = binding_take_lists(engine, scope, lists, 2, texts, 2, NULL);
    return operations_start(engine, state, scope->text, now, rule->window, bound);
}

/* The rising threshold is crossed: watch for the falling one. */
static void cross(struct engine *engine, struct operation *o, int64_t now)
{
    struct event_lines *lines = o->lines; /* for the action, which no longer sees the times */
    o->second_pass = true;
    o->lines = NULL;
    operation_clear_times(o);
    operation_set_window(engine, o, o->rule->window2);
    operation_set_time(engine, o, now);
    o->lines = lines;
    operation_retain(o);
    operation_run(engine, o, o->rule->action, operation_desc(o));
    o->lines = NULL;
    operation_release(o);
    event_lines_free(lines);
}

/* One event too many for the falling threshold: the window moves to the next one. */
static void slide(struct engine *engine, struct operation *o, int64_t now)
{
    operation_shift_time(o);
    operation_set_time(engine, o, o->time_count ? operation_time_at(o, 0) : now);
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
        o = start_rising(engine, state, &scope, now);
    count_time(engine, o, now);
    operation_met(engine, o);
    if (!o->second_pass && o->time_count >= rule->threshold) {
        cross(engine, o, now);
        return VERDICT_ACTED;
    }
    if (o->second_pass && o->time_count > rule->threshold2)
        slide(engine, o, now);
    return VERDICT_COUNTED;
}

static void move_window(struct engine *engine, struct operation *o, int64_t time)
{
    times_forget(engine, o, time, true);
    if (!o->second_pass && o->time_count == 0)
        operations_end(engine, o);
}

static bool resumed(struct engine *engine, struct operation *o, bool reached, struct buf *error)
{
    (void)engine, (void)error;
    o->second_pass = reached;
    return true;
}

static void show(struct items *items)
{
    items_first_pattern(items);
    items_desc(items);
    items_action(items);
    items_window(items);
    items_number(items, ITEM_NUMBER, "Threshold", "threshold", 1, items->rule->threshold);
    items_text(items, "Description", "desc", 2, desc2_of(items->engine, items->operation));
    items_action2(items);
    items_number(items, ITEM_SECONDS, "Window", "window", 2, items->rule->window2);
    items_number(items, ITEM_NUMBER, "Threshold", "threshold", 2, items->rule->threshold2);
}

static const struct field fields[] = {
    FIELDS_PATTERN,
    FIELD_DESC_REQUIRED,
    {.kind = FIELD_DESC, .name = "desc2", .required = true, .part = 1},
    FIELD_ACTIONS("action", action, true, 0),
    FIELD_ACTIONS("action2", action2, true, 0),
    FIELD_NUMBER(FIELD_POSITIVE, "window", window, true, "1st time window"),
    FIELD_NUMBER(FIELD_POSITIVE, "window2", window2, true, "2nd time window"),
    FIELD_NUMBER(FIELD_POSITIVE, "thresh", threshold, true, "1st threshold"),
    FIELD_NUMBER(FIELD_NATURAL, "thresh2", threshold2, true, "2nd threshold"),
    {.kind = FIELD_END},
};

const struct rule_type rule_two_thresholds = {
    .keyword = "SINGLEWITH2THRESHOLDS",
    .name = "SingleWith2Thresholds",
    .constant = {"SINGLE_W_2_THRESHOLDS", 6},
    .patterns = 1,
    .fields = fields,
    .matched = matched,
    .due = due,
    .move_window = move_window,
    .resumed = resumed,
    .show = show,
    .counts_events = true,
    .keeps_times = true,
    .counting = {"checking for 1st threshold", "checking for 1st threshold"},
    .reached = {"checking for 2nd threshold", "checking for 2nd threshold"},
};
