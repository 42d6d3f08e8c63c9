/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/options_rules.h"

#include "lint/blocks.h"

struct reading {
    struct lint *lint;
    const struct rule_file *file;
    struct options_rule *rules;
    size_t count;
};

static bool is_refused(const struct reading *r, size_t line)
{
    for (size_t i = r->lint->first; i < r->lint->count; i++) {
        const struct lint_finding *finding = r->lint->findings[i];
        if (finding->level == LINT_ERROR && finding->file == r->file && finding->rule_line == line)
            return true;
    }
    return false;
}

static void add(struct reading *r, struct bytes text)
{
    struct options_rule rule = {.text = text};
    struct keyword keyword;
    struct range range;
    source_range(&r->file->source, text, &range);
    rule.line = range.from.line;
    if (is_refused(r, rule.line))
        return;
    if (keyword_find(text, B("procallin"), &keyword))
        rule.procallin = keyword.value;
    if (keyword_find(text, B("joincfset"), &keyword))
        rule.joincfset = keyword.value;
    struct options_rule *rules = arena_alloc(&r->lint->arena, (r->count + 1) * sizeof(*rules));
    if (r->count > 0)
        memcpy(rules, r->rules, r->count * sizeof(*rules));
    rules[r->count++] = rule;
    r->rules = rules;
}

size_t options_rules_read(struct lint *lint, const struct rule_file *file,
                          const struct options_rule **rules)
{
    struct reading reading = {.lint = lint, .file = file};
    const struct bytes text = file->source.text;
    struct block block;
    size_t at = 0;
    bool any = bytes_find(text, B("procallin"), 0) >= 0 || bytes_find(text, B("joincfset"), 0) >= 0;
    while (any && blocks_next(&lint->engine->rules.parse_env, &file->source, &at, &block))
        if (block.type && block.type->is_options)
            add(&reading, block.text);
    *rules = reading.rules;
    return reading.count;
}

bool options_rule_joins(const struct options_rule *rule, struct bytes set)
{
    struct bytes rest = rule->joincfset, name;
    while (rest.len > 0 && bytes_word(&rest, &name))
        if (bytes_eq(name, set))
            return true;
    return false;
}

bool options_of_part(const struct ruleset *set)
{
    for (size_t i = 0; i < set->file_count; i++)
        if (!set->files[i]->jump_only)
            return false;
    return true;
}
