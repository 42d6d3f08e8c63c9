/* SPDX-License-Identifier: GPL-2.0-or-later */
/* EventGroup: several patterns, each with a threshold, within one sliding window; optionally the
 * order of events must match a pattern over their tokens. */
#include "base/mem.h"
#include "correlate/shared.h"
#include "correlate/types.h"
#include "state/items.h"

/* operation->type_data: how many events of each pattern are in the window. */
static uint32_t *counts(const struct operation *o)
{
    return o->type_data;
}

static void counts_free(struct operation *o)
{
    free(o->type_data);
}

static void keep_counts(struct operation *o)
{
    o->type_data = mem_zalloc(o->rule->part_count * sizeof(uint32_t));
    o->type_data_free = counts_free;
}

static void forget_events(struct engine *engine, struct operation *o, int64_t time, bool exact)
{
    while (o->time_count && operation_event_at(o, 0)->time < time) {
        counts(o)[operation_event_at(o, 0)->part]--;
        operation_shift_time(o);
    }
    if (!exact && o->time_count)
        time = operation_event_at(o, 0)->time;
    operation_set_time(engine, o, time);
}

static void finish_group(struct engine *engine, struct operation *o)
{
    o->ending = true;
    operation_finish(engine, o, o->rule->end, operation_desc(o));
}

static void due(struct engine *engine, struct operation *o)
{
    if (!o->suppressing)
        forget_events(engine, o, engine_now(engine) - o->window, false);
    if (o->suppressing || o->time_count == 0)
        finish_group(engine, o);
    else
        operation_run(engine, o, o->rule->slide, operation_desc(o));
}

static void start_group(struct engine *engine, struct rule_state *state, const struct scope *scope,
                        int64_t now)
{
    const struct rule *rule = state->rule;
    const struct action_list *lists[] = {rule->init, rule->slide, rule->end, rule->action};
    struct binding *bound = binding_take_lists(engine, scope, lists, 4, &rule->events, 1, NULL);
    struct operation *o = operations_start(engine, state, scope->text, now, rule->window, bound);
    keep_counts(o);
    operation_retain(o);
    o->starting = true;
    operation_run(engine, o, rule->init, scope->text);
    o->starting = false;
    operation_release(o);
}

static void record(struct engine *engine, struct operation *o, size_t part,
                   const struct scope *scope, int64_t now)
{
    const struct rule *rule = o->rule;
    struct bytes token = {0};
    if (rule->has_group_pattern)
        token = expand(engine, rule->parts[part].token, scope);
    operation_push_event(o, now, (uint32_t)part, token);
    keep_line(engine, o, part, now);
    counts(o)[part]++;
}

/* The tokens of its events, in the arena. */
static struct bytes tokens_joined(struct engine *engine, const struct operation *o)
{
    struct buf *out = &engine->line.scratch;
    buf_clear(out);
    for (uint32_t i = 0; i < o->time_count; i++)
        buf_cat(out, i ? B(" ") : B(""), operation_event_at(o, i)->token);
    return arena_bytes(&engine->line.arena, buf_bytes(out));
}

static bool pattern_holds(struct engine *engine, const struct operation *o)
{
    struct arena *arena = &engine->line.arena;
    struct bytes *tokens = arena_alloc(arena, o->time_count * sizeof(*tokens));
    int64_t *times = arena_alloc(arena, o->time_count * sizeof(*times));
    for (uint32_t i = 0; i < o->time_count; i++) {
        tokens[i] = operation_event_at(o, i)->token;
        times[i] = operation_event_at(o, i)->time;
    }
    return pattern_match_group(&o->rule->group_pattern, tokens_joined(engine, o), tokens, times,
                               o->time_count, &engine->line.place);
}

static bool complete(struct engine *engine, const struct operation *o)
{
    const struct rule *rule = o->rule;
    for (size_t i = 0; i < rule->part_count; i++)
        if (counts(o)[i] < rule->parts[i].threshold)
            return false;
    return !rule->has_group_pattern || pattern_holds(engine, o);
}

/* One event of the operation: counted, the count action, and the action when all is complete. */
static enum verdict take_event(struct engine *engine, struct operation *o, size_t part,
                               const struct scope *scope, int64_t now)
{
    const struct rule *rule = o->rule;
    if (!o->suppressing)
        record(engine, o, part, scope, now);
    operation_met(engine, o);
    actions_run(engine, rule->parts[part].count, scope);
    if (o->suppressing)
        return VERDICT_HELD;
    if (!o->live || !complete(engine, o))
        return VERDICT_COUNTED;
    if (!rule->multact)
        o->suppressing = true;
    operation_run(engine, o, rule->action, scope->text);
    return VERDICT_ACTED;
}

static enum verdict matched(struct engine *engine, struct rule_state *state, size_t part,
                            const struct match_vars *vars)
{
    const struct rule *rule = state->rule;
    struct scope scope = match_scope(engine, rule, vars);
    int64_t now = engine_now(engine);
    struct operation *o = operations_find(state, scope.text);
    if (o && operation_over(o, now)) {
        due(engine, o);
        o = operations_find(state, scope.text);
    }
    if (!o) {
        start_group(engine, state, &scope, now);
        o = operations_find(state, scope.text); /* unless the init action has ended it */
    }
    if (!o)
        return VERDICT_BEGUN;
    operation_retain(o);
    enum verdict verdict = take_event(engine, o, part, &scope, now);
    operation_release(o);
    return verdict;
}

static void move_window(struct engine *engine, struct operation *o, int64_t time)
{
    if (o->suppressing) {
        operation_set_time(engine, o, time);
        return;
    }
    forget_events(engine, o, time, true);
    if (o->time_count == 0)
        finish_group(engine, o);
}

static bool resumed(struct engine *engine, struct operation *o, bool reached, struct buf *error)
{
    (void)engine, (void)error;
    keep_counts(o);
    for (uint32_t i = 0; i < o->time_count; i++)
        counts(o)[operation_event_at(o, i)->part]++;
    o->suppressing = reached;
    return true;
}

static void show_part(struct items *items, size_t number, const struct part *part)
{
    items_pattern(items, number, &part->pattern);
    items_context(items, number, part->context, NULL);
    items_next(items, number, part);
    items_list(items, "Count action", "count", number, part->count, NULL);
    items_number(items, ITEM_NUMBER, "Threshold", "threshold", number, part->threshold);
    if (!items->rule->has_group_pattern)
        return;
    if (part->token_given)
        items_text(items, "Event group token", "egtoken", number, part->token->text);
    else
        items_number(items, ITEM_NUMBER, "Event group token", "egtoken", number, (int64_t)number);
}

static void show(struct items *items)
{
    const struct rule *rule = items->rule;
    for (size_t i = 0; i < rule->part_count; i++)
        show_part(items, i + 1, &rule->parts[i]);
    if (rule->has_group_pattern) {
        pattern_print(&rule->group_pattern, &items->out);
        items_text(items, "Event group pattern", "egpattern", 1, buf_bytes(&items->out));
        items_text(items, "Event group string", "egstring", 1,
                   tokens_joined(items->engine, items->operation));
    }
    items_list(items, "Init action", "init", 1, rule->init, &items->scope);
    items_list(items, "Slide action", "slide", 1, rule->slide, &items->scope);
    items_list(items, "End action", "end", 1, rule->end, &items->scope);
    items_desc(items);
    items_action(items);
    items_window(items);
}

/* Those of each pattern are numbered from 2: ptype, ptype2, ... */
static const struct field fields[] = {
    FIELDS_PATTERN,
    {.kind = FIELD_COUNT, .name = "count"},
    {.kind = FIELD_PART_THRESHOLD, .name = "thresh", .noun = "threshold"},
    {.kind = FIELD_EGTOKEN, .name = "egtoken"},
    FIELD_DESC_REQUIRED,
    FIELD_ACTIONS("action", action, true, 0),
    FIELD_ACTIONS("init", init, false, 0),
    FIELD_ACTIONS("slide", slide, false, 0),
    FIELD_ACTIONS("end", end, false, 0),
    FIELD_NUMBER(FIELD_POSITIVE, "window", window, true, "time window"),
    {.kind = FIELD_MULTACT, .name = "multact"},
    {.kind = FIELD_EGPTYPE, .name = "egptype"},
    {.kind = FIELD_EGPATTERN, .name = "egpattern"},
    {.kind = FIELD_END},
};

const struct rule_type rule_event_group = {
    .keyword = "EVENTGROUP",
    .name = "EventGroup",
    .constant = {"EVENT_GROUP", 7},
    .patterns = 1,
    .numbered = true,
    .fields = fields,
    .matched = matched,
    .due = due,
    .move_window = move_window,
    .resumed = resumed,
    .show = show,
    .counts_events = true,
    .counting = {"checking for thresholds", "checking for thresholds"},
    .reached = {"seen before thresholds were crossed", "thresholds reached"},
};
