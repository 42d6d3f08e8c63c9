/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hints for lines that are not keyword=value, and for files that have no rules at all. */
#include "hint/hint.h"

/* -- Files of other programs -- */

static bool has_line(struct bytes text, struct bytes begin)
{
    struct bytes line;
    for (size_t i = 0; i < 2000 && bytes_piece(&text, '\n', &line); i++)
        if (bytes_starts(bytes_trim(line), begin))
            return true;
    return false;
}

/* "Jan  1 00:00:00 host", "2026-01-31T00:00:00" */
static bool is_logged(struct bytes line)
{
    static const struct bytes months = B("JanFebMarAprMayJunJulAugSepOctNovDec");
    if (line.len < 16)
        return false;
    if (line.ptr[4] == '-' && line.ptr[7] == '-' && line.ptr[13] == ':')
        return is_digit(line.ptr[0]) && is_digit(line.ptr[9]);
    return line.ptr[6 + 3] == ':' && line.ptr[12] == ':' &&
           bytes_find(months, bytes_slice(line, 0, 3), 0) >= 0;
}

/* "rules:", and lists or further keys below. */
static bool is_yaml(struct bytes text, struct bytes line)
{
    return bytes_ends(line, B(":")) &&
           (has_line(text, B("- ")) || bytes_find(text, B(":\n "), 0) >= 0);
}

/* What the file may be instead; NULL: unknown. */
static const char *other_program(struct bytes text, struct bytes line)
{
    static const struct {
        const char *begin, *name;
    } lines[] = {
        {"failregex", "a fail2ban filter"},
        {"[DEFAULT]", "a fail2ban jail file"},
        {"detection:", "a Sigma rule"},
        {"watchfor", "a swatch configuration"},
        {"*OnlyService", "a logwatch configuration"},
        {"LogFile", "a logwatch configuration"},
        {"module(load", "an rsyslog configuration"},
        {"$ModLoad", "an rsyslog configuration"},
        {"$template", "an rsyslog configuration"},
        {"<decoder", "an OSSEC configuration"},
        {"---", "YAML"},
        {"<?xml", "XML"},
        {"#!/", "a script"},
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
        if (has_line(text, bytes_of(lines[i].begin)))
            return lines[i].name;
    if (is_yaml(text, line))
        return "YAML";
    if (bytes_starts(line, B("{")) || bytes_starts(line, B("[{")))
        return "JSON";
    if (bytes_starts(line, B("<")))
        return "XML";
    if (is_logged(line))
        return "a log (give logs with --input)";
    return bytes_starts(line, B("[")) ? "an INI file" : NULL;
}

/* -- Characters at the edges of keywords and values -- */

static const struct bytes mark = B("\xef\xbb\xbf");

/* The one of UTF-8. */
static void say_mark(const struct hint *hint)
{
    hint_say(hint,
             B("the file begins with a byte order mark (U+FEFF), which some editors add; remove it "
               "with: sed -i '1s/^\\xEF\\xBB\\xBF//' "),
             hint->finding->file->name);
    lint_fix(hint->lint, hint->finding, bytes_slice(hint->source->text, 0, mark.len), B(""));
}

void hint_mark(const struct hint *hint)
{
    bool utf8 = hint->at.len == mark.len;
    hint->finding->text =
        utf8 ? B("the file begins with a byte order mark (U+FEFF), which becomes part of its "
                 "first line")
             : B("the file is UTF-16 text, and none of it can be read");
    if (utf8)
        say_mark(hint);
    else
        hint_say(hint, B("convert it to UTF-8: iconv -f UTF-16 -t UTF-8 "),
                 hint->finding->file->name, B(" >NEW"));
}

void hint_invisible(const struct hint *hint)
{
    struct hint own = *hint;
    own.value = hint->at; /* others of the value may be meant */
    if (hint_look_alike(&own, hint->at))
        hint_say(hint, B("remove it, or type an ordinary space"));
}

/* -- Lines -- */

static bool is_known(const struct hint *hint, struct bytes word)
{
    const struct rule_type *const *type = hint->lint->engine->rules.parse_env.rule_types;
    if (bytes_eq(word, B("type")) || bytes_eq(word, B("rem")) || bytes_eq(word, B("label")) ||
        bytes_eq(word, B("desc")))
        return true;
    for (; *type; type++)
        for (const struct field *field = (*type)->fields; field && field->kind != FIELD_END;
             field++)
            if (bytes_eq(bytes_of(field->name), word))
                return true;
    return false;
}

/* "action write - x", "type: Single" */
static bool say_keyword(const struct hint *hint)
{
    size_t end = 0;
    while (end < hint->line.len && is_word(hint->line.ptr[end]))
        end++;
    struct bytes word = bytes_slice(hint->line, 0, end);
    struct bytes rest = bytes_trim(bytes_from(hint->line, end));
    if (!is_known(hint, word))
        return false;
    if (rest.len == 0 || bytes_eq(rest, B("=")))
        hint_say(hint, B("'"), word, B("' has no value: give it one, or remove the line"));
    else
        hint_say(hint, B("put = between a keyword and its value: "), word, B("="),
                 *rest.ptr == ':' ? bytes_trim(bytes_from(rest, 1)) : rest);
    return true;
}

static bool say_comment(const struct hint *hint)
{
    static const struct bytes signs[] = {B("//"), B("/*"), B("--"), B(";"), B("\"")};
    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
        if (!bytes_starts(hint->line, signs[i]))
            continue;
        hint_say(hint, B("a comment begins with # and ends the rule; inside a rule, write it as "
                         "rem=..."));
        return true;
    }
    return false;
}

/* The line above it; empty: there is none. */
static struct bytes line_above(const struct hint *hint)
{
    const struct source *source = hint->source;
    size_t number = hint->finding->range.from.line;
    if (number < 2)
        return B("");
    return bytes_trim(
        bytes_slice(source->text, source->lines[number - 2].at, source->lines[number - 1].at));
}

/* "shellcmd ...", below an action: two of them need a semicolon as well. */
static bool is_next_action(const struct hint *hint, struct bytes above)
{
    struct bytes rest = hint->line, word;
    bool ended = above.len > 0 && above.ptr[above.len - 1] == ';';
    return !ended && bytes_word(&rest, &word) && hint_find_action(hint, word);
}

static bool say_above(const struct hint *hint)
{
    struct bytes above = line_above(hint);
    if (above.len > 0 && *above.ptr == '#')
        hint_say(hint, B("if it belongs to the comment above, start this line with # as well"));
    else if (is_next_action(hint, above))
        hint_say(hint, B("if it is the next action, end the line above with ; and a backslash"));
    else if (above.len > 0)
        hint_say(hint, B("if it belongs to the line above, end that line with a backslash"));
    return above.len > 0;
}

void hint_line(const struct hint *hint)
{
    hint->finding->text = B("the line is not keyword=value");
    if (bytes_chr(hint->line, '\0', 0) >= 0)
        hint_say(hint, B("it contains NUL bytes; if the file is UTF-16 text, convert it to UTF-8: "
                         "iconv -f UTF-16 -t UTF-8"));
    else if (hint->at.ptr == hint->source->text.ptr && bytes_starts(hint->at, mark))
        say_mark(hint);
    else if (hint_look_alike(hint, hint->at.len < 64 ? hint->at : bytes_slice(hint->at, 0, 64)) ||
             say_keyword(hint) || say_comment(hint))
        return;
    else if (bytes_starts(hint->line, B("[")) && bytes_ends(hint->line, B("]")))
        hint_say(hint, B("rules have no headings: remove it, or put # in front of it"));
    else if (hint->line.len > 1 && hint->line.ptr[hint->line.len - 1] == ':')
        hint_say(hint, B("put the label in the rule that it leads to: label=NAME"));
    else if (!say_above(hint))
        hint_say(hint,
                 B("a keyword has only letters and digits, and a value; comments begin with #"));
}

void hint_no_rules(struct lint *lint, struct lint_finding *first)
{
    struct bytes text = first->file->source.text, rest = text, line = B("");
    while (line.len == 0 && bytes_piece(&rest, '\n', &line))
        line = bytes_trim(line);
    const char *other = other_program(text, line);
    if (other) {
        first->text =
            arena_cat(&lint->arena, B("this is not a rule file: it looks like "), bytes_of(other));
        first->more = 0; /* it is of the file */
        lint_hint(
            lint, first,
            B("rules are lines of keyword=value, such as type=Single; leave out files that have "
              "none"));
    } else if (first->hint.len == 0)
        lint_hint(lint, first,
                  B("there is no rule in this file: a rule begins with type= and ends at an "
                    "empty line"));
}
