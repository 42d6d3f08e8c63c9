/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The syntax of variables in rule texts, and substitution as one pass from left to right.
 *
 * A reference is read by a cursor that notes when it reaches the end of the text: then text that
 * follows could still change the reference.  Templates need to know this in order to decide whether
 * joining is safe.
 */
#include "lang/substitute.h"

struct cursor {
    struct bytes text;
    size_t at;
    bool ran_out;
};

static bool take_char(struct cursor *cursor, char c)
{
    if (cursor->at == cursor->text.len) {
        cursor->ran_out = true;
        return false;
    }
    if (cursor->text.ptr[cursor->at] != c)
        return false;
    cursor->at++;
    return true;
}

static struct bytes take_while(struct cursor *cursor, bool (*belongs)(char c))
{
    size_t start = cursor->at;
    while (cursor->at < cursor->text.len && belongs(cursor->text.ptr[cursor->at]))
        cursor->at++;
    if (cursor->at == cursor->text.len)
        cursor->ran_out = true;
    return bytes_slice(cursor->text, start, cursor->at);
}

/* A word whose first character is of one kind and the others of another; empty: none. */
static struct bytes take_word(struct cursor *cursor, bool (*first)(char c), bool (*more)(char c))
{
    size_t start = cursor->at;
    if (start < cursor->text.len && !first(cursor->text.ptr[start]))
        return bytes_slice(cursor->text, start, start);
    take_while(cursor, more);
    return bytes_slice(cursor->text, start, cursor->at);
}

static bool starts_name(char c)
{
    return is_alpha(c) || c == '_';
}

static bool continues_name(char c)
{
    return is_word(c) || c == '!';
}

/* The name or number at the end of $+{...} and $:{...:...}, with the closing brace. */
static bool take_name(struct cursor *cursor, struct variable_ref *ref)
{
    ref->name = take_while(cursor, is_digit);
    if (ref->name.len == 0)
        ref->name = take_word(cursor, starts_name, continues_name);
    return ref->name.len > 0 && take_char(cursor, '}');
}

static bool take_braced_number(struct cursor *cursor, struct variable_ref *ref)
{
    ref->name = take_while(cursor, is_digit);
    return ref->name.len > 0 && take_char(cursor, '}');
}

static bool take_cache_name(struct cursor *cursor, struct variable_ref *ref)
{
    if (!take_char(cursor, '{'))
        return false;
    ref->entry = take_word(cursor, is_alpha, is_word);
    return ref->entry.len > 0 && take_char(cursor, ':') && take_name(cursor, ref);
}

/* What follows the token of a match variable. */
static bool take_match(struct cursor *cursor, char token, struct variable_ref *ref)
{
    if (take_char(cursor, token)) {
        ref->kind = REF_DOUBLED;
        return true;
    }
    ref->kind = REF_NUMBER;
    ref->name = take_while(cursor, is_digit);
    if (ref->name.len > 0)
        return true;
    if (take_char(cursor, '{'))
        return take_braced_number(cursor, ref);
    if (take_char(cursor, '+')) {
        ref->kind = REF_NAME;
        return take_char(cursor, '{') && take_name(cursor, ref);
    }
    ref->kind = REF_CACHE;
    return take_char(cursor, ':') && take_cache_name(cursor, ref);
}

static struct bytes take_variable_name(struct cursor *cursor)
{
    size_t start = cursor->at;
    take_char(cursor, '.');
    if (take_word(cursor, is_alpha, is_word).len == 0)
        return bytes_slice(cursor->text, start, start);
    return bytes_slice(cursor->text, start, cursor->at);
}

/* What follows the % of an action list variable. */
static bool take_variable(struct cursor *cursor, char token, struct variable_ref *ref)
{
    ref->kind = REF_DOUBLED;
    if (take_char(cursor, token))
        return true;
    ref->kind = REF_VARIABLE;
    bool braced = take_char(cursor, '{');
    ref->name = take_variable_name(cursor);
    return ref->name.len > 0 && (!braced || take_char(cursor, '}'));
}

typedef bool take_reference(struct cursor *cursor, char token, struct variable_ref *ref);

static bool next_reference(struct bytes text, char token, size_t from, take_reference *reference,
                           struct variable_ref *ref)
{
    ref->open = false;
    ptrdiff_t at = bytes_chr(text, token, from);
    for (; at >= 0; at = bytes_chr(text, token, (size_t)at + 1)) {
        struct cursor cursor = {.text = text, .at = (size_t)at + 1};
        bool found = reference(&cursor, token, ref);
        ref->open = cursor.ran_out;
        if (found) {
            ref->start = (size_t)at;
            ref->end = cursor.at;
            return true;
        }
    }
    return false;
}

bool substitute_next_match(struct bytes text, char token, size_t from, struct variable_ref *ref)
{
    return next_reference(text, token, from, take_match, ref);
}

bool substitute_next_variable(struct bytes text, size_t from, struct variable_ref *ref)
{
    return next_reference(text, '%', from, take_variable, ref);
}

static void substitute(struct bytes text, char token, take_reference *reference,
                       substitute_value *value, void *arg, struct buf *out)
{
    struct variable_ref ref;
    size_t from = 0;
    for (; next_reference(text, token, from, reference, &ref); from = ref.end) {
        buf_add(out, bytes_slice(text, from, ref.start));
        if (ref.kind == REF_DOUBLED)
            buf_char(out, token);
        else
            value(arg, &ref, out);
    }
    buf_add(out, bytes_from(text, from));
}

void substitute_match(struct bytes text, char token, substitute_value *value, void *arg,
                      struct buf *out)
{
    substitute(text, token, take_match, value, arg, out);
}

void substitute_variables(struct bytes text, substitute_value *value, void *arg, struct buf *out)
{
    substitute(text, '%', take_variable, value, arg, out);
}

void substitute_mask(struct bytes value, char c, struct buf *out)
{
    size_t from = 0;
    ptrdiff_t at;
    while ((at = bytes_chr(value, c, from)) >= 0) {
        buf_add(out, bytes_slice(value, from, (size_t)at + 1));
        buf_char(out, c);
        from = (size_t)at + 1;
    }
    buf_add(out, bytes_from(value, from));
}
