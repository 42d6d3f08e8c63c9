/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Perl code in a rule that uses a variable of SEC's package main that does not exist here, or
 * writes one that is read-only: reported when the rule is loaded, once for each variable.
 *
 * Code is searched as text, because most of it is compiled only at run time.
 */
#include "lang/hidden_names.h"

/* A name after "main::" or "::", with what is around it. */
struct use {
    struct bytes name;
    char sigil; /* 0: none right in front */
    struct bytes behind;
};

static char char_at(struct bytes text, size_t at)
{
    return at < text.len ? text.ptr[at] : '\0';
}

static struct bytes skip_space(struct bytes text)
{
    while (text.len > 0 && is_space(*text.ptr))
        text = bytes_from(text, 1);
    return text;
}

/* The next use at or after *at. */
static bool next_use(struct bytes text, size_t *at, struct use *use)
{
    for (ptrdiff_t colons; (colons = bytes_find(text, B("::"), *at)) >= 0;) {
        size_t start = (size_t)colons, end = start + 2;
        while (end < text.len && is_word(text.ptr[end]))
            end++;
        *at = end;
        if (start >= 4 && bytes_eq(bytes_slice(text, start - 4, start), B("main")))
            start -= 4;
        char before = start > 0 ? text.ptr[start - 1] : '\0';
        if (is_word(before) || before == ':' || char_at(text, end) == ':')
            continue; /* a part of a longer name */
        use->name = bytes_slice(text, (size_t)colons + 2, end);
        use->sigil = before;
        use->behind = bytes_from(text, end);
        return true;
    }
    return false;
}

/* Does the use mean the variable, "%name" or "@name" or "$name"? */
static bool means(const struct use *use, const char *variable)
{
    if (!bytes_eq(use->name, bytes_of(variable + 1)))
        return false;
    char next = char_at(use->behind, 0);
    if (*variable == '%')
        return use->sigil == '%' || (next == '{' && (use->sigil == '$' || use->sigil == '@'));
    if (*variable == '@')
        return (use->sigil == '@' && next != '{') || (use->sigil == '$' && next == '[');
    return use->sigil == '$' && next != '{' && next != '[';
}

static bool is_assignment(struct bytes text)
{
    text = skip_space(text);
    char next = char_at(text, 1);
    return char_at(text, 0) == '=' && next != '=' && next != '~' && next != '>';
}

/* Behind the bracket that closes the one at the beginning. */
static struct bytes behind_subscript(struct bytes text)
{
    size_t depth = 0, at = 0;
    for (; at < text.len; at++) {
        if (text.ptr[at] == '{')
            depth++;
        if (text.ptr[at] == '}' && --depth == 0)
            break;
    }
    return bytes_from(text, at < text.len ? at + 1 : text.len);
}

/* Is an entry or the whole hash assigned?  To assign the empty list is to delete. */
static bool is_written(const struct use *use)
{
    if (use->sigil == '$' && char_at(use->behind, 0) == '{')
        return is_assignment(behind_subscript(use->behind));
    if (use->sigil != '%' || !is_assignment(use->behind))
        return false;
    struct bytes value = skip_space(bytes_from(skip_space(use->behind), 1));
    return char_at(value, 0) != '(' || char_at(skip_space(bytes_from(value, 1)), 0) != ')';
}

static void check_use(const struct diag *diag, const struct hidden_names *hidden,
                      const struct use *use, uint64_t *told)
{
    for (unsigned i = 0; hidden->absent[i]; i++) {
        if ((*told >> i & 1) || !means(use, hidden->absent[i]))
            continue;
        *told |= (uint64_t)1 << i;
        diag_rule(diag, DIAG_HIDDEN_VARIABLE, use->name, B("Perl code uses "),
                  bytes_slice(bytes_of(hidden->absent[i]), 0, 1), B("main::"), use->name,
                  B(", which is always empty here"));
    }
    if ((*told >> 63) || !means(use, hidden->read_only) || !is_written(use))
        return;
    *told |= (uint64_t)1 << 63;
    diag_rule(diag, DIAG_HIDDEN_VARIABLE, use->name, B("Perl code writes entries of %main::"),
              use->name, B(", which starts nothing here"));
}

void hidden_names_check(const struct diag *diag, const struct hidden_names *hidden,
                        const struct rule_text *text)
{
    uint64_t told = 0;
    for (const struct keyword *keyword = text->first; keyword; keyword = keyword->next) {
        struct use use;
        for (size_t at = 0; next_use(keyword->value, &at, &use);)
            check_use(diag, hidden, &use, &told);
    }
}
