/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds what is around the place of a message, and chooses the function that gives the hint. */
#include "hint/hint.h"

#include <assert.h>

#include "base/slips.h"
#include "base/utf8.h"

/* Rules that are longer are looked at up to here. */
enum { RULE_LIMIT = 100000 };

/* -- Which hint -- */

typedef void hint_function(const struct hint *hint);

static const struct {
    hint_function *say;
    bool plain;      /* neither look-alike characters nor "#" have a meaning in it */
    bool whole_rule; /* it looks at more of the rule than the value */
} hints[] = {
    [DIAG_BYTE_ORDER_MARK] = {hint_mark, false, false},
    [DIAG_INVISIBLE_CHARACTER] = {hint_invisible, false, false},
    [DIAG_LINE_FORM] = {hint_line, false, false},
    [DIAG_KEYWORD_MISSING] = {hint_keyword_missing, false, true},
    [DIAG_KEYWORD_UNKNOWN] = {hint_keyword_unknown, false, true},
    [DIAG_RULE_TYPE] = {hint_rule_type, true, true},
    [DIAG_FIELD_VALUE] = {hint_value, true, false},
    [DIAG_TIME] = {hint_time, true, false},
    [DIAG_OPTION_VALUE] = {hint_value, true, false},
    [DIAG_PATTERN_TYPE] = {hint_pattern_type, true, false},
    [DIAG_PATTERN] = {hint_pattern, false, false},
    [DIAG_VARMAP] = {hint_varmap, true, false},
    [DIAG_CONTEXT] = {hint_context, true, false},
    [DIAG_ACTION_LIST] = {hint_action_list, false, false},
    [DIAG_ACTION] = {hint_action, true, false},
    [DIAG_ACTION_EMPTY] = {hint_action, false, false},
    [DIAG_VARIABLE_NAME] = {hint_variable, true, false},
    [DIAG_PERL_CODE] = {hint_code, false, false},
    [DIAG_LABEL_UNKNOWN] = {hint_label, true, false},
    [DIAG_LABEL_BACKWARD] = {hint_label, false, false},
    [DIAG_HIDDEN_VARIABLE] = {NULL, false, false},
    [DIAG_STATE_COMMENT] = {NULL, false, false},
};

/* -- Around the place -- */

/* From the line where the rule begins to an empty one or a comment. */
static struct bytes rule_from(const struct source *source, size_t line)
{
    if (line == 0 || line > source->line_count)
        return B("");
    struct bytes rest = bytes_from(source->text, source->lines[line - 1].at), whole = rest, piece;
    size_t end = 0;
    while (end < RULE_LIMIT && bytes_piece(&rest, '\n', &piece)) {
        piece = bytes_trim(piece);
        if (line_ends_rule(piece))
            break;
        end = (size_t)(piece.ptr - whole.ptr) + piece.len;
    }
    return bytes_slice(whole, 0, end);
}

bool hint_keyword(const struct hint *hint, struct bytes name, struct keyword *keyword)
{
    return keyword_find(hint->rule, name, keyword);
}

static struct hint hint_at(struct lint *lint, struct lint_finding *finding,
                           const struct finding *heard)
{
    const struct source *source = &heard->file->source;
    struct hint hint = {.lint = lint,
                        .finding = finding,
                        .source = source,
                        .at = heard->at,
                        .message = heard->text,
                        .type_name = B("")};
    struct keyword type;
    hint.rule = hints[heard->code].whole_rule ? rule_from(source, heard->rule_line) : B("");
    hint.line = heard->at.ptr ? bytes_trim(source_line_of(source, heard->at)) : B("");
    if (!keyword_split(hint.line, &hint.name, &hint.value))
        hint.name = hint.value = B("");
    if (!hint_keyword(&hint, B("type"), &type))
        return hint;
    hint.type_name = type.value;
    hint.type =
        rule_type_find(&lint->engine->rules.parse_env, arena_upper(&lint->arena, type.value));
    return hint;
}

/* -- What is near -- */

struct nearest nearest_to(struct bytes word)
{
    return (struct nearest){.word = word, .found = B(""), .least = slips_too_many(word)};
}

void nearest_try(struct nearest *nearest, struct bytes known)
{
    char small[2][32]; /* longer words are no slip of a known one */
    struct bytes pair[2] = {nearest->word, known};
    if (nearest->word.len > sizeof(small[0]) || known.len > sizeof(small[0]))
        return;
    for (int i = 0; i < 2; i++) {
        for (size_t k = 0; k < pair[i].len; k++)
            small[i][k] = ascii_lower(pair[i].ptr[k]);
        pair[i].ptr = small[i];
    }
    if (slips_fewer(pair[0], pair[1], &nearest->least))
        nearest->found = known;
}

bool hint_nearest(const struct hint *hint, const struct nearest *nearest)
{
    if (!lint_hint_nearest(hint->lint, hint->finding, nearest->found))
        return false;
    lint_fix(hint->lint, hint->finding, nearest->word, nearest->found);
    return true;
}

/* -- What may be said of any value -- */

struct bytes hint_short(const struct hint *hint, struct bytes text)
{
    enum { SHORT = 48 };
    text = bytes_trim(text);
    if (text.len <= SHORT)
        return text;
    size_t end = SHORT;
    while (end > 0 && utf8_goes_on(text.ptr[end]))
        end--;
    return arena_cat(&hint->lint->arena, bytes_slice(text, 0, end), B("..."));
}

/* "60 # a minute": where the "#" is, from that place on; 0: there is none. */
static size_t comment_at(struct bytes value, size_t from)
{
    for (size_t i = from > 0 ? from : 1; i < value.len; i++)
        if (value.ptr[i] == '#' && is_space(value.ptr[i - 1]))
            return i;
    return 0;
}

/* How many values of the rule have one: the others may load, and be wrong all the same. */
static size_t comments_of(struct bytes rule)
{
    size_t count = 0;
    for (struct keyword keyword; rule_next_keyword(&rule, &keyword);)
        count += !bytes_eq(keyword.name, B("rem")) && comment_at(keyword.value, 0) > 0;
    return count;
}

static bool comment_in_value(const struct hint *hint)
{
    ptrdiff_t from = hint->at.ptr - hint->value.ptr;
    size_t at = comment_at(hint->value, from > 1 ? (size_t)from - 1 : 0);
    if (at == 0)
        return false;
    size_t all = comments_of(hint->rule);
    hint_say(hint, B("'"), hint_short(hint, bytes_from(hint->value, at)),
             B("' is part of the value: put a comment on a line of its own, above the rule"),
             all > 1 ? B(" (other lines of it have one as well)") : B(""));
    return true;
}

/* "'RegExp'", "\"write - x\"" */
static bool quotes_around(const struct hint *hint)
{
    struct bytes value = hint->value;
    char quote = value.len > 2 ? *value.ptr : '\0';
    if ((quote != '\'' && quote != '"') || value.ptr[value.len - 1] != quote ||
        bytes_chr(value, quote, 1) != (ptrdiff_t)value.len - 1)
        return false;
    struct bytes bare = bytes_slice(value, 1, value.len - 1);
    hint_say(hint, B("values have no quotes around them: write "), hint->name, B("="),
             hint_short(hint, bare));
    lint_fix(hint->lint, hint->finding, value, bare);
    return true;
}

void hint_add(struct lint *lint, struct lint_finding *finding, const struct finding *heard)
{
    if (!hints[heard->code].say || heard->at.len == 0)
        return;
    struct hint hint = hint_at(lint, finding, heard);
    if (hints[heard->code].plain &&
        (hint_look_alike(&hint, hint.at) || comment_in_value(&hint) || quotes_around(&hint)))
        return;
    hints[heard->code].say(&hint);
}
