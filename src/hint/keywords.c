/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hints for keywords and rule types: which were meant, which are needed, where they belong. */
#include "hint/hint.h"

static void add_name(struct buf *list, struct bytes name)
{
    buf_cat(list, list->len > 0 ? B(", ") : B(""), name);
}

static const struct rule_type *const *types_of(const struct hint *hint)
{
    return hint->lint->engine->rules.parse_env.rule_types;
}

void hint_rule_type(const struct hint *hint)
{
    struct nearest nearest = nearest_to(hint->at);
    struct buf all = {0};
    for (const struct rule_type *const *type = types_of(hint); *type; type++) {
        nearest_try(&nearest, bytes_of((*type)->name));
        add_name(&all, bytes_of((*type)->name));
    }
    if (!hint->type && !hint_nearest(hint, &nearest))
        hint_say(hint, B("the rule types are "), buf_bytes(&all));
    buf_free(&all);
}

/* -- A keyword that the type does not have -- */

/* "pattern12" is "pattern" and 12. */
static struct bytes without_number(struct bytes name)
{
    while (name.len > 0 && is_digit(name.ptr[name.len - 1]))
        name.len--;
    return name;
}

/* A keyword of more types is just out of place. */
enum { TYPES_LISTED = 6 };

/* The types that have it, or what this type has. */
static void say_where(const struct hint *hint)
{
    struct buf types = {0}, fields = {0};
    size_t count = 0;
    for (const struct rule_type *const *type = types_of(hint); *type; type++) {
        if (!rule_type_has(*type, hint->at))
            continue;
        add_name(&types, bytes_of((*type)->name));
        count++;
    }
    for (const struct field *field = hint->type->fields; field->kind != FIELD_END; field++)
        add_name(&fields, bytes_of(field->name));
    if (count > 0 && count <= TYPES_LISTED)
        hint_say(hint, B("only these rule types have '"), hint->at, B("': "), buf_bytes(&types));
    else
        hint_say(hint, bytes_of(hint->type->name), B(" has "), buf_bytes(&fields));
    buf_free(&types);
    buf_free(&fields);
}

/* What continue=DontCont is for, Suppress always does. */
static bool say_needless(const struct hint *hint)
{
    bool suppress = strcmp(hint->type->name, "Suppress") == 0;
    if (!suppress || !bytes_eq(hint->at, B("continue")))
        return false;
    hint_say(hint, B("delete the line: a line that Suppress matches never goes on to the rules "
                     "after it in this file"));
    return true;
}

/* One that is there already was not meant. */
static void try_keyword(const struct hint *hint, struct nearest *nearest, struct bytes name)
{
    struct keyword there;
    if (!hint_keyword(hint, name, &there))
        nearest_try(nearest, name);
}

void hint_keyword_unknown(const struct hint *hint)
{
    if (!hint->type || hint->type->is_options) {
        hint_say(hint, B("an Options rule has procallin and joincfset"));
        return;
    }
    if (say_needless(hint))
        return;
    struct nearest nearest = nearest_to(hint->at);
    struct bytes number = bytes_from(hint->at, without_number(hint->at).len);
    for (const struct field *field = hint->type->fields; field->kind != FIELD_END; field++) {
        try_keyword(hint, &nearest, bytes_of(field->name));
        if (number.len > 0 && hint->type->numbered && field_belongs(field, FIELDS_NUMBERED))
            try_keyword(hint, &nearest,
                        arena_cat(&hint->lint->arena, bytes_of(field->name), number));
    }
    try_keyword(hint, &nearest, B("label"));
    if (nearest.found.len > 0 && bytes_ieq(nearest.found, hint->at)) {
        hint_say(hint, B("write keywords in lower case: "), nearest.found);
        lint_fix(hint->lint, hint->finding, hint->at, nearest.found);
    } else if (!hint_nearest(hint, &nearest)) {
        say_where(hint);
    }
}

/* -- One that it needs -- */

/* The line before the rule, when that is a comment or empty: something may be cut off there. */
static void say_cut(const struct hint *hint)
{
    size_t line = hint->finding->rule_line;
    struct source_line before = line > 1 ? hint->source->lines[line - 2] : (struct source_line){0};
    bool comment = line > 1 && hint->source->text.ptr[before.at] == '#';
    if (line > 1)
        hint_say(hint, B("every rule needs a type; if this belongs to the rule above, remove the "),
                 comment ? B("comment") : B("empty line"), B(" that ends it (line "), NUM(line - 1),
                 B(")"));
    else
        hint_say(hint, B("every rule needs a type, such as type=Single"));
}

/* "Type=Single", "typ=Single": the keyword that was to be the type. */
static bool say_type(const struct hint *hint)
{
    struct nearest nearest;
    struct bytes rest = hint->rule;
    for (struct keyword keyword; rule_next_keyword(&rest, &keyword);) {
        nearest = nearest_to(keyword.name);
        nearest_try(&nearest, B("type"));
        if (nearest.found.len == 0 || bytes_starts(keyword.name, B("ptype")))
            continue;
        hint_say(hint, B("'"), keyword.name,
                 bytes_ieq(keyword.name, B("type"))
                     ? B("' is not a keyword: write keywords in lower case: type")
                     : B("' is not a keyword: did you mean 'type'?"));
        lint_fix(hint->lint, hint->finding, keyword.name, B("type"));
        return true;
    }
    return false;
}

static bool is_of_every_rule(struct bytes name)
{
    return bytes_eq(name, B("type")) || bytes_eq(name, B("rem")) || bytes_eq(name, B("label"));
}

/* Is it there, or one that looks like a slip of it? */
static bool is_there(const struct hint *hint, struct bytes name)
{
    struct nearest nearest = nearest_to(name);
    struct bytes rest = hint->rule;
    for (struct keyword keyword; rule_next_keyword(&rest, &keyword);) {
        if (bytes_eq(keyword.name, name))
            return true;
        if (!rule_type_has(hint->type, keyword.name) && !is_of_every_rule(keyword.name))
            nearest_try(&nearest, keyword.name);
    }
    return nearest.found.len > 0;
}

static void add_missing(const struct hint *hint, const struct field *field, size_t part,
                        struct buf *missing, struct buf *needed)
{
    struct buf room = {0};
    struct bytes name = numbered_keyword(field->name, part, &room);
    if (field->required)
        add_name(needed, name);
    if (field->required && !is_there(hint, name))
        add_name(missing, name);
    buf_free(&room);
}

/* More patterns than that are not listed. */
enum { PARTS_LISTED = 10 };

static size_t parts_of(const struct hint *hint)
{
    int64_t count = 1;
    struct bytes name = hint->type_name;
    if (hint->type->numbered)
        bytes_uint(bytes_from(name, strlen(hint->type->keyword)), false, &count);
    return count > PARTS_LISTED ? PARTS_LISTED : (size_t)count;
}

void hint_keyword_missing(const struct hint *hint)
{
    if (!hint->type || bytes_chr(hint->message, '(', 0) < 0) {
        if (hint->type_name.len == 0 && !say_type(hint))
            say_cut(hint);
        return; /* of two that go together the message has both */
    }
    struct buf missing = {0}, needed = {0};
    for (size_t part = 0; part < parts_of(hint); part++)
        for (const struct field *field = hint->type->fields; field->kind != FIELD_END; field++)
            if (part == 0 || field_belongs(field, FIELDS_NUMBERED))
                add_missing(hint, field, part, &missing, &needed);
    if (missing.len > 0)
        hint_say(hint, hint->type_name, B(" needs "), buf_bytes(&needed), B("; missing: "),
                 buf_bytes(&missing));
    buf_free(&missing);
    buf_free(&needed);
}

/* -- Labels -- */

void hint_label(const struct hint *hint)
{
    struct nearest nearest = nearest_to(hint->at);
    struct bytes rest = hint->source->text;
    struct keyword keyword;
    if (hint->finding->check == diag_kind(DIAG_LABEL_BACKWARD)->name) {
        hint_say(hint,
                 B("GoTo only leads to later rules of the same file: move the rule with the label "
                   "below this one"));
        return;
    }
    while (rule_next_keyword(&rest, &keyword))
        if (bytes_eq(keyword.name, B("label")))
            nearest_try(&nearest, keyword.value);
    if (!hint_nearest(hint, &nearest))
        hint_say(hint, B("give a later rule of the same file label="), hint->at);
}
