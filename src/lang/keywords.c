/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keywords of a rule: collecting them, and whether they are those of its type. */
#include "lang/rule_text.h"

static struct bytes keyword_name(const void *entry)
{
    return ((const struct keyword *)entry)->name;
}

/* A list of so many keywords is searched faster than a table. */
enum { FEW_KEYWORDS = 16 };

void rule_text_init(struct rule_text *text)
{
    arena_init(&text->arena);
    table_init(&text->table, keyword_name);
    text->count = 0;
    text->first = NULL;
    text->last = &text->first;
}

void rule_text_free(struct rule_text *text)
{
    table_free(&text->table);
    arena_free(&text->arena);
}

void rule_text_clear(struct rule_text *text)
{
    table_free(&text->table);
    arena_reset(&text->arena);
    text->count = 0;
    text->first = NULL;
    text->last = &text->first;
}

struct keyword *rule_text_find(const struct rule_text *text, struct bytes name)
{
    if (text->count > FEW_KEYWORDS)
        return table_find(&text->table, name);
    struct keyword *keyword = text->first;
    while (keyword && !bytes_eq(keyword->name, name))
        keyword = keyword->next;
    return keyword;
}

static void add_keyword(struct rule_text *text, struct bytes name, struct bytes value)
{
    struct keyword *keyword = arena_zalloc(&text->arena, sizeof(*keyword));
    keyword->name = name;
    keyword->value = value;
    *text->last = keyword;
    text->last = &keyword->next;
    text->count++;
    if (text->count == FEW_KEYWORDS + 1) {
        for (keyword = text->first; keyword; keyword = keyword->next)
            table_insert(&text->table, keyword);
    } else if (text->count > FEW_KEYWORDS) {
        table_insert(&text->table, keyword);
    }
}

const struct bytes *rule_text_set(struct rule_text *text, struct bytes name, struct bytes value)
{
    struct keyword *keyword = rule_text_find(text, name);
    if (!keyword) {
        add_keyword(text, name, value);
        return NULL;
    }
    struct bytes *old = arena_alloc(&text->arena, sizeof(*old));
    *old = keyword->value;
    keyword->name = name;
    keyword->value = value;
    return old;
}

static bool is_alnum(char c)
{
    return is_alpha(c) || is_digit(c);
}

bool keyword_split(struct bytes line, struct bytes *name, struct bytes *value)
{
    ptrdiff_t equals = bytes_chr(line, '=', 0);
    if (equals < 0)
        return false;
    *name = bytes_trim(bytes_slice(line, 0, (size_t)equals));
    *value = bytes_trim(bytes_from(line, (size_t)equals + 1));
    for (size_t i = 0; i < name->len; i++)
        if (!is_alnum(name->ptr[i]))
            return false;
    return name->len > 0 && value->len > 0;
}

bool rule_next_keyword(struct bytes *text, struct keyword *keyword)
{
    while (text->len > 0) {
        ptrdiff_t newline = bytes_chr(*text, '\n', 0);
        size_t len = newline < 0 ? text->len : (size_t)newline;
        struct bytes line = bytes_trim(bytes_slice(*text, 0, len));
        *text = bytes_from(*text, len + (newline >= 0));
        *keyword = (struct keyword){0};
        if (keyword_split(line, &keyword->name, &keyword->value))
            return true;
    }
    return false;
}

bool keyword_find(struct bytes text, struct bytes name, struct keyword *keyword)
{
    struct keyword next;
    bool found = false;
    while (rule_next_keyword(&text, &next)) {
        if (!bytes_eq(next.name, name))
            continue;
        *keyword = next;
        found = true;
    }
    return found;
}

bool rule_keyword(const struct rule *rule, struct bytes name, struct keyword *keyword)
{
    return keyword_find(rule->text, name, keyword);
}

static bool is_numbered(const struct field *field)
{
    switch (field->kind) {
    case FIELD_CONTINUE:
    case FIELD_PATTERN:
    case FIELD_PATTERN_TEXT:
    case FIELD_VARMAP:
    case FIELD_CONTEXT:
    case FIELD_COUNT:
    case FIELD_PART_THRESHOLD:
    case FIELD_EGTOKEN:
        return true;
    default:
        return false;
    }
}

bool field_belongs(const struct field *field, enum field_group which)
{
    return which == FIELDS_ALL || is_numbered(field) == (which == FIELDS_NUMBERED);
}

bool rule_type_has(const struct rule_type *type, struct bytes keyword)
{
    struct bytes head = keyword;
    if (type->is_options)
        return bytes_eq(keyword, B("procallin")) || bytes_eq(keyword, B("joincfset"));
    while (type->numbered && head.len > 0 && is_digit(head.ptr[head.len - 1]))
        head.len--;
    for (const struct field *field = type->fields; field->kind != FIELD_END; field++)
        if (bytes_eq(bytes_of(field->name), keyword) ||
            (bytes_eq(bytes_of(field->name), head) && is_numbered(field)))
            return true;
    return false;
}

struct bytes numbered_keyword(const char *name, size_t part, struct buf *room)
{
    if (part == 0)
        return bytes_of(name);
    buf_clear(room);
    buf_cat(room, bytes_of(name), NUM(part + 1));
    return buf_bytes(room);
}

struct check {
    const struct parser *parser;
    struct rule_text *text;
    struct bytes type_name;
    struct buf name;
    bool sound;
};

static void check_field(struct check *check, const struct field *field, size_t part)
{
    struct bytes name = numbered_keyword(field->name, part, &check->name);
    struct keyword *keyword = rule_text_find(check->text, name);
    if (keyword) {
        keyword->known = parser_knows(check->parser->env, field->name);
    } else if (field->required) {
        parser_error(check->parser, DIAG_KEYWORD_MISSING,
                     rule_text_find(check->text, B("type"))->value, B("Keyword '"), name,
                     B("' missing (needed for "), check->type_name, B(" rule)"));
        check->sound = false;
    }
}

static void check_fields(struct check *check, const struct field *fields, enum field_group which,
                         size_t part)
{
    for (const struct field *field = fields; field->kind != FIELD_END; field++)
        if (field_belongs(field, which))
            check_field(check, field, part);
}

bool check_all_known(const struct parser *parser, struct bytes type_name,
                     const struct rule_text *text)
{
    bool sound = true;
    rule_text_find(text, B("type"))->known = true;
    for (const struct keyword *keyword = text->first; keyword; keyword = keyword->next) {
        if (keyword->known)
            continue;
        parser_error(parser, DIAG_KEYWORD_UNKNOWN, keyword->name, B("Keyword '"), keyword->name,
                     B("' illegal (not allowed for "), type_name, B(" rule)"));
        sound = false;
    }
    return sound;
}

bool check_keywords(const struct parser *parser, const struct rule_type *type,
                    struct bytes type_name, size_t part_count, struct rule_text *text)
{
    struct check check = {.parser = parser, .text = text, .type_name = type_name, .sound = true};
    if (!type->numbered) {
        check_fields(&check, type->fields, FIELDS_ALL, 0);
    } else {
        for (size_t part = 0; part < part_count; part++)
            check_fields(&check, type->fields, FIELDS_NUMBERED, part);
        check_fields(&check, type->fields, FIELDS_SHARED, 0);
    }
    buf_free(&check.name);
    return check_all_known(parser, type_name, text) && check.sound;
}
