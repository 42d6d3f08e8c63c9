/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/reached.h"

#include "base/mem.h"
#include "base/monotonic.h"

struct trying {
    double begun;
    double inside; /* seconds in rules that it jumps to */
};

/* NULL: the rule is of another load. */
static struct reached_rule *find(const struct reached *reached, const struct rule *rule)
{
    size_t file = rule->file->number;
    if (file >= reached->set->file_count || rule->file != reached->set->files[file])
        return NULL;
    return &reached->rules[file][rule->id];
}

static void begin_trial(struct reached *reached, const struct rule *rule)
{
    reached->busy_rule = rule;
    reached->busy_list = NULL;
    MEM_GROW(reached->trying, reached->depth, reached->room, 4);
    reached->trying[reached->depth++] = (struct trying){.begun = monotonic_seconds()};
}

/* Seconds in the rule alone. */
static double end_trial(struct reached *reached)
{
    double now = monotonic_seconds();
    const struct trying *trying = &reached->trying[--reached->depth];
    double whole = now - trying->begun, own = whole - trying->inside;
    if (reached->depth > 0)
        reached->trying[reached->depth - 1].inside += whole;
    return own;
}

static bool has_value(const struct match_vars *vars, const struct var_key *key, struct arena *arena)
{
    if (key->kind == KEY_CACHE || key->source > 0)
        return false;
    return (key->kind == KEY_NUMBER ? vars_number(vars, key->number, arena)
                                    : vars_name(vars, key->name, arena))
               .text.len > 0;
}

static void look_at_values(const struct reached *reached, const struct reached_rule *of,
                           const struct match_vars *vars)
{
    const struct var_keys *keys = &of->rule->keys;
    struct arena *arena = &reached->engine->line.arena;
    for (size_t i = 0; i < keys->count; i++)
        of->filled[i] = of->filled[i] || has_value(vars, &keys->keys[i], arena);
}

static void hear_rule(struct reached *reached, const struct record *record)
{
    enum verdict verdict = record->verdict;
    double seconds = record->tried ? end_trial(reached) : 0;
    struct reached_rule *of = find(reached, record->rule->rule);
    if (!of)
        return;
    of->came += verdict >= VERDICT_NO_LITERAL;
    of->tried += record->tried;
    of->no_context_first += verdict == VERDICT_CONTEXT_FIRST;
    of->no_context += verdict == VERDICT_CONTEXT;
    of->matched += verdict >= VERDICT_MATCHED;
    of->seconds += seconds;
    if (record->vars)
        look_at_values(reached, of, record->vars);
}

static void hear(struct observer *observer, const struct record *record)
{
    struct reached *reached = (struct reached *)observer;
    if (record->kind == RECORD_LINE)
        reached->all++;
    else if (record->kind == RECORD_TRY)
        begin_trial(reached, record->rule->rule);
    else if (record->kind == RECORD_ACTIONS)
        reached->busy_list = record->list;
    else if (record->kind == RECORD_RULE)
        hear_rule(reached, record);
}

static void add_rules(struct reached *reached)
{
    const struct ruleset *set = reached->set;
    struct arena *arena = &reached->arena;
    reached->rules = arena_alloc(arena, set->file_count * sizeof(*reached->rules));
    for (size_t i = 0; i < set->file_count; i++) {
        const struct rule_file *file = set->files[i];
        reached->rules[i] = arena_zalloc(arena, file->count * sizeof(**reached->rules));
        for (size_t k = 0; k < file->count; k++) {
            reached->rules[i][k].rule = file->rules[k];
            reached->rules[i][k].filled = arena_zalloc(arena, file->rules[k]->keys.count);
        }
    }
}

struct reached *reached_new(struct engine *engine, const struct ruleset *set)
{
    struct reached *reached = mem_zalloc(sizeof(*reached));
    reached->engine = engine;
    reached->set = set;
    arena_init(&reached->arena);
    add_rules(reached);
    reached->cover = cover_new();
    cover_rules(reached->cover, reached->set);
    reached->observer.hear = hear;
    reached->observer.every_rule = true;
    observers_add(&engine->observers, &reached->observer);
    observers_add(&engine->observers, cover_observer(reached->cover));
    return reached;
}

void reached_end(struct reached *reached)
{
    observers_remove(&reached->engine->observers, &reached->observer);
    observers_remove(&reached->engine->observers, cover_observer(reached->cover));
    reached->engine = NULL;
}

void reached_free(struct reached *reached)
{
    if (!reached)
        return;
    cover_free(reached->cover);
    arena_free(&reached->arena);
    free(reached->trying);
    free(reached);
}
