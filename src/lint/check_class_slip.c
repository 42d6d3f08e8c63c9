/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Slips in writing a class: (/S+) for (\S+), which looks for slashes, or d+\.\d+; and a group
 * around a class of characters of an address or a name that has no quantifier, so that it is one of
 * them. */
#include "lint/checks.h"
#include "lint/patterns.h"

struct look {
    struct lint *lint;
    const struct rule *rule;
    struct bytes text; /* of the pattern */
};

static char char_at(struct bytes text, size_t at)
{
    return at < text.len ? text.ptr[at] : '\0';
}

static bool is_quantifier(char c)
{
    return c != '\0' && strchr("+*{", c);
}

/* -- A slash -- */

/* "/d+" alone: neither the end of a path (/var/d+) nor the start of a longer word (/s*bin). */
static size_t slip_end(struct bytes text, size_t at)
{
    char before = at > 0 ? text.ptr[at - 1] : ' ', letter = char_at(text, at + 1);
    bool alone = is_space(before) || strchr("(:=|,", before);
    size_t end = at + 3;
    if (!alone || letter == '\0' || !strchr("SDWsdw", letter) ||
        !is_quantifier(char_at(text, at + 2)))
        return 0;
    if (text.ptr[at + 2] == '{') {
        ptrdiff_t close = bytes_chr(text, '}', at);
        if (!is_digit(char_at(text, at + 3)) || close < 0)
            return 0;
        end = (size_t)close + 1;
    }
    return is_word(char_at(text, end)) || char_at(text, end) == '/' ? 0 : end;
}

static void look_at_slash(const struct look *look, size_t at)
{
    size_t end = slip_end(look->text, at);
    if (end == 0)
        return;
    struct bytes slip = bytes_slice(look->text, at, end);
    struct lint_finding *found =
        lint_tell(look->lint, look->rule, slip, B("'"), slip,
                  B("' looks for a slash and the letter "), bytes_slice(slip, 1, 2));
    lint_hint(look->lint, found, B("did you mean \\"), bytes_from(slip, 1), B("?"));
}

/* -- No backslash at all -- */

/* "d+" of "(d+\.\d+)" */
static void look_at_letter(const struct look *look, size_t at)
{
    bool begins =
        at == 0 || is_space(look->text.ptr[at - 1]) || strchr("(:=|,", look->text.ptr[at - 1]);
    if (!begins || !bytes_starts(bytes_from(look->text, at), B("d+\\.\\d")))
        return;
    struct bytes slip = bytes_slice(look->text, at, at + 2);
    struct lint_finding *found =
        lint_tell(look->lint, look->rule, slip, B("'"), slip, B("' looks for the letter d"));
    lint_hint(look->lint, found, B("did you mean \\d+?"));
}

/* -- A class without a quantifier -- */

/* Characters of an address, a number with a point, a name with a dash. */
static bool is_of_many(struct bytes class)
{
    bool digits = bytes_find(class, B("\\d"), 0) >= 0 || bytes_find(class, B("0-9"), 0) >= 0 ||
                  bytes_find(class, B("\\w"), 0) >= 0;
    return digits && *class.ptr != '^' &&
           (bytes_chr(class, '.', 0) >= 0 || bytes_chr(class, ':', 0) >= 0);
}

/* Before `at`: what opens a group.  Its start; `at`: there is none. */
static size_t group_open(struct bytes text, size_t at, bool *captures)
{
    struct bytes before = bytes_slice(text, 0, at);
    ptrdiff_t open = bytes_rfind(before, B("("));
    struct bytes start = open < 0 ? B("") : bytes_from(before, (size_t)open);
    bool escaped = open > 0 && text.ptr[open - 1] == '\\';
    if (escaped || start.len == 0)
        return at;
    if (bytes_eq(start, B("(?:")))
        return (size_t)open;
    bool named = (bytes_starts(start, B("(?<")) || bytes_starts(start, B("(?P<"))) &&
                 bytes_ends(start, B(">"));
    if (start.len > 1 && !named)
        return at;
    *captures = true;
    return (size_t)open;
}

/* from, to: the class with its brackets. */
static void look_at_class(const struct look *look, size_t from, size_t to)
{
    struct bytes text = look->text, class = bytes_slice(text, from + 1, to - 1);
    bool captures = false;
    size_t open = from, end = to;
    while (char_at(text, end) == ')') {
        size_t outer = group_open(text, open, &captures);
        if (outer == open)
            break;
        open = outer;
        end++;
        if (is_quantifier(char_at(text, end)))
            return;
    }
    if (!captures || class.len == 0 || !is_of_many(class))
        return;
    struct bytes group = bytes_slice(text, open, end), whole = bytes_slice(text, from, to);
    struct lint_finding *found =
        lint_tell(look->lint, look->rule, group, B("this group is a single character of "), whole);
    found->level = LINT_NOTE;
    lint_hint(look->lint, found, B("to match more than one, write "), whole, B("+"));
}

/* After its bracket; 0: it has none, as in a comment of (?x), and is no class. */
static size_t class_end(struct bytes text, size_t at)
{
    size_t i = at + 1;
    i += char_at(text, i) == '^';
    for (size_t first = i; i < text.len && (text.ptr[i] != ']' || i == first); i++)
        i += text.ptr[i] == '\\';
    return i < text.len ? i + 1 : 0;
}

static void look_at_pattern(const struct look *look)
{
    struct bytes text = look->text;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\\') {
            i++;
        } else if (text.ptr[i] == '/') {
            look_at_slash(look, i);
        } else if (text.ptr[i] == 'd') {
            look_at_letter(look, i);
        } else if (text.ptr[i] == '[') {
            size_t end = class_end(text, i);
            if (end == 0)
                continue;
            look_at_class(look, i, end);
            i = end - 1;
        }
    }
}

static void look(struct lint *lint, const struct rule *rule)
{
    struct bytes text = rule->text;
    struct lint_pattern found;
    while (patterns_next(rule, &text, &found))
        if (pattern_is_regexp(found.pattern))
            look_at_pattern(&(struct look){lint, rule, found.text});
}

const struct lint_check check_class_slip = {
    .name = "class-slip",
    .level = LINT_WARNING,
    .summary = "A slash for a backslash, as in (/S+), or a class without its quantifier",
    .rule = look,
};
