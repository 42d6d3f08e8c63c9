/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A class with A-z: between Z and a are six other characters; a shell runs what is between two of
 * them, backquotes.  Each such range is reported once in a file. */
#include "lint/checks.h"
#include "lint/patterns.h"

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static void tell(struct lint *lint, const struct rule *rule, struct bytes range)
{
    struct lint_finding *found =
        lint_tell(lint, rule, range, range, B(" matches [ \\ ] ^ _ ` as well as letters"));
    lint_hint(lint, found, B("write "), bytes_slice(range, 0, 2), B("Za-"), bytes_from(range, 2),
              B(", and anything else that is meant"));
    found->cause = range;
}

/* Where the class that opens at `at` ends; its ranges are told. */
static size_t look_at_class(struct lint *lint, const struct rule *rule, struct bytes text,
                            size_t at)
{
    size_t i = at + 1;
    if (i < text.len && text.ptr[i] == '^')
        i++;
    for (size_t first = i; i < text.len && (text.ptr[i] != ']' || i == first); i++) {
        bool range = text.ptr[i] != '\\' && i + 2 < text.len && text.ptr[i + 1] == '-' &&
                     text.ptr[i + 2] != ']';
        if (text.ptr[i] == '\\')
            i++;
        else if (range && is_upper(text.ptr[i]) && is_lower(text.ptr[i + 2]))
            tell(lint, rule, bytes_slice(text, i, i + 3));
        if (range)
            i += 2;
    }
    return i;
}

static void look(struct lint *lint, const struct rule *rule)
{
    struct bytes text = rule->text;
    struct lint_pattern found;
    while (patterns_next(rule, &text, &found))
        for (size_t i = 0; pattern_is_regexp(found.pattern) && i < found.text.len; i++) {
            if (found.text.ptr[i] == '\\')
                i++;
            else if (found.text.ptr[i] == '[')
                i = look_at_class(lint, rule, found.text, i);
        }
}

const struct lint_check check_letter_range = {
    .name = "letter-range",
    .level = LINT_NOTE,
    .summary = "A range such as A-z, which has more than letters",
    .rule = look,
};
