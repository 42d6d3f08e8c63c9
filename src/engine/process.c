/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way of a line: into the window, one scan, then the candidates of each rule file in order. */
#include "engine/process.h"

#include <assert.h>

#include "engine/ruleperf.h"
#include "engine/walk.h"
#include "state/condition.h"

/* Does the context of this part hold?  It is asked for before the pattern, then there are no match
 * variables yet (NULL), or after it, as the rule says; true where it is not due. */
static bool context_holds(struct engine *engine, const struct rule *rule, const struct part *part,
                          const struct match_vars *vars)
{
    bool before = !vars;
    if (!part->context || part->context_first != before)
        return true;
    struct scope scope = {.keys = &rule->keys, .first = vars, .raw = before};
    return condition_true(engine, part->context, &scope);
}

static enum verdict try_part(struct engine *engine, const struct rule *rule, size_t index,
                             struct match_vars *vars)
{
    const struct part *part = &rule->parts[index];
    if (!context_holds(engine, rule, part, NULL))
        return VERDICT_CONTEXT_FIRST;
    if (!pattern_match(&part->pattern, part->varmap, &engine->line.place, vars))
        return part->pattern.type == PATTERN_CACHED ? VERDICT_NO_CACHE_ENTRY : VERDICT_NO_MATCH;
    if (!context_holds(engine, rule, part, vars))
        return VERDICT_CONTEXT;
    return VERDICT_MATCHED;
}

/* The present line at a rule. */
struct trial {
    enum verdict verdict;
    size_t part;  /* the pattern that was tried last */
    int64_t next; /* id of the rule to go on with, or RULE_END */
    struct match_vars vars;
    bool matched; /* the pattern did: vars are set */
};

static inline void act_on_match(struct engine *engine, struct rule_state *state,
                                struct trial *trial)
{
    const struct rule *rule = state->rule;
    state->match_count++;
    trial->matched = true;
    trial->verdict = rule->type->matched(engine, state, trial->part, &trial->vars);
    engine->run.matches += trial->verdict < VERDICT_JUMPED;
    trial->next =
        trial->verdict == VERDICT_JUMPED_TO_END ? RULE_END : rule->parts[trial->part].next;
}

/* The first pattern of an EventGroup rule that matches. */
static void try_group(struct engine *engine, struct rule_state *state, struct trial *trial)
{
    const struct rule *rule = state->rule;
    trial->verdict = VERDICT_NO_LITERAL;
    for (size_t i = 0; i < rule->part_count; i++) {
        uint32_t slot = state->slots[i];
        if (slot != SLOT_NONE && !engine->line.rewritten && !hits_has(&engine->filter.hits, slot))
            continue;
        trial->part = i;
        trial->verdict = try_part(engine, rule, i, &trial->vars);
        if (trial->verdict == VERDICT_MATCHED) {
            act_on_match(engine, state, trial);
            return;
        }
    }
}

static void try_rule(struct engine *engine, struct rule_state *state, struct trial *trial)
{
    const struct rule *rule = state->rule;
    trial->part = 0;
    trial->next = rule->id + 1;
    trial->matched = false;
    if (rule->type->numbered) {
        try_group(engine, state, trial);
        return;
    }
    trial->verdict = try_part(engine, rule, 0, &trial->vars);
    if (trial->verdict == VERDICT_MATCHED) {
        act_on_match(engine, state, trial);
    } else if (rule->type->matched_second && rule->type->matched_second(engine, state)) {
        engine->run.matches++;
        trial->part = 1;
        trial->verdict = VERDICT_ENDED;
        trial->next = rule->parts[1].next;
    }
}

static void scan_again(struct engine *engine)
{
    engine->line.rewritten = false;
    walk_scan(engine, match_text(&engine->line.place, 1));
}

static void tell_untried(struct engine *engine, struct rule_state *state, enum verdict verdict)
{
    if (engine->observers.every_rule)
        observe(&engine->observers, .kind = RECORD_RULE, .rule = state, .verdict = verdict);
}

static int64_t observe_trial(struct engine *engine, struct rule_state *state)
{
    struct trial trial;
    observe(&engine->observers, .kind = RECORD_TRY, .rule = state);
    try_rule(engine, state, &trial);
    assert(trial.verdict > VERDICT_NO_LITERAL); /* a try has an answer: ruleperf relies on it */
    observe(&engine->observers, .kind = RECORD_RULE, .rule = state, .part = trial.part,
            .tried = true, .verdict = trial.verdict, .vars = trial.matched ? &trial.vars : NULL);
    return trial.next;
}

/* As process_rules, and observers hear of each rule; true: the line's matching has ended. */
static bool process_observed(struct engine *engine, struct file_state *file, bool reached)
{
    int64_t count = (int64_t)file->file->count, next = reached ? 0 : RULE_END;
    for (int64_t i = 0; i < count; i++) {
        struct rule_state *state = &file->rules[i];
        if (state->rule->type->patterns == 0)
            continue;
        if (next == RULE_END || next == count) {
            tell_untried(engine, state, VERDICT_NOT_REACHED);
            continue;
        }
        if (i < next) {
            tell_untried(engine, state, VERDICT_PASSED);
            continue;
        }
        if (engine->line.rewritten)
            scan_again(engine);
        if (walk_next(engine, file, i) == i)
            next = observe_trial(engine, state);
        else
            tell_untried(engine, state, VERDICT_NO_LITERAL);
    }
    return next == RULE_END;
}

/* true: the line's matching has ended.  The context of a Jump rule may have changed the line just
 * before. */
static bool process_rules(struct engine *engine, struct file_state *file)
{
    int64_t count = (int64_t)file->file->count;
    struct trial trial;
    if (engine->observers.first)
        return process_observed(engine, file, true);
    trial.next = 0;
    while (trial.next < count) {
        if (engine->line.rewritten)
            scan_again(engine);
        int64_t i = walk_next(engine, file, trial.next);
        if (i >= count)
            break;
        try_rule(engine, &file->rules[i], &trial);
        if (trial.next == RULE_END)
            return true;
    }
    return false;
}

static void process_files(struct engine *engine)
{
    const struct ruleset *rules = engine->rules.set;
    bool ended = false;
    for (size_t i = 0; i < rules->main_count; i++) {
        struct file_state *file = engine->state.files.items[rules->main_files[i]->number];
        if (!ended)
            ended = process_rules(engine, file);
        else if (engine->observers.every_rule)
            process_observed(engine, file, false);
        else
            break;
    }
}

void process_prepare(struct engine *engine)
{
    engine->run.calendar_due = 0;
    engine->hooks.process_rules = process_rules;
    walk_prepare(engine);
}

/* The line is in the windows: through the rules with it. */
static void run_rules(struct engine *engine, struct bytes line, struct window *separate,
                      struct bytes intcontext)
{
    ruleperf_follow(engine);
    engine->line.place = (struct match_place){
        .joint = engine->windows.all,
        .separate = engine->windows.joint ? NULL : separate,
        .intcontext = intcontext,
        .cache = engine->state.cache,
        .arena = &engine->line.arena,
        .log = engine->log,
    };
    engine->line.rewritten = false;
    walk_scan(engine, line);
    observe(&engine->observers, .kind = RECORD_LINE, .text = line, .context = intcontext);
    process_files(engine);
    observe(&engine->observers, .kind = RECORD_LINE_END, .text = line);
    engine->line.place.intcontext = (struct bytes){0};
    engine->line.place.separate = NULL;
    engine->run.processed_lines++;
}

/* The same inside the internal context of the line's source. */
static void run_rules_within(struct engine *engine, struct bytes line, struct window *separate,
                             struct bytes context)
{
    if (!engine->options->intcontexts) {
        run_rules(engine, line, separate, (struct bytes){0});
        return;
    }
    contexts_internal_add(engine, context);
    run_rules(engine, line, separate, context);
    contexts_internal_remove(engine, context);
}

void process_line(struct engine *engine, struct bytes line, struct line_source *source)
{
    cache_clear(engine->state.cache);
    arena_reset(&engine->line.arena);
    window_push(engine->windows.all, line, source->name);
    if (!engine->windows.joint) {
        window_fit(&source->window, engine->windows.bufsize);
        window_push(source->window, line, source->name);
    }
    run_rules_within(engine, line, source->window, source->context);
    source_count_line(source);
}

static void push_synthetic(struct engine *engine, struct bytes text)
{
    struct bytes nobody = {0};
    window_push(engine->windows.all, text, nobody);
    if (!engine->windows.joint)
        window_push(engine->windows.synthetic, text, nobody);
}

void process_event(struct engine *engine)
{
    struct bytes text, context;
    assert(events_any(engine->state.events));
    journal_note(&engine->journal, .cause = CAUSE_EVENT);
    cache_clear(engine->state.cache);
    arena_reset(&engine->line.arena);
    events_pop(engine->state.events, &engine->line.arena, &text, &context);
    push_synthetic(engine, text);
    run_rules_within(engine, text, engine->windows.synthetic, context);
}

void process_internal(struct engine *engine, struct bytes text)
{
    struct bytes context = B(CONTEXT_INTERNAL);
    journal_note(&engine->journal, .cause = CAUSE_INTERNAL, .text = text);
    log_msg(engine->log, LOG_INFORM, B("Creating SEC internal context '"), context, B("'"));
    contexts_internal_add(engine, context);
    log_msg(engine->log, LOG_INFORM, B("Creating SEC internal event '"), text, B("'"));
    cache_clear(engine->state.cache);
    arena_reset(&engine->line.arena);
    push_synthetic(engine, text);
    run_rules(engine, text, engine->windows.synthetic, context);
    log_msg(engine->log, LOG_INFORM, B("Deleting SEC internal context '"), context, B("'"));
    contexts_internal_remove(engine, context);
}

void process_settle(struct engine *engine)
{
    window_keep(engine->windows.all);
    cache_detach(engine->state.cache, &engine->line.arena);
    buf_clear(&engine->line.scratch);
}
