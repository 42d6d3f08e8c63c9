/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From keywords to a rule.
 *
 * The type's fields are read first.  Texts without code of their own (descriptions, a Pair's second
 * pattern) become templates afterwards, when all patterns are known: their types tell which match
 * variables a text can hold.
 */
#include "lang/kept.h"
#include "lang/rule_text.h"

/* More patterns than that in one EventGroup rule are taken for a slip. */
enum { PARTS_LIMIT = 10000 };

unsigned passes_of_part(const struct rule *rule, size_t part)
{
    if (rule->type->patterns == 0)
        return 0;
    return pattern_sets_vars(rule->parts[part].pattern.type) ? PASS_FIRST_DOLLAR : 0;
}

unsigned passes_second(const struct rule *rule)
{
    enum pattern_type second = rule->parts[1].pattern.type;
    bool sets_vars = pattern_sets_vars(second);
    unsigned passes = sets_vars ? PASS_SECOND_DOLLAR : 0;
    if (pattern_sets_vars(rule->parts[0].pattern.type))
        passes |= sets_vars ? PASS_FIRST_PERCENT : PASS_FIRST_DOLLAR;
    return passes;
}

unsigned passes_shared(const struct rule *rule)
{
    unsigned passes = 0;
    if (!rule->type->numbered)
        return passes_of_part(rule, 0);
    for (size_t i = 0; i < rule->part_count; i++)
        passes |= passes_of_part(rule, i);
    return passes;
}

unsigned passes_of_field(const struct rule *rule, size_t part)
{
    return rule->type->patterns == 2 && part == 1 ? passes_second(rule) : passes_shared(rule);
}

/* "Jump rule with pattern: ..." for a rule without a description. */
static struct bytes made_up_desc(struct parser *parser)
{
    const struct pattern *pattern = &parser->rule->parts[0].pattern;
    struct arena *arena = &parser->file->arena;
    struct bytes text = pattern->text;
    if (pattern->regex)
        text = regex_text(pattern->regex);
    else if (pattern->code)
        text = perl_text(pattern->code, arena);
    else if (pattern->type == PATTERN_TVALUE)
        text = pattern->truth ? B("TRUE") : B("FALSE");
    bool negative = pattern->type == PATTERN_NREGEXP || pattern->type == PATTERN_NSUBSTR ||
                    pattern->type == PATTERN_NPERLFUNC || pattern->type == PATTERN_NCACHED;
    return arena_cat(arena, bytes_of(parser->rule->type->name),
                     negative ? B(" rule with negative pattern: ") : B(" rule with pattern: "),
                     text);
}

static void add_descriptions(struct parser *parser, const struct rule_text *text)
{
    struct rule *rule = parser->rule;
    const struct keyword *desc = rule_text_find(text, B("desc"));
    const struct keyword *desc2 = rule_text_find(text, B("desc2"));
    rule->desc_text = desc ? desc->value : made_up_desc(parser);
    rule->desc = parse_template(parser, rule->desc_text, desc ? passes_shared(rule) : 0);
    if (desc2)
        rule->desc2 = parse_template(parser, desc2->value, passes_of_field(rule, 1));
}

/* A Pair's second pattern as a template: an open regular expression, or a substring that may name
 * variables of the first match. */
static void add_second_pattern(struct parser *parser)
{
    struct rule *rule = parser->rule;
    const struct pattern *second = &rule->parts[1].pattern;
    bool substring = second->type == PATTERN_SUBSTR || second->type == PATTERN_NSUBSTR;
    bool regexp = second->type == PATTERN_REGEXP || second->type == PATTERN_NREGEXP;
    unsigned passes = passes_of_part(rule, 0);
    rule->pattern2_open = regexp && !second->regex;
    if (rule->pattern2_open || (substring && passes))
        rule->pattern2_text = parse_template(parser, second->text, passes);
}

const struct rule_type *rule_type_find(const struct parse_env *env, struct bytes name)
{
    for (const struct rule_type *const *type = env->rule_types; *type; type++) {
        struct bytes keyword = bytes_of((*type)->keyword);
        bool group = (*type)->numbered;
        struct bytes head = name;
        while (group && head.len > 0 && is_digit(head.ptr[head.len - 1]))
            head.len--;
        if (bytes_eq(head, keyword))
            return *type;
    }
    return NULL;
}

/* How many patterns the rule has: 0 when it asks for none or for too many. */
static size_t count_parts(const struct parser *parser, const struct rule_type *type,
                          struct bytes value, struct bytes name)
{
    int64_t count = type->patterns ? type->patterns : 1; /* a context needs one, too */
    if (!type->numbered)
        return (size_t)count;
    bytes_uint(bytes_from(name, strlen(type->keyword)), false, &count);
    if (count < 1)
        parser_error(parser, DIAG_RULE_TYPE, value, B("Invalid rule type "), name,
                     B(" (N must be at least 1 for EventGroupN rule)"));
    if (count > PARTS_LIMIT)
        parser_error(parser, DIAG_RULE_TYPE, value, B("Invalid rule type "), name,
                     B(" (N must be at most "), NUM(PARTS_LIMIT), B(" for EventGroupN rule)"));
    return count >= 1 && count <= PARTS_LIMIT ? (size_t)count : 0;
}

static void start_rule(struct parser *parser, const struct rule_type *type, size_t part_count)
{
    struct arena *arena = &parser->file->arena;
    struct rule *rule = parser->rule;
    rule->type = type;
    rule->part_count = part_count;
    rule->parts = arena_zalloc(arena, part_count * sizeof(*rule->parts));
}

/* What the rule's texts use of a match from the cache. */
static void add_used(struct parser *parser, struct pattern *pattern, uint8_t source)
{
    struct arena *arena = &parser->file->arena;
    const struct var_keys *keys = &parser->rule->keys;
    struct perl_hash_key *used = arena_alloc(arena, keys->count * sizeof(*used));
    for (uint32_t i = 0; i < keys->count; i++) {
        const struct var_key *key = &keys->keys[i];
        if (key->source != source || key->kind == KEY_CACHE)
            continue;
        used[pattern->used_count++] = perl_hash_key(
            key->kind == KEY_NUMBER ? arena_bytes(arena, NUM(key->number)) : key->name);
    }
    pattern->used = used;
}

/* The fields are read. */
static void finish(struct parser *parser, const struct rule_text *text)
{
    struct rule *rule = parser->rule;
    bool pair = rule->type->patterns == 2;
    add_descriptions(parser, text);
    kept_take_events(parser);
    if (pair)
        add_second_pattern(parser);
    for (size_t i = 0; i < rule->part_count; i++)
        if (rule->parts[i].pattern.type == PATTERN_CACHED)
            add_used(parser, &rule->parts[i].pattern, pair && i == 1);
}

enum rule_result rule_build(struct parser *parser, struct rule_text *text)
{
    const struct keyword *keyword = rule_text_find(text, B("type"));
    if (!keyword) {
        parser_error(parser, DIAG_KEYWORD_MISSING, text->first->name, B("Keyword 'type' missing"));
        return RULE_FAULTY;
    }
    struct bytes name = arena_upper(&text->arena, keyword->value);
    const struct rule_type *type = rule_type_find(parser->env, name);
    if (!type) {
        parser_error(parser, DIAG_RULE_TYPE, keyword->value, B("Invalid rule type "), name);
        return RULE_FAULTY;
    }
    if (type->is_options)
        return rule_options_read(parser, name, text) ? RULE_OPTIONS : RULE_FAULTY;
    size_t part_count = count_parts(parser, type, keyword->value, name);
    if (part_count == 0)
        return RULE_FAULTY;
    bool complete = check_keywords(parser, type, name, part_count, text);
    if (!complete && !parser_goes_on(parser))
        return RULE_FAULTY;
    start_rule(parser, type, part_count);
    if (!rule_read_fields(parser, text) || !complete)
        return RULE_FAULTY;
    finish(parser, text);
    return RULE_SOUND;
}

void rule_dispose(struct rule *rule)
{
    for (size_t i = 0; i < rule->part_count; i++)
        pattern_free(&rule->parts[i].pattern);
    pattern_free(&rule->group_pattern);
}

const char *what_next_text(enum what_next what)
{
    switch (what) {
    case NEXT_DONTCONT:
        return "don't continue";
    case NEXT_TAKENEXT:
        return "take next";
    case NEXT_GOTO:
        return "goto rule";
    case NEXT_ENDMATCH:
        return "end matching";
    }
    return "";
}
