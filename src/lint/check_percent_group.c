/* SPDX-License-Identifier: GPL-2.0-or-later */
/* %1 where $1 is meant: % names the first match in desc2, action2 and context2 of a Pair alone, and
 * only if the second match sets variables of its own.  Elsewhere %1 is plain text. */
#include "lint/checks.h"
#include "lint/embedded.h"
#include "lint/groups.h"

#include "lang/substitute.h"

/* Does it look like a variable, not like a format ("%5d") or an escape of an address ("%20")? */
static bool is_meant(struct bytes text, const struct variable_ref *ref)
{
    if (ref->kind == REF_NAME)
        return true;
    bool braced = text.ptr[ref->end - 1] == '}';
    bool ends = ref->end == text.len || !is_word(text.ptr[ref->end]);
    return ref->kind == REF_NUMBER && (braced || (ref->name.len == 1 && ends));
}

/* Does each match that the text may be filled from have it? */
static bool matched(const struct lint *lint, const struct visit_spot *spot,
                    const struct variable_ref *ref)
{
    struct var_key key = {.kind = ref->kind == REF_NAME ? KEY_NAME : KEY_NUMBER, .name = ref->name};
    size_t end, part = groups_parts(spot, 0, &end);
    if (key.kind == KEY_NUMBER && ref->name.len > 1)
        return false;
    if (key.kind == KEY_NUMBER)
        key.number = (uint64_t)(*ref->name.ptr - '0');
    for (; part < end; part++)
        if (groups_have(lint, spot->rule, part, &key) != GROUPS_YES)
            return false;
    return true;
}

static void tell(struct lint *lint, const struct visit_spot *spot, const struct template *text,
                 struct bytes variable)
{
    struct bytes at = template_place(text, variable);
    bool second = spot->rule->type->patterns == 2 && spot->part == 1 &&
                  spot->field->kind != FIELD_PATTERN_TEXT;
    struct bytes meant = arena_cat(&lint->arena, B("$"), bytes_from(variable, 1));
    struct lint_finding *found = lint_tell(
        lint, spot->rule, at, variable, B(" is plain text here: "),
        second ? B("the second pattern sets no variables, so those of the first begin with $")
               : B("match variables begin with $"));
    lint_hint(lint, found, B("write "), meant);
    if (at.ptr)
        lint_fix(lint, found, at, meant);
}

static void look_at_text(void *arg, const struct visit_spot *spot, const struct template *text)
{
    struct lint *lint = arg;
    struct variable_ref ref;
    bool dollar = text->passes & PASS_FIRST_DOLLAR, percent = text->passes & PASS_FIRST_PERCENT;
    if (!dollar || percent || embedded_at(spot))
        return;
    for (size_t at = 0; substitute_next_match(text->text, '%', at, &ref); at = ref.end)
        if (is_meant(text->text, &ref) && matched(lint, spot, &ref))
            tell(lint, spot, text, bytes_slice(text->text, ref.start, ref.end));
}

static void look(struct lint *lint, const struct rule *rule)
{
    const struct visitor visitor = {.arg = lint, .text = look_at_text};
    if (rule->type->patterns > 0)
        visit_rule(rule, &visitor);
}

const struct lint_check check_percent_group = {
    .name = "percent-group",
    .level = LINT_WARNING,
    .summary = "A match variable with % where only $ works",
    .rule = look,
};
