/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fields of rules: a reader for each kind.
 *
 * The fields of the type are read in their order, because user code in them is compiled on the way
 * and what is compiled first may matter to what comes later.
 */
#include "lang/rule_text.h"

#include <assert.h>

/* A field of the rule that is being built. */
struct field_state {
    struct parser *parser;
    struct rule_text *text;
    const struct field *field;
    size_t part;               /* which pattern */
    struct bytes name;         /* of the keyword, as the rule has it */
    const struct bytes *value; /* NULL: not given */
};

static struct rule *rule_of(const struct field_state *f)
{
    return f->parser->rule;
}

static struct part *part_of(const struct field_state *f)
{
    return &rule_of(f)->parts[f->part];
}

static bool invalid_value(const struct field_state *f, const char *what)
{
    parser_error(f->parser, DIAG_FIELD_VALUE, *f->value, B("Invalid "), bytes_of(what), B(" ' "),
                 *f->value, B(" '"));
    return false;
}

static bool read_continue(struct field_state *f)
{
    static const struct {
        const char *name;
        enum what_next what;
    } values[] = {
        {"TakeNext", NEXT_TAKENEXT}, {"DontCont", NEXT_DONTCONT}, {"EndMatch", NEXT_ENDMATCH}};
    struct part *part = part_of(f);
    part->what_next = NEXT_DONTCONT;
    if (!f->value)
        return true;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        part->what_next = values[i].what;
        if (bytes_ieq(*f->value, bytes_of(values[i].name)) &&
            parser_knows(f->parser->env, values[i].name))
            return true;
    }
    struct bytes rest = *f->value, word;
    bytes_word(&rest, &word);
    part->what_next = NEXT_GOTO;
    part->label = bytes_trim(rest);
    if (bytes_ieq(word, B("goto")) && part->label.len > 0)
        return true;
    parser_error(f->parser, DIAG_FIELD_VALUE, *f->value, B("Invalid continue value '"), *f->value,
                 B("'"));
    return false;
}

/* The pattern that belongs to the type in this field; NULL: it is missing. */
static const struct keyword *pattern_keyword(const struct field_state *f)
{
    const struct rule_type *type = rule_of(f)->type;
    const struct field *pattern = type->fields;
    while (pattern->kind != FIELD_PATTERN_TEXT || pattern->part != f->field->part)
        pattern++;
    struct buf room = {0};
    size_t number = type->numbered ? f->part : 0;
    struct bytes name = numbered_keyword(pattern->name, number, &room);
    const struct keyword *keyword = rule_text_find(f->text, name);
    buf_free(&room);
    return keyword;
}

static bool read_pattern(struct field_state *f)
{
    struct rule *rule = rule_of(f);
    struct pattern *pattern = &part_of(f)->pattern;
    const struct keyword *text = pattern_keyword(f);
    bool second = rule->type->patterns == 2 && f->part == 1;
    pattern->type = PATTERN_REGEXP; /* until it is known: what is read later hangs on it least */
    return !f->value || !text ||
           parse_pattern(f->parser, *f->value, text->value,
                         second ? &rule->parts[0].pattern.type : NULL, pattern);
}

static bool read_varmap(struct field_state *f)
{
    struct part *part = part_of(f);
    if (f->value && !parse_varmap(f->parser, part->pattern.type, *f->value, &part->varmap))
        return false;
    if (part->varmap && (part->pattern.regex || part->pattern.code))
        part->pattern.form = vars_form_new();
    return true;
}

/* "[x]" gives x: the expression is tested before the pattern. */
static bool strip_brackets(struct bytes *text)
{
    if (text->ptr[0] != '[' || text->ptr[text->len - 1] != ']' || text->len < 2)
        return false;
    *text = bytes_slice(*text, 1, text->len - 1);
    return true;
}

static unsigned context_passes(const struct rule *rule, size_t part)
{
    bool first = rule->parts[part].context_first;
    if (rule->type->patterns == 2 && part == 1)
        return passes_second(rule) & ~(first ? (unsigned)PASS_SECOND_DOLLAR : 0);
    return first ? 0 : passes_of_part(rule, part);
}

static bool read_context(struct field_state *f)
{
    struct part *part = part_of(f);
    if (!f->value)
        return true;
    struct bytes text = *f->value;
    bool brackets = strip_brackets(&text);
    part->context_first = brackets && rule_of(f)->type->patterns > 0;
    part->context = parse_context(f->parser, text, context_passes(rule_of(f), f->part));
    struct bytes fault = f->parser->fault;
    if (!part->context && (fault.ptr || !parser_goes_on(f->parser)))
        parser_error(f->parser, DIAG_CONTEXT, fault.len > 0 ? fault : *f->value,
                     B("Invalid context expression ' "), text, B(" '"));
    return part->context != NULL;
}

/* A list that is not given is empty. */
static bool read_actions(struct field_state *f, unsigned passes, const struct action_list **list)
{
    struct bytes text = f->value ? *f->value : B("");
    *list = parse_actions(f->parser, text, passes);
    if (!*list && !parser_goes_on(f->parser)) /* what is wrong with it has been told */
        parser_error(f->parser, DIAG_ACTION_LIST, text, B("Invalid action list ' "), text, B(" '"));
    return *list != NULL;
}

static bool read_action(struct field_state *f)
{
    struct rule *rule = rule_of(f);
    void *place = (char *)rule + f->field->offset;
    return read_actions(f, passes_of_field(rule, f->part), place);
}

static bool read_count(struct field_state *f)
{
    return read_actions(f, passes_of_part(rule_of(f), f->part), &part_of(f)->count);
}

static bool read_number(struct field_state *f, int64_t least, int64_t *number)
{
    return (bytes_uint(*f->value, false, number) && *number >= least) ||
           invalid_value(f, f->field->noun);
}

static int64_t *number_of(const struct field_state *f)
{
    return (int64_t *)(void *)((char *)rule_of(f) + f->field->offset);
}

static bool read_positive(struct field_state *f)
{
    return !f->value || read_number(f, 1, number_of(f));
}

static bool read_natural(struct field_state *f)
{
    return !f->value || read_number(f, 0, number_of(f));
}

static bool read_part_threshold(struct field_state *f)
{
    part_of(f)->threshold = 1;
    return !f->value || read_number(f, 1, &part_of(f)->threshold);
}

/* Yes or No; *yes stays when the field is not given. */
static bool read_yes_no(struct field_state *f, const char *what, bool *yes)
{
    if (!f->value)
        return true;
    *yes = bytes_ieq(*f->value, B("YES"));
    return *yes || bytes_ieq(*f->value, B("NO")) || invalid_value(f, what);
}

static bool read_shell(struct field_state *f)
{
    bool shell = true;
    struct rule *rule = rule_of(f);
    if (!read_yes_no(f, "shell value", &shell))
        return false;
    const struct keyword *script = rule_text_find(f->text, B("script"));
    unsigned passes = passes_shared(rule);
    if (script && shell)
        rule->script = parse_template(f->parser, script->value, passes);
    else if (script)
        rule->script_words = parse_words(f->parser, script->value, passes, &rule->script_count);
    return true;
}

static bool read_time(struct field_state *f)
{
    struct rule *rule = rule_of(f);
    if (!f->value)
        return true; /* it is missing, which has been told */
    rule->time = arena_zalloc(&f->parser->file->arena, sizeof(*rule->time));
    return parse_timespec(&f->parser->diag, *f->value, rule->time);
}

static bool read_constset(struct field_state *f)
{
    struct rule *rule = rule_of(f);
    const struct keyword *cfset = rule_text_find(f->text, B("cfset"));
    bool constant = true;
    if (!read_yes_no(f, "constset value", &constant))
        return false;
    if (cfset)
        rule->cfsets = parse_words(f->parser, cfset->value, constant ? 0 : passes_shared(rule),
                                   &rule->cfset_count);
    return true;
}

static bool read_multact(struct field_state *f)
{
    return read_yes_no(f, "multact value", &rule_of(f)->multact);
}

static bool needs(const struct field_state *f, struct bytes given, const char *needed)
{
    if (rule_text_find(f->text, bytes_of(needed)))
        return true;
    parser_error(f->parser, DIAG_KEYWORD_MISSING, f->name, B("'"), given,
                 B("' keyword requires the '"), bytes_of(needed), B("' keyword"));
    return false;
}

/* Tokens are used when there is an event group pattern; by default they count the patterns. */
static bool read_token(struct field_state *f)
{
    struct part *part = part_of(f);
    struct buf room = {0};
    bool sound =
        !f->value || needs(f, numbered_keyword(f->field->name, f->part, &room), "egpattern");
    buf_free(&room);
    part->token_given = f->value != NULL;
    if (sound && rule_text_find(f->text, B("egpattern")))
        part->token = parse_template(f->parser, f->value ? *f->value : NUM(f->part + 1),
                                     f->value ? passes_of_part(rule_of(f), f->part) : 0);
    return sound;
}

static bool read_group_type(struct field_state *f)
{
    return !f->value || needs(f, bytes_of(f->field->name), "egpattern");
}

static bool read_group_pattern(struct field_state *f)
{
    struct rule *rule = rule_of(f);
    if (!f->value)
        return true;
    if (!needs(f, bytes_of(f->field->name), "egptype"))
        return false;
    rule->has_group_pattern = true;
    return parse_group_pattern(f->parser, rule_text_find(f->text, B("egptype"))->value, *f->value,
                               &rule->group_pattern);
}

/* Descriptions and the like are read when the patterns are known. */
static bool read_later(struct field_state *f)
{
    (void)f;
    return true;
}

typedef bool read_field(struct field_state *f);

static read_field *const readers[] = {
    [FIELD_END] = read_later,
    [FIELD_CONTINUE] = read_continue,
    [FIELD_PATTERN] = read_pattern,
    [FIELD_PATTERN_TEXT] = read_later,
    [FIELD_VARMAP] = read_varmap,
    [FIELD_CONTEXT] = read_context,
    [FIELD_DESC] = read_later,
    [FIELD_ACTION] = read_action,
    [FIELD_POSITIVE] = read_positive,
    [FIELD_NATURAL] = read_natural,
    [FIELD_PART_THRESHOLD] = read_part_threshold,
    [FIELD_SCRIPT] = read_later,
    [FIELD_SHELL] = read_shell,
    [FIELD_TIME] = read_time,
    [FIELD_CFSET] = read_later,
    [FIELD_CONSTSET] = read_constset,
    [FIELD_MULTACT] = read_multact,
    [FIELD_COUNT] = read_count,
    [FIELD_EGTOKEN] = read_token,
    [FIELD_EGPTYPE] = read_group_type,
    [FIELD_EGPATTERN] = read_group_pattern,
};

static_assert(sizeof(readers) / sizeof(*readers) == FIELD_EGPATTERN + 1, "each kind has a reader");

static bool read_one_field(struct parser *parser, struct rule_text *text, const struct field *field,
                           size_t part)
{
    struct buf room = {0};
    bool group = parser->rule->type->numbered;
    struct bytes name = numbered_keyword(field->name, group ? part : 0, &room);
    const struct keyword *keyword = rule_text_find(text, name);
    buf_free(&room);
    struct field_state f = {.parser = parser,
                            .text = text,
                            .field = field,
                            .part = group ? part : field->part,
                            .name = keyword ? keyword->name : NOWHERE,
                            .value = keyword ? &keyword->value : NULL};
    return readers[field->kind](&f);
}

static bool read_fields(struct parser *parser, struct rule_text *text, enum field_group which,
                        size_t part)
{
    const struct field *field = parser->rule->type->fields;
    bool sound = true;
    for (; field->kind != FIELD_END && (sound || parser_goes_on(parser)); field++)
        if (field_belongs(field, which) && !read_one_field(parser, text, field, part))
            sound = false;
    return sound;
}

bool rule_read_fields(struct parser *parser, struct rule_text *text)
{
    if (!parser->rule->type->numbered)
        return read_fields(parser, text, FIELDS_ALL, 0);
    bool sound = true;
    for (size_t i = 0; i < parser->rule->part_count && (sound || parser_goes_on(parser)); i++)
        sound &= read_fields(parser, text, FIELDS_NUMBERED, i);
    return (sound || parser_goes_on(parser)) && read_fields(parser, text, FIELDS_SHARED, 0) &&
           sound;
}
