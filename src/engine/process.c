/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way of a line: into the window, one scan, then the candidates of each rule file in order. */
#include "engine/process.h"

#include <assert.h>
#include <sys/times.h>
#include <unistd.h>

#include "correlate/pair.h"
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

static bool part_matches(struct engine *engine, struct rule *rule, size_t index,
                         struct match_vars *vars)
{
    const struct part *part = &rule->parts[index];
    if (!context_holds(engine, rule, part, NULL) ||
        !pattern_match(&part->pattern, part->varmap, &engine->line.place, vars) ||
        !context_holds(engine, rule, part, vars))
        return false;
    rule->match_count++;
    return true;
}

static int64_t after_match(struct engine *engine, struct rule *rule, size_t index,
                           const struct match_vars *vars)
{
    if (rule->type->matched(engine, rule, index, vars) == RULE_END)
        return RULE_END;
    return rule->parts[index].next;
}

/* The rule against the present line; the id of the rule to go on with, or RULE_END. */
static int64_t try_rule(struct engine *engine, struct rule *rule)
{
    struct match_vars vars;
    if (rule->type->shape == SHAPE_GROUP) {
        for (size_t i = 0; i < rule->part_count; i++) {
            uint32_t slot = rule->parts[i].slot;
            if (slot != SLOT_NONE && !engine->line.rewritten &&
                !hits_has(&engine->filter.hits, slot))
                continue;
            if (part_matches(engine, rule, i, &vars))
                return after_match(engine, rule, i, &vars);
        }
        return rule->id + 1;
    }
    if (part_matches(engine, rule, 0, &vars))
        return after_match(engine, rule, 0, &vars);
    if (rule->type->shape == SHAPE_PAIR && pair_match(engine, rule))
        return rule->parts[1].next;
    return rule->id + 1;
}

static double cpu_seconds(void)
{
    struct tms used;
    times(&used);
    return (double)(used.tms_utime + used.tms_stime) / (double)sysconf(_SC_CLK_TCK);
}

/* --ruleperf: every rule is looked at, counted and timed, as upstream does it. */
static int64_t measure_rule(struct engine *engine, struct rule *rule)
{
    if (rule->type->shape == SHAPE_CALENDAR)
        return rule->id + 1;
    double before = cpu_seconds();
    int64_t next = try_rule(engine, rule);
    rule->cpu_seconds += cpu_seconds() - before;
    rule->event_count++;
    return next;
}

static void scan_again(struct engine *engine)
{
    engine->line.rewritten = false;
    walk_scan(engine, match_text(&engine->line.place, 1));
}

/* The context of a Jump rule may have changed the line just before. */
static int64_t process_rules(struct engine *engine, struct rule_file *file)
{
    int64_t count = (int64_t)file->count;
    bool measured = engine->options->ruleperf;
    for (int64_t i = 0; i < count;) {
        if (engine->line.rewritten)
            scan_again(engine);
        if (!measured && (i = walk_next(engine, file, i)) >= count)
            break;
        struct rule *rule = file->rules[i];
        i = measured ? measure_rule(engine, rule) : try_rule(engine, rule);
        if (i == RULE_END)
            return RULE_END;
    }
    return 0;
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
    struct ruleset *rules = engine->rules.set;
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
    for (size_t i = 0; i < rules->main_count; i++)
        if (process_rules(engine, rules->main_files[i]) == RULE_END)
            break;
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
    cache_clear(engine->state.cache);
    arena_reset(&engine->line.arena);
    events_pop(engine->state.events, &engine->line.arena, &text, &context);
    push_synthetic(engine, text);
    run_rules_within(engine, text, engine->windows.synthetic, context);
}

void process_internal(struct engine *engine, struct bytes text)
{
    struct bytes context = B(CONTEXT_INTERNAL);
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
