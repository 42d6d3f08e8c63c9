/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A SubStr pattern written as a regular expression.  It is found as it is, but for \n \r \s \t \0
 * and \\ , so what is reported are texts that no log has: an escape of punctuation or of a class,
 * "any text", a class of letters or digits.  A dot, a question mark, a bracket are plain text in
 * plenty of honest patterns. */
#include "lint/checks.h"
#include "lint/patterns.h"

/* What follows a backslash or a class: a quantifier, and no word that it could belong to. */
static bool is_quantifier(char c)
{
    return c == '+' || c == '*' || c == '?' || c == '{';
}

/* The length of an escape that SubStr does not have at the start of the text; 0: there is none.
 * Windows has backslashes before words: \d is an escape only where no word goes on. */
static size_t escape_length(struct bytes text)
{
    char c = text.ptr[1], after = text.len > 2 ? text.ptr[2] : ' ';
    if (strchr("[](){}.|^$+*?/-", c))
        return 2;
    if (strchr("dDwWSb", c) && !is_word(after) && after != '\\' && after != '.')
        return 2 + is_quantifier(after);
    return 0;
}

static size_t class_length(struct bytes text)
{
    static const struct bytes classes[] = {B("[0-9"), B("[a-z"), B("[A-Z"), B("[a-f"), B("[A-F")};
    for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
        ptrdiff_t end = bytes_starts(text, classes[i]) ? bytes_chr(text, ']', 0) : -1;
        if (end > 0)
            return (size_t)end + 1;
    }
    return 0;
}

/* "(a|b)" */
static size_t alternatives_length(struct bytes text)
{
    ptrdiff_t end = text.ptr[0] == '(' ? bytes_chr(text, ')', 0) : -1;
    ptrdiff_t bar = end > 0 ? bytes_chr(text, '|', 0) : -1;
    return bar > 1 && bar < end - 1 ? (size_t)end + 1 : 0;
}

/* "C:\..." or "\\server\..." */
static bool has_windows_path(struct bytes text)
{
    return bytes_find(text, B(":\\"), 0) >= 0 || bytes_starts(text, B("\\\\"));
}

/* The first piece that only a regular expression would have; empty: there is none. */
static struct bytes find_piece(struct bytes text)
{
    if (text.len > 1 && text.ptr[0] == '^')
        return bytes_slice(text, 0, 1);
    if (has_windows_path(text))
        return B("");
    for (size_t i = 0; i + 1 < text.len; i++) {
        struct bytes rest = bytes_from(text, i);
        size_t len = 0;
        if (rest.ptr[0] == '\\') {
            len = escape_length(rest);
            i += len == 0; /* a pair */
        } else if (rest.ptr[0] == '.' && (rest.ptr[1] == '*' || rest.ptr[1] == '+')) {
            len = 2;
        } else {
            len = class_length(rest) + alternatives_length(rest);
        }
        if (len > 0)
            return bytes_slice(rest, 0, len);
    }
    return B("");
}

/* Words and blanks between bars, and nothing else: alternatives, or fields of a line. */
static struct bytes find_bar(struct bytes text)
{
    ptrdiff_t bar = bytes_chr(text, '|', 1);
    for (size_t i = 0; i < text.len; i++) {
        bool at_edge = i == 0 || i + 1 == text.len;
        if (!is_alpha(text.ptr[i]) && (at_edge || (text.ptr[i] != '|' && text.ptr[i] != ' ')))
            return B("");
    }
    return bar > 0 ? bytes_slice(text, (size_t)bar, (size_t)bar + 1) : B("");
}

static void look_at_pattern(struct lint *lint, const struct rule *rule, struct bytes text)
{
    struct bytes piece = find_piece(text);
    struct bytes at = piece.len > 0 ? piece : find_bar(text);
    if (at.len == 0)
        return;
    struct lint_finding *found = lint_tell(lint, rule, at, B("SubStr looks for '"), at,
                                           B("' literally, not as a regular expression"));
    if (piece.len == 0)
        found->level = LINT_NOTE;
    lint_hint(lint, found, B("for a regular expression use ptype=RegExp"));
}

static void look(struct lint *lint, const struct rule *rule)
{
    struct bytes text = rule->text;
    struct lint_pattern found;
    while (patterns_next(rule, &text, &found))
        if (pattern_is_substring(found.pattern))
            look_at_pattern(lint, rule, found.text);
}

const struct lint_check check_substr_is_text = {
    .name = "substr-is-text",
    .level = LINT_WARNING,
    .summary = "A SubStr pattern written as a regular expression",
    .rule = look,
};
