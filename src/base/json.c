/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json.h"

static size_t skip_space(struct bytes text, size_t at)
{
    while (at < text.len && is_space(text.ptr[at]))
        at++;
    return at;
}

/* From the quote at `at` to after the one that ends it. */
static size_t skip_string(struct bytes text, size_t at)
{
    for (at++; at < text.len && text.ptr[at] != '"'; at++) {
        if (text.ptr[at] == '\\')
            at++;
    }
    return at < text.len ? at + 1 : text.len;
}

/* To the comma or brace that ends the value at `at`. */
static size_t skip_value(struct bytes text, size_t at)
{
    size_t depth = 0;
    while (at < text.len) {
        char c = text.ptr[at];
        if (c == '"') {
            at = skip_string(text, at);
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}' || c == ']'))
            return at;
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        at++;
    }
    return at;
}

size_t object_open(struct bytes text)
{
    size_t at = skip_space(text, 0);
    return at < text.len && text.ptr[at] == '{' ? at + 1 : 0;
}

bool object_next(struct bytes text, size_t *at, struct object_member *member)
{
    size_t from = skip_space(text, *at);
    if (from < text.len && text.ptr[from] == ',')
        from = skip_space(text, from + 1);
    *at = from;
    if (from >= text.len || text.ptr[from] != '"')
        return false;
    size_t end = skip_string(text, from);
    member->key = value_inner(bytes_slice(text, from, end));
    from = skip_space(text, end);
    if (from >= text.len || text.ptr[from] != ':')
        return false;
    from = skip_space(text, from + 1);
    end = skip_value(text, from);
    member->value = bytes_slice(text, from, end);
    while (member->value.len > 0 && is_space(member->value.ptr[member->value.len - 1]))
        member->value.len--;
    if (member->value.len == 0)
        return false;
    *at = end;
    return true;
}

bool object_closed(struct bytes text, size_t at)
{
    return at < text.len && text.ptr[at] == '}' && skip_space(text, at + 1) == text.len;
}

struct bytes value_inner(struct bytes value)
{
    if (!value_is_string(value))
        return value;
    bool closed = value.len > 1 && value.ptr[value.len - 1] == '"';
    return bytes_slice(value, 1, closed ? value.len - 1 : value.len);
}

/* Four hexadecimal digits; -1: there are none. */
static int32_t read_unit(struct bytes text, size_t at)
{
    int32_t unit = 0;
    if (text.len < at + 4)
        return -1;
    for (size_t i = at; i < at + 4; i++) {
        char c = ascii_lower(text.ptr[i]);
        if (!is_digit(c) && (c < 'a' || c > 'f'))
            return -1;
        unit = unit * 16 + (is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return unit;
}

static void add_character(struct buf *out, uint32_t c)
{
    static const uint32_t limits[] = {0x80, 0x800, 0x10000, 0x110000};
    static const unsigned char leads[] = {0, 0xc0, 0xe0, 0xf0};
    unsigned more = 0;
    while (c >= limits[more])
        more++;
    buf_char(out, (char)(leads[more] | c >> 6 * more));
    while (more-- > 0)
        buf_char(out, (char)(0x80 | (c >> 6 * more & 0x3f)));
}

/* "u00e9" and what belongs to it; how much that is, 0: it is no such escape. */
static size_t add_unicode(struct buf *out, struct bytes text, size_t at)
{
    int32_t high = read_unit(text, at + 1), low = -1;
    if (high < 0)
        return 0;
    if (high < 0xd800 || high > 0xdfff) {
        add_character(out, (uint32_t)high);
        return 5;
    }
    if (high < 0xdc00 && text.len > at + 6 && text.ptr[at + 5] == '\\' && text.ptr[at + 6] == 'u')
        low = read_unit(text, at + 7);
    bool pair = low >= 0xdc00 && low <= 0xdfff;
    add_character(out, pair ? 0x10000 + ((uint32_t)(high - 0xd800) << 10) + (uint32_t)(low - 0xdc00)
                            : 0xfffd);
    return pair ? 11 : 5;
}

/* What is after the backslash; how much. */
static size_t add_escape(struct buf *out, struct bytes text, size_t at)
{
    static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    char c = text.ptr[at];
    const char *name = c ? strchr(names, c) : NULL;
    size_t len = c == 'u' ? add_unicode(out, text, at) : 0;
    if (len > 0)
        return len;
    if (!name)
        buf_char(out, '\\');
    buf_char(out, name ? bytes[name - names] : c);
    return 1;
}

void value_decode(struct buf *out, struct bytes value)
{
    struct bytes text = value_inner(value);
    size_t at = 0;
    if (!value_is_string(value)) {
        buf_add(out, value);
        return;
    }
    for (ptrdiff_t escape;
         (escape = bytes_chr(text, '\\', at)) >= 0 && (size_t)escape + 1 < text.len;) {
        buf_add(out, bytes_slice(text, at, (size_t)escape));
        at = (size_t)escape + 1;
        at += add_escape(out, text, at);
    }
    buf_add(out, bytes_from(text, at));
}
