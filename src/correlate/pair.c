/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pair and PairWithWindow: a first event starts an operation, a second one, whose pattern may hold
 * values of the first, ends it. */
#include "correlate/second.h"
#include "correlate/shared.h"
#include "correlate/types.h"
#include "state/items.h"

static void report_bad_pattern(struct engine *engine, const struct rule *rule,
                               const struct scope *scope, struct bytes text, struct bytes error)
{
    struct bytes type = bytes_of(rule->type->name);
    struct bytes key = operation_key(&engine->line.arena, rule->file->name, rule->id, scope->text);
    log_msg(engine->log, LOG_ERROR,
            B("Runtime variable evaluation yielded an invalid regular expression '"), text,
            B("' for "), type, B(" rule: "), error);
    log_msg(engine->log, LOG_ERROR, B("Can't start "), type,
            B(" event correlation operation with the key '"), key, B("'"));
}

/* An operation of this description; old (NULL: none) is the one that has expired.
 * NULL: not started. */
static struct operation *start_pair(struct engine *engine, struct rule_state *state,
                                    const struct scope *scope, int64_t now, struct operation *old)
{
    const struct rule *rule = state->rule;
    struct second_text second;
    struct buf error = {0};
    bool sound = second_fill(engine, state, scope, &second, &error);
    if (!sound)
        report_bad_pattern(engine, rule, scope, second.text, buf_bytes(&error));
    buf_free(&error);
    if (!sound)
        return NULL;
    if (old)
        operations_end(engine, old);
    const struct action_list *lists[] = {rule->action, rule->action2};
    const struct template *texts[] = {rule->desc2, rule->pattern2_text};
    struct binding *bound =
        binding_take_lists(engine, scope, lists, 2, texts, 2, rule->parts[1].context);
    struct operation *o = operations_start(engine, state, scope->text, now, rule->window, bound);
    second_begin(o, &second);
    return o;
}

static enum verdict pair_matched(struct engine *engine, struct rule_state *state, size_t part,
                                 const struct match_vars *vars)
{
    const struct rule *rule = state->rule;
    (void)part;
    struct scope scope = match_scope(engine, rule, vars);
    int64_t now = engine_now(engine);
    struct operation *o = operations_find(state, scope.text);
    if (o && !(o->window && operation_over(o, now))) {
        operation_met(engine, o);
        return VERDICT_HELD;
    }
    if (!start_pair(engine, state, &scope, now, o))
        return VERDICT_FAILED;
    actions_run(engine, rule->action, &scope);
    return VERDICT_ACTED;
}

static enum verdict window_matched(struct engine *engine, struct rule_state *state, size_t part,
                                   const struct match_vars *vars)
{
    const struct rule *rule = state->rule;
    (void)part;
    struct scope scope = match_scope(engine, rule, vars);
    int64_t now = engine_now(engine);
    struct operation *o = operations_find(state, scope.text);
    if (o && operation_over(o, now)) {
        rule->type->due(engine, o);
        o = operations_find(state, scope.text);
    }
    if (o) {
        operation_met(engine, o);
        return VERDICT_HELD;
    }
    return start_pair(engine, state, &scope, now, NULL) ? VERDICT_BEGUN : VERDICT_FAILED;
}

/* PairWithWindow's window has ended: the second event did not come. */
static void window_due(struct engine *engine, struct operation *o)
{
    operation_finish(engine, o, o->rule->action, operation_desc(o));
}

/* The second event of this operation has come. */
static bool finish_pair(struct engine *engine, struct operation *o, const struct match_vars *vars)
{
    const struct rule *rule = o->rule;
    bool in_time = rule->type != &rule_pair || !o->window || !operation_over(o, engine_now(engine));
    if (in_time) {
        struct scope scope = operation_scope(o);
        o->state->match_count++;
        scope.second = vars;
        scope.text = expand(engine, rule->desc2, &scope);
        actions_run(engine, rule->action2, &scope);
    }
    operations_end(engine, o);
    return in_time;
}

static bool context2_holds(struct engine *engine, const struct operation *o,
                           const struct match_vars *vars)
{
    struct scope scope = operation_scope(o);
    scope.second = vars;
    return condition_true(engine, o->rule->parts[1].context, &scope);
}

static bool try_operation(struct engine *engine, struct operation *o)
{
    const struct part *part = &o->rule->parts[1];
    static const struct match_vars none = {.kind = VARS_NONE};
    struct match_vars vars;
    if (part->context_first && !context2_holds(engine, o, &none))
        return false;
    if (!pattern_match(second_pattern(engine, o), part->varmap, &engine->line.place, &vars))
        return false;
    if (part->context && !part->context_first && !context2_holds(engine, o, &vars))
        return false;
    return finish_pair(engine, o, &vars);
}

/* Tries the operations from *from on until one of them changes the line: *from is the next one
 * then.  Returns whether the line is still the same. */
static bool try_operations(struct engine *engine, const struct rule_state *state, uint64_t *from,
                           bool *any)
{
    struct operation **candidates;
    size_t count = second_candidates(engine, state, *from, &candidates);
    for (size_t i = 0; i < count; i++) {
        if (candidates[i]->live && !engine->line.rewritten) {
            *from = candidates[i]->serial + 1;
            *any |= try_operation(engine, candidates[i]);
        }
        operation_release(candidates[i]);
    }
    return !engine->line.rewritten;
}

static bool matched_second(struct engine *engine, struct rule_state *state)
{
    uint64_t from = 0;
    bool any = false, before = engine->line.rewritten, rewritten = false;
    engine->line.rewritten = false;
    while (!try_operations(engine, state, &from, &any)) {
        rewritten = true;
        engine->line.rewritten = false;
    }
    engine->line.rewritten = before || rewritten;
    return any;
}

static bool resumed(struct engine *engine, struct operation *o, bool reached, struct buf *error)
{
    struct scope scope = operation_scope(o);
    struct second_text second;
    (void)reached;
    if (!second_fill(engine, o->state, &scope, &second, error))
        return false;
    second_begin(o, &second);
    return true;
}

static void show(struct items *items)
{
    const struct part *second = &items->rule->parts[1];
    items_first_pattern(items);
    items_desc(items);
    items_action(items);
    items_pattern(items, 2, second_pattern(items->engine, items->operation));
    items_context(items, 2, second->context, &items->scope);
    items_next(items, 2, second);
    items_text(items, "Description", "desc", 2,
               expand_kept(items->engine, items->rule->desc2, &items->scope));
    items_action2(items);
    items_window(items);
}

/* clang-format off */
#define FIELDS_PAIR(...)                                                                           \
    {.kind = FIELD_CONTINUE, .name = "continue"},                                                  \
    {.kind = FIELD_CONTINUE, .name = "continue2", .part = 1},                                      \
    {.kind = FIELD_PATTERN, .name = "ptype", .required = true},                                    \
    {.kind = FIELD_PATTERN_TEXT, .name = "pattern", .required = true},                             \
    {.kind = FIELD_PATTERN, .name = "ptype2", .required = true, .part = 1},                        \
    {.kind = FIELD_PATTERN_TEXT, .name = "pattern2", .required = true, .part = 1},                 \
    {.kind = FIELD_VARMAP, .name = "varmap"},                                                      \
    {.kind = FIELD_VARMAP, .name = "varmap2", .part = 1},                                          \
    {.kind = FIELD_CONTEXT, .name = "context"},                                                    \
    {.kind = FIELD_CONTEXT, .name = "context2", .part = 1},                                        \
    FIELD_DESC_REQUIRED,                                                                           \
    {.kind = FIELD_DESC, .name = "desc2", .required = true, .part = 1},                            \
    FIELD_ACTIONS("action", action, true, 0),                                                      \
    FIELD_ACTIONS("action2", action2, true, 1),                                                    \
    __VA_ARGS__,                                                                                   \
    {.kind = FIELD_END}
/* clang-format on */

static const struct field pair_fields[] = {
    FIELDS_PAIR(FIELD_NUMBER(FIELD_NATURAL, "window", window, false, "time window")),
};

static const struct field window_fields[] = {
    FIELDS_PAIR(FIELD_NUMBER(FIELD_POSITIVE, "window", window, true, "time window")),
};

const struct rule_type rule_pair = {
    .keyword = "PAIR",
    .name = "Pair",
    .constant = {"PAIR", 3},
    .patterns = 2,
    .matched_second = matched_second,
    .fields = pair_fields,
    .matched = pair_matched,
    .due = operations_end,
    .resumed = resumed,
    .show = show,
};

const struct rule_type rule_pair_window = {
    .keyword = "PAIRWITHWINDOW",
    .name = "PairWithWindow",
    .constant = {"PAIR_W_WINDOW", 4},
    .patterns = 2,
    .matched_second = matched_second,
    .fields = window_fields,
    .matched = window_matched,
    .due = window_due,
    .resumed = resumed,
    .show = show,
};
