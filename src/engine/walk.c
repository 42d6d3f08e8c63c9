/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Preparation of the candidate walk.
 *
 * Slots are numbered file by file: first one for each rule, so that rule i of a file has slot
 * first_slot + i, then one for each pattern of its EventGroup rules.
 */
#include "engine/walk.h"

#include "base/mem.h"
#include "correlate/second.h"

/* Literals on their way to the matcher. */
struct preparation {
    struct engine *engine;
    uint32_t next_slot; /* for patterns of EventGroup rules */
};

/* Literals one of which a line must hold for the pattern; false: there are none. */
static bool add_required(struct preparation *p, const struct pattern *pattern,
                         const struct required *required, size_t count, uint32_t slot)
{
    struct prefilter *prefilter =
        pattern->lines == 1 ? p->engine->filter.line : p->engine->filter.lines;
    for (size_t i = 0; i < count; i++)
        prefilter_add(prefilter, required[i].text, required[i].caseless, slot);
    if (count > 0 && pattern->lines > p->engine->filter.most_lines)
        p->engine->filter.most_lines = pattern->lines;
    return count > 0;
}

/* false: this part must always be tried. */
static bool add_literals(struct preparation *p, const struct part *part, uint32_t slot)
{
    const struct pattern *pattern = &part->pattern;
    struct required substring = {pattern->text, false};
    const struct required *required = &substring;
    size_t count = 0;
    if (pattern->type == PATTERN_SUBSTR)
        count = pattern->text.len > 0;
    else if (pattern->type == PATTERN_REGEXP && pattern->regex)
        required = regex_required(pattern->regex, &count);
    return add_required(p, pattern, required, count, slot);
}

/* Does the prefilter tell which lines may end operations of this rule?  A context before the
 * pattern is asked for each of them and each line. */
static bool add_second(struct preparation *p, struct rule_state *state, uint32_t slot)
{
    const struct rule *rule = state->rule;
    const struct part *part = &rule->parts[1];
    const struct required *required;
    if (part->context_first)
        return false;
    if (!rule->pattern2_text)
        return add_literals(p, part, slot);
    size_t count = second_required(state, &required);
    return add_required(p, &part->pattern, required, count, slot);
}

/* A []-context is evaluated whether the pattern matches or not; where it runs Perl, that shows. */
static bool context_acts(const struct part *part)
{
    return part->context_first && part->context && part->context->may_act;
}

/* A pattern of an EventGroup rule: its own slot, and the rule's. */
static bool prepare_group_part(struct preparation *p, const struct part *part, uint32_t rule_slot,
                               uint32_t *slot)
{
    *slot = SLOT_NONE;
    if (!add_literals(p, part, rule_slot))
        return false;
    if (!part->context_first) {
        *slot = p->next_slot++;
        add_literals(p, part, *slot);
    }
    return !context_acts(part);
}

/* true: the rule can be left to the prefilter. */
static bool prepare_rule(struct preparation *p, struct rule_state *state, uint32_t slot)
{
    const struct rule *rule = state->rule;
    bool filtered = true;
    if (rule->type->patterns == 0)
        return true;
    if (rule->type->patterns == 2)
        state->second_filtered = add_second(p, state, slot);
    if (!rule->type->numbered)
        return add_literals(p, &rule->parts[0], slot) && !context_acts(&rule->parts[0]);
    state->slots = mem_array(state->slots, rule->part_count, sizeof(*state->slots));
    for (size_t i = 0; i < rule->part_count; i++)
        filtered &= prepare_group_part(p, &rule->parts[i], slot, &state->slots[i]);
    return filtered;
}

static bool has_bracket(const struct rule *rule)
{
    for (size_t i = 0; i < rule->part_count; i++)
        if (rule->parts[i].context_first && rule->type->patterns > 0)
            return true;
    return false;
}

static void prepare_file(struct preparation *p, struct file_state *file)
{
    struct engine *engine = p->engine;
    free(file->next_always);
    file->next_always = mem_array(NULL, file->file->count + 1, sizeof(*file->next_always));
    file->next_always[file->file->count] = (uint32_t)file->file->count;
    p->next_slot = file->first_slot + (uint32_t)file->file->count;
    for (size_t i = file->file->count; i-- > 0;) {
        uint32_t slot = file->first_slot + (uint32_t)i;
        bool filtered = prepare_rule(p, &file->rules[i], slot);
        file->next_always[i] = filtered ? file->next_always[i + 1] : (uint32_t)i;
        if (has_bracket(file->rules[i].rule))
            engine->filter.bracketed[engine->filter.bracketed_count++] = slot;
    }
    if (!file->each_line.slots)
        hits_init(&file->each_line, file->file->count + 1);
}

/* Gives the file its slots and returns the first slot after them. */
static uint32_t number_slots(struct file_state *file, uint32_t slot)
{
    file->first_slot = slot;
    slot += (uint32_t)file->file->count;
    for (size_t i = 0; i < file->file->count; i++)
        if (file->rules[i].rule->type->numbered)
            slot += (uint32_t)file->rules[i].rule->part_count;
    return slot;
}

void walk_free(struct engine *engine)
{
    struct engine_filter *filter = &engine->filter;
    prefilter_free(filter->line);
    prefilter_free(filter->lines);
    hits_free(&filter->hits);
    free(filter->bracketed);
    *filter = (struct engine_filter){0};
}

void walk_prepare(struct engine *engine)
{
    struct file_states *files = &engine->state.files;
    struct preparation p = {.engine = engine};
    uint32_t slots = 0;
    file_states_follow(files, engine->rules.set);
    for (size_t i = 0; i < files->count; i++)
        slots = number_slots(files->items[i], slots);
    prefilter_free(engine->filter.line);
    prefilter_free(engine->filter.lines);
    engine->filter.line = prefilter_new();
    engine->filter.lines = prefilter_new();
    engine->filter.most_lines = 1;
    hits_free(&engine->filter.hits);
    hits_init(&engine->filter.hits, slots + 1);
    engine->filter.bracketed =
        mem_array(engine->filter.bracketed, slots + 1, sizeof(*engine->filter.bracketed));
    engine->filter.bracketed_count = 0;
    for (size_t i = 0; i < files->count; i++)
        prepare_file(&p, files->items[i]);
    prefilter_build(engine->filter.line);
    prefilter_build(engine->filter.lines);
}

void walk_scan(struct engine *engine, struct bytes line)
{
    hits_clear(&engine->filter.hits);
    prefilter_scan(engine->filter.line, line, &engine->filter.hits);
    /* What fewer lines hold, the most lines that a pattern looks at hold. */
    if (engine->filter.most_lines > 1)
        prefilter_scan(engine->filter.lines,
                       match_text(&engine->line.place, engine->filter.most_lines),
                       &engine->filter.hits);
    /* A []-context that has expired ends when it is looked up, with its actions. */
    if (engine->filter.bracketed_count &&
        contexts_next_due(engine->state.contexts) <= engine_now(engine))
        for (size_t i = 0; i < engine->filter.bracketed_count; i++)
            hits_set(&engine->filter.hits, engine->filter.bracketed[i]);
}
