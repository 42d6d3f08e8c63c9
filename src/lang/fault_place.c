/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For a regular expression, the message repeats it up to a mark; for code, the message has a name
 * or the text near the fault. */
#include "lang/fault_place.h"

#include "lang/parens.h"

/* What is between the two in the message; false: it does not have them. */
static bool between(struct bytes message, struct bytes before, struct bytes after,
                    struct bytes *found)
{
    ptrdiff_t start = bytes_find(message, before, 0);
    if (start < 0)
        return false;
    size_t from = (size_t)start + before.len;
    ptrdiff_t end = bytes_find(message, after, from);
    if (end < 0)
        return false;
    *found = bytes_slice(message, from, (size_t)end);
    return true;
}

/* Where what is wrong begins that ends at the mark; most messages are about one character. */
static size_t start_of_fault(struct bytes read, struct bytes message)
{
    static const struct {
        struct bytes message, opens;
    } kinds[] = {
        {B("POSIX "), B("[")},
        {B("Sequence "), B("(")},
        {B("Reference to nonexistent"), B("\\")},
        {B("Can't do {"), B("{")},
    };
    struct bytes quoted;
    if (between(message, B("\""), B("\" in regex"), &quoted) && bytes_ends(read, quoted))
        return read.len - quoted.len;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        ptrdiff_t at = bytes_rfind(read, kinds[i].opens);
        if (bytes_starts(message, kinds[i].message) && at >= 0)
            return (size_t)at;
    }
    return read.len - (read.len > 0);
}

struct bytes regex_fault(struct bytes regex, struct bytes message)
{
    struct bytes read;
    if (!between(message, B("<-- HERE in m/"), B(" <-- HERE "), &read) ||
        !bytes_starts(regex, read))
        return regex;
    return bytes_slice(regex, start_of_fault(read, message), read.len > 0 ? read.len : regex.len);
}

/* The only or first place of a name that is not a part of a longer one. */
static bool find_name(struct bytes code, struct bytes name, struct bytes *found)
{
    for (ptrdiff_t at = 0; name.len > 0 && (at = bytes_find(code, name, (size_t)at)) >= 0; at++) {
        size_t start = (size_t)at, end = start + name.len;
        bool begins = start == 0 || !is_word(*name.ptr) || !is_word(code.ptr[start - 1]);
        bool ends = end == code.len || !is_word(code.ptr[end - 1]) || !is_word(code.ptr[end]);
        if (!begins || !ends)
            continue;
        *found = bytes_slice(code, start, end);
        return true;
    }
    return false;
}

/* "%x" is "$x{...}" as well, "@x" "$x[...]". */
static bool find_variable(struct bytes code, struct bytes name, struct bytes *found)
{
    if (find_name(code, name, found))
        return true;
    struct buf element = {0};
    buf_cat(&element, B("$"), bytes_from(name, 1));
    bool known = name.len > 1 && find_name(code, buf_bytes(&element), found);
    buf_free(&element);
    return known;
}

/* "Foo/Bar.pm" is Foo::Bar in code. */
static bool find_module(struct bytes code, struct bytes path, struct bytes *found)
{
    struct buf name = {0};
    for (size_t i = 0; i < path.len; i++)
        buf_cat(&name, path.ptr[i] == '/' ? B("::") : bytes_slice(path, i, i + 1));
    bool known = find_name(code, buf_bytes(&name), found);
    buf_free(&name);
    return known;
}

/* Of a name with its packages, the last part. */
static bool find_function(struct bytes code, struct bytes name, struct bytes *found)
{
    ptrdiff_t colons = bytes_rfind(name, B("::"));
    return find_name(code, colons < 0 ? name : bytes_from(name, (size_t)colons + 2), found);
}

/* What was read before Perl noticed goes up to the line's end; its beginning is the place. */
static bool find_near(struct bytes code, struct bytes message, struct bytes *found)
{
    struct bytes near, rest, first, second;
    if (!between(message, B(", near \""), B("\"\n"), &near) &&
        !between(message, B(", near \""), B("\""), &near))
        return false;
    near = bytes_trim(near);
    ptrdiff_t at = near.len > 0 ? bytes_find(code, near, 0) : -1;
    if (at < 0 || bytes_find(code, near, (size_t)at + 1) >= 0)
        return false;
    *found = rest = bytes_slice(code, (size_t)at, (size_t)at + near.len);
    if (bytes_word(&rest, &first) && bytes_word(&rest, &second))
        found->len = (size_t)(second.ptr - found->ptr) + second.len;
    return true;
}

/* The bracket that is not closed or, closing, not open: with the mate "}" the last "{" that has no
 * such.  Texts in code are not told apart: what is in them can mislead, but only to another one. */
static bool find_bracket(struct bytes code, char bracket, char mate, struct bytes *found)
{
    bool opens = bracket < mate;
    ptrdiff_t depth = 0;
    for (size_t n = code.len, i = 0; i < n; i++) {
        size_t at = opens ? n - 1 - i : i;
        char c = code.ptr[at];
        depth += (c == mate) - (c == bracket);
        if (depth >= 0)
            continue;
        *found = bytes_slice(code, at, at + 1);
        return true;
    }
    return false;
}

/* A comment goes on to the end of the line, and code is one line. */
static bool find_comment(struct bytes code, struct bytes *found)
{
    for (size_t i = 1; i + 1 < code.len; i++) {
        *found = bytes_slice(code, i, i + 1);
        if (code.ptr[i] == '#' && is_space(code.ptr[i - 1]) && is_space(code.ptr[i + 1]))
            return true;
    }
    return false;
}

static bool find_terminator(struct bytes code, struct bytes terminator, struct bytes *found)
{
    ptrdiff_t at = bytes_rfind(code, terminator);
    if (at < 0 || terminator.len == 0)
        return false;
    *found = bytes_slice(code, (size_t)at, (size_t)at + terminator.len);
    return true;
}

/* The only "=" that assigns. */
static bool find_assignment(struct bytes code, struct bytes *found)
{
    size_t count = 0;
    for (size_t i = 1; i + 1 < code.len; i++) {
        if (code.ptr[i] != '=' || bytes_chr(B("=!<>"), code.ptr[i - 1], 0) >= 0 ||
            bytes_chr(B("=~>"), code.ptr[i + 1], 0) >= 0)
            continue;
        *found = bytes_slice(code, i, i + 1);
        count++;
    }
    return count == 1;
}

/* A character of UTF-8 is unknown by its first byte, whose column in the line is told. */
static bool find_character(struct bytes code, struct bytes message, struct bytes *found)
{
    struct bytes text;
    int64_t column;
    if (!between(message, B(" near column "), B(" at "), &text) ||
        !bytes_uint(text, false, &column) || column < 1 || (size_t)column > code.len)
        return false;
    size_t from = (size_t)column - 1, to = from + 1;
    while (to < code.len && ((unsigned char)code.ptr[to] & 0xc0) == 0x80)
        to++;
    *found = bytes_slice(code, from, to);
    return true;
}

struct bytes code_fault(struct bytes code, struct bytes message)
{
    struct bytes name, found;
    if (between(message, B("Global symbol \""), B("\""), &name) &&
        find_variable(code, name, &found))
        return found;
    if (between(message, B("Can't locate "), B(".pm in @INC"), &name) &&
        find_module(code, name, &found))
        return found;
    if (between(message, B("Undefined subroutine &"), B(" called"), &name) &&
        find_function(code, name, &found))
        return found;
    if (between(message, B("Bareword \""), B("\""), &name) && find_name(code, name, &found))
        return found;
    if (between(message, B("Can't find string terminator "), B(" anywhere"), &name) &&
        name.len > 2 && find_terminator(code, bytes_slice(name, 1, name.len - 1), &found))
        return found;
    if (bytes_starts(message, B("Search pattern not")) && find_terminator(code, B("/"), &found))
        return found;
    if (bytes_starts(message, B("Can't modify")) && find_assignment(code, &found))
        return found;
    if (bytes_starts(message, B("Missing right curly")) && find_bracket(code, '{', '}', &found))
        return found;
    if (bytes_starts(message, B("Unmatched right curly")) && find_bracket(code, '}', '{', &found))
        return found;
    if (bytes_starts(message, B("Unrecognized character")) && find_character(code, message, &found))
        return found;
    if (between(message, B("<-- HERE in m/"), B(" <-- HERE "), &name) &&
        find_name(code, name, &found))
        return bytes_from(found, start_of_fault(found, message));
    if (bytes_starts(message, B("syntax error")) && find_name(code, B("elseif"), &found))
        return found;
    if (find_near(code, message, &found))
        return found;
    if (bytes_starts(message, B("syntax error")) &&
        (find_bracket(code, '(', ')', &found) || find_bracket(code, ')', '(', &found)))
        return found;
    return find_comment(code, &found) ? found : code;
}

struct bytes masked_code_fault(struct bytes source, struct bytes code, struct bytes message)
{
    struct bytes fault = code_fault(code, message);
    size_t from = (size_t)(fault.ptr - code.ptr);
    if (fault.len == 0 || fault.len == code.len)
        return source;
    struct bytes place = parens_place(source, from, from + fault.len);
    bool same = place.len >= fault.len && *place.ptr == *fault.ptr &&
                place.ptr[place.len - 1] == fault.ptr[fault.len - 1];
    return same ? place : source; /* groups of an expression are not in its code */
}
