/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/groups.h"

#include "base/slips.h"
#include "match/syntax.h"

/* A Pair's second pattern with variables in it: their values are quoted, and hold no groups. */
static void read_open_pattern(const struct rule *rule, struct arena *arena, struct syntax *syntax)
{
    const struct template *text = rule->pattern2_text;
    struct buf filled = {0};
    for (uint32_t i = 0; i < text->count; i++)
        buf_add(&filled, text->segments[i].kind == SEG_TEXT ? text->segments[i].text : B("x"));
    syntax_read(arena_bytes(arena, buf_bytes(&filled)), arena, syntax);
    buf_free(&filled);
}

static bool is_open(const struct rule *rule, size_t part)
{
    return rule->pattern2_open && part == 1;
}

bool groups_count(const struct rule *rule, size_t part, uint64_t *count)
{
    const struct pattern *pattern = &rule->parts[part].pattern;
    if (pattern->type != PATTERN_REGEXP)
        return false;
    if (!is_open(rule, part)) {
        *count = regex_groups(pattern->regex);
        return true;
    }
    struct syntax syntax = {0};
    struct arena arena;
    arena_init(&arena);
    if (!rule->pattern2_text->spliced)
        read_open_pattern(rule, &arena, &syntax);
    *count = syntax.groups;
    arena_free(&arena);
    return syntax.understood;
}

/* As at run time, the variable map hides groups of the same name. */
static size_t groups_named(const struct part *part, struct bytes name, uint32_t *group)
{
    size_t count = 0;
    const struct regex_name *names = regex_names(part->pattern.regex, &count);
    for (size_t i = 0; part->varmap && i < part->varmap->count; i++) {
        const struct varmap_entry *entry = &part->varmap->entries[i];
        if (entry->number >= 0 && bytes_eq(entry->name, name)) {
            *group = (uint32_t)entry->number;
            return 1;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (bytes_eq(names[i].name, name)) {
            *group = (uint32_t)names[i].groups[0];
            return names[i].count;
        }
    }
    return 0;
}

size_t groups_filling(const struct part *part, const struct var_key *key, uint32_t *group)
{
    const struct regex *regex = part->pattern.regex;
    size_t count = 0;
    if (part->pattern.type != PATTERN_REGEXP || !regex)
        return 0;
    if (key->kind == KEY_NUMBER && key->number <= UINT32_MAX) {
        *group = (uint32_t)key->number;
        count = 1;
    } else if (key->kind == KEY_NAME) {
        count = groups_named(part, key->name, group);
    }
    return count > 0 && *group <= regex_groups(regex) ? count : 0;
}

static bool is_group_name(const struct rule *rule, size_t part, struct bytes name)
{
    size_t count = 0;
    const struct regex *regex = rule->parts[part].pattern.regex;
    const struct regex_name *names = regex ? regex_names(regex, &count) : NULL;
    for (size_t i = 0; i < count; i++)
        if (bytes_eq(names[i].name, name))
            return true;
    return false;
}

static enum groups_answer has_name(const struct rule *rule, size_t part, struct bytes name)
{
    const struct pattern *pattern = &rule->parts[part].pattern;
    const struct varmap *varmap = rule->parts[part].varmap;
    if (bytes_eq(name, B("_inputsrc")) || bytes_eq(name, B("_intcontext")))
        return GROUPS_YES;
    for (size_t i = 0; varmap && i < varmap->count; i++)
        if (varmap->entries[i].number >= 0 && bytes_eq(varmap->entries[i].name, name))
            return GROUPS_YES;
    if (pattern->type == PATTERN_PERLFUNC || is_open(rule, part))
        return GROUPS_UNKNOWN;
    return is_group_name(rule, part, name) ? GROUPS_YES : GROUPS_NO;
}

/* Of a pattern that is matched against the line. */
static enum groups_answer pattern_has(const struct rule *rule, size_t part,
                                      const struct var_key *key)
{
    enum pattern_type type = rule->parts[part].pattern.type;
    uint64_t count;
    if (!pattern_sets_vars(type))
        return GROUPS_NO;
    if (key->kind != KEY_NUMBER)
        return has_name(rule, part, key->name);
    if (key->number == 0)
        return GROUPS_YES;
    if (type == PATTERN_PERLFUNC)
        return GROUPS_UNKNOWN;
    if (type != PATTERN_REGEXP)
        return GROUPS_NO;
    if (!groups_count(rule, part, &count))
        return GROUPS_UNKNOWN;
    return key->number <= count ? GROUPS_YES : GROUPS_NO;
}

/* Does code get the entry itself (:>), so that it can add to it? */
static bool is_passed(const struct lint *lint, struct bytes entry)
{
    const struct wildcard name = wildcard_name(entry);
    return facts_have(lint->facts, FACT_CACHE_PASSED, &name) ||
           facts_code_may_use(lint->facts, B("pmatch_cache"));
}

/* The match of a rule is the entry that it makes. */
static bool is_passed_on(const struct lint *lint, const struct rule *rule, size_t part)
{
    const struct varmap *varmap = rule->parts[part].varmap;
    for (size_t i = 0; varmap && i < varmap->count; i++)
        if (varmap->entries[i].number < 0 && is_passed(lint, varmap->entries[i].name))
            return true;
    return false;
}

/* Any of the rules that make the entry may have been the last to do so. */
static enum groups_answer entry_has(const struct lint *lint, struct bytes entry,
                                    const struct var_key *key)
{
    const struct fact *made = facts_first(lint->facts, FACT_CACHE_MADE, entry);
    if (!made || is_passed(lint, entry))
        return GROUPS_UNKNOWN;
    for (; made; made = made->same) {
        enum groups_answer answer = pattern_has(made->spot.rule, made->spot.part, key);
        if (answer != GROUPS_NO)
            return answer;
    }
    return GROUPS_NO;
}

enum groups_answer groups_have(const struct lint *lint, const struct rule *rule, size_t part,
                               const struct var_key *key)
{
    if (key->kind == KEY_CACHE) {
        struct var_key inside = {.kind = KEY_NAME, .name = key->name};
        int64_t number;
        if (bytes_uint(key->name, false, &number) && !bytes_starts(key->name, B("0")))
            inside = (struct var_key){.kind = KEY_NUMBER, .number = (uint64_t)number};
        return bytes_eq(key->name, B("0")) ? GROUPS_YES : entry_has(lint, key->entry, &inside);
    }
    const struct pattern *pattern = &rule->parts[part].pattern;
    if (pattern->type != PATTERN_CACHED) {
        enum groups_answer answer = pattern_has(rule, part, key);
        bool unsure = answer == GROUPS_NO && is_passed_on(lint, rule, part);
        return unsure ? GROUPS_UNKNOWN : answer;
    }
    if (key->kind == KEY_NUMBER && key->number == 0)
        return GROUPS_YES;
    return entry_has(lint, pattern->text, key);
}

/* Fields of a pattern of its own; others are for all patterns of an event group. */
static bool belongs_to_part(const struct field *field)
{
    return field->kind == FIELD_CONTEXT || field->kind == FIELD_COUNT ||
           field->kind == FIELD_EGTOKEN;
}

size_t groups_parts(const struct visit_spot *spot, uint8_t source, size_t *end)
{
    const struct rule *rule = spot->rule;
    size_t part = rule->type->numbered ? spot->part : source;
    bool all = rule->type->numbered && !belongs_to_part(spot->field);
    *end = all ? rule->part_count : part + 1;
    return all ? 0 : part;
}

struct bytes groups_nearest(const struct rule *rule, size_t part, struct bytes name)
{
    const struct varmap *varmap = rule->parts[part].varmap;
    const struct regex *regex = rule->parts[part].pattern.regex;
    struct bytes nearest = B("");
    size_t count = 0, least = slips_too_many(name);
    const struct regex_name *names = regex ? regex_names(regex, &count) : NULL;
    for (size_t i = 0; i < count; i++)
        if (slips_fewer(name, names[i].name, &least))
            nearest = names[i].name;
    for (size_t i = 0; varmap && i < varmap->count; i++)
        if (varmap->entries[i].number >= 0 && slips_fewer(name, varmap->entries[i].name, &least))
            nearest = varmap->entries[i].name;
    return nearest;
}
