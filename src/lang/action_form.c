/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Splitting an action into parameters, from left to right.
 *
 * White space comes before every parameter.  Two cases look ahead: an optional number counts only
 * if a word ends after it ("event 5x" has none), and the variable of lcall ends where an operator
 * is still left for the code ("lcall %o->sub {...}").
 */
#include "lang/action_form.h"

struct reader {
    const struct form_text *form;
    struct bytes text; /* the rest of the action */
    size_t at;
};

static size_t skip_space(struct bytes text, size_t at)
{
    while (at < text.len && is_space(text.ptr[at]))
        at++;
    return at;
}

static bool ends_word(struct bytes text, size_t at)
{
    return at == text.len || is_space(text.ptr[at]);
}

static const struct group *group_here(const struct reader *reader, size_t at)
{
    size_t offset = (size_t)(reader->text.ptr - reader->form->list.ptr);
    return groups_at(reader->form->groups, offset + at);
}

/* A group and the place after it. */
static bool take_group(struct reader *reader, size_t at, struct form_arg *arg)
{
    const struct group *group = group_here(reader, at);
    if (!group)
        return false;
    arg->text = group_inside(reader->form->list, group);
    reader->at = at + (group->end - group->start);
    return true;
}

static size_t word_end(struct bytes text, size_t at)
{
    while (!ends_word(text, at))
        at++;
    return at;
}

/* A word in front of a block: a group inside it does not end it. */
static size_t word_end_with_groups(const struct reader *reader, size_t at)
{
    while (!ends_word(reader->text, at)) {
        const struct group *group = group_here(reader, at);
        at += group ? group->end - group->start : 1;
    }
    return at;
}

static bool operator_at(struct bytes text, size_t at)
{
    return (text.ptr[at] == '-' || text.ptr[at] == ':') && text.ptr[at + 1] == '>';
}

/* A word in front of code: it may run into the operator, but not beyond the last one. */
static size_t word_end_before_code(struct bytes text, size_t at)
{
    size_t last = text.len;
    for (size_t i = at; i + 2 < text.len; i++)
        if (operator_at(text, i))
            last = i;
    size_t end = word_end(text, at);
    return last < end ? last : end;
}

static bool take_word(struct reader *reader, const struct param *param, size_t at,
                      struct form_arg *arg)
{
    enum param_kind next = param[1].kind;
    size_t end = next == PARAM_CODE    ? word_end_before_code(reader->text, at)
                 : next == PARAM_BLOCK ? word_end_with_groups(reader, at)
                                       : word_end(reader->text, at);
    arg->text = bytes_slice(reader->text, at, end);
    reader->at = end;
    return end > at;
}

static bool take_rest(struct reader *reader, size_t at, struct form_arg *arg)
{
    arg->text = bytes_from(reader->text, at);
    reader->at = reader->text.len;
    return true;
}

static bool take_quoted(struct reader *reader, size_t at, struct form_arg *arg)
{
    ptrdiff_t end = bytes_chr(reader->text, '\'', at + 1);
    if (reader->text.ptr[at] != '\'' || end < 0)
        return false;
    arg->text = bytes_slice(reader->text, at + 1, (size_t)end);
    reader->at = (size_t)end + 1;
    return true;
}

/* A number that may be missing is not there when the word is something else. */
static bool take_number(struct reader *reader, const struct param *param, size_t at,
                        struct form_arg *arg)
{
    struct bytes text = reader->text;
    char sign = 0;
    if (param->kind == PARAM_RULE && (text.ptr[at] == '+' || text.ptr[at] == '-'))
        sign = text.ptr[at++];
    size_t end = at;
    while (end < text.len && is_digit(text.ptr[end]))
        end++;
    if (end == at || !ends_word(text, end)) {
        arg->given = false;
        return param->optional;
    }
    arg->sign = sign;
    arg->text = bytes_slice(text, at, end);
    reader->at = end;
    return true;
}

static bool take_else(struct reader *reader, size_t at, struct form_arg *arg)
{
    size_t end = word_end(reader->text, at);
    if (!bytes_ieq(bytes_slice(reader->text, at, end), B("else")))
        return false;
    return take_group(reader, skip_space(reader->text, end), arg);
}

static bool take_code(struct reader *reader, size_t at, struct form_arg *arg)
{
    struct bytes text = reader->text;
    for (size_t i = at; i + 2 < text.len; i++) {
        if (!operator_at(text, i))
            continue;
        arg->words = bytes_trim(bytes_slice(text, at, i));
        arg->cache_entries = text.ptr[i] == ':';
        return take_rest(reader, skip_space(text, i + 2), arg);
    }
    return false;
}

static bool take_given(struct reader *reader, const struct param *param, size_t at,
                       struct form_arg *arg)
{
    arg->given = true;
    switch (param->kind) {
    case PARAM_WORD:
    case PARAM_VARIABLE:
        return take_word(reader, param, at, arg);
    case PARAM_QUOTED:
        return take_quoted(reader, at, arg);
    case PARAM_DIGITS:
    case PARAM_RULE:
        return take_number(reader, param, at, arg);
    case PARAM_BLOCK:
        return take_group(reader, at, arg);
    case PARAM_ELSE:
        return take_else(reader, at, arg);
    case PARAM_CODE:
        return take_code(reader, at, arg);
    case PARAM_TEXT:
    case PARAM_WORDS:
    case PARAM_ACTIONS:
    case PARAM_END:
        break;
    }
    return take_rest(reader, at, arg);
}

static bool take_param(struct reader *reader, const struct param *param, struct form_arg *arg)
{
    size_t start = skip_space(reader->text, reader->at);
    if (start == reader->text.len)
        return param->optional;
    if (start == reader->at && param->kind != PARAM_CODE)
        return false;
    return take_given(reader, param, start, arg);
}

bool action_form(const struct action_type *type, const struct form_text *text,
                 struct form_arg args[ACTION_PARAMS], struct bytes *misfit)
{
    struct reader reader = {.form = text, .text = text->rest};
    bool sound = true;
    memset(args, 0, ACTION_PARAMS * sizeof(*args));
    for (size_t i = 0; sound && type->params[i].kind != PARAM_END; i++)
        sound = take_param(&reader, &type->params[i], &args[i]);
    if (sound && reader.at == reader.text.len)
        return true;
    size_t at = skip_space(reader.text, reader.at);
    *misfit = bytes_slice(reader.text, at, word_end(reader.text, at));
    return false;
}
