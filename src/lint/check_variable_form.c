/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What looks like a variable and is plain text: {.mday} without its percent sign, $(1) in place of
 * ${1}, $user or ${user} in place of $+{user}. */
#include "lint/checks.h"
#include "lint/embedded.h"
#include "lint/groups.h"

struct search {
    struct lint *lint;
    const struct visit_spot *spot;
    const struct template *text;
};

static bool has(struct bytes text, size_t at, char c)
{
    return at < text.len && text.ptr[at] == c;
}

static size_t word_end(struct bytes text, size_t at)
{
    while (at < text.len && is_word(text.ptr[at]))
        at++;
    return at;
}

static void tell(const struct search *search, size_t from, size_t to, struct bytes meant)
{
    struct lint *lint = search->lint;
    struct bytes found_text = bytes_slice(search->text->text, from, to);
    struct bytes at = template_place(search->text, found_text);
    struct lint_finding *found = lint_tell(lint, search->spot->rule, at, B("'"), found_text,
                                           B("' is plain text, not a variable"));
    lint_hint(lint, found, B("write "), meant);
    found->cause = found->hint;
    if (at.ptr)
        lint_fix(lint, found, at, meant);
}

static bool is_predefined(const struct lint *lint, struct bytes name)
{
    uint32_t id;
    return names_find(lint->engine->rules.parse_env.names, name, &id) &&
           facts_predefined(lint->facts, id);
}

/* "{.mday}"; returns where to go on. */
static size_t check_brace(const struct search *search, struct bytes text, size_t at)
{
    size_t end = word_end(text, at + 2);
    if (!has(text, at + 1, '.') || !has(text, end, '}') || (at > 0 && text.ptr[at - 1] == '%'))
        return at + 1;
    struct bytes name = bytes_slice(text, at + 1, end);
    if (is_predefined(search->lint, name))
        tell(search, at, end + 1, arena_cat(&search->lint->arena, B("%{"), name, B("}")));
    return end + 1;
}

static bool is_name_of_match(const struct search *search, struct bytes name)
{
    const struct visit_spot *spot = search->spot;
    const struct var_key key = {.kind = KEY_NAME, .name = name};
    size_t part = spot->rule->type->patterns == 2 ? spot->part : 0;
    return groups_have(search->lint, spot->rule, part, &key) == GROUPS_YES;
}

/* "$(1)", "$user", "${user}" */
static size_t check_dollar(const struct search *search, struct bytes text, size_t at)
{
    if (has(text, at + 1, '$'))
        return at + 2;
    bool round = has(text, at + 1, '('), braced = has(text, at + 1, '{');
    size_t begin = at + 1 + (round || braced), end = word_end(text, begin);
    if (end == begin || ((round || braced) && !has(text, end, round ? ')' : '}')))
        return at + 1;
    struct bytes name = bytes_slice(text, begin, end);
    int64_t number;
    struct arena *arena = &search->lint->arena;
    end += round || braced;
    if (round && bytes_uint(name, false, &number))
        tell(search, at, end, arena_cat(arena, B("${"), name, B("}")));
    else if (!is_digit(*name.ptr) && !embedded_at(search->spot) && is_name_of_match(search, name))
        tell(search, at, end, arena_cat(arena, B("$+{"), name, B("}")));
    return end;
}

static void look_at_text(void *arg, const struct visit_spot *spot, const struct template *text)
{
    const struct search search = {arg, spot, text};
    for (size_t at = 0; at < text->text.len;) {
        char c = text->text.ptr[at];
        if (c == '{' && (text->passes & PASS_VARIABLES))
            at = check_brace(&search, text->text, at);
        else if (c == '$' && (text->passes & (PASS_FIRST_DOLLAR | PASS_SECOND_DOLLAR)))
            at = check_dollar(&search, text->text, at);
        else
            at++;
    }
}

static void look(struct lint *lint, const struct rule *rule)
{
    const struct visitor visitor = {.arg = lint, .text = look_at_text};
    visit_rule(rule, &visitor);
}

const struct lint_check check_variable_form = {
    .name = "variable-form",
    .level = LINT_WARNING,
    .summary = "Text that looks like a variable but is not",
    .rule = look,
};
