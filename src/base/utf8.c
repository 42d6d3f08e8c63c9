/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/utf8.h"

size_t utf8_length(struct bytes text)
{
    const unsigned char *p = (const unsigned char *)text.ptr;
    size_t len = *p < 0x80 ? 1 : *p < 0xC2 ? 0 : *p < 0xE0 ? 2 : *p < 0xF0 ? 3 : *p < 0xF5 ? 4 : 0;
    if (len > text.len)
        return 0;
    for (size_t i = 1; i < len; i++)
        if (!utf8_goes_on(text.ptr[i]))
            return 0;
    if ((*p == 0xE0 && p[1] < 0xA0) || (*p == 0xED && p[1] > 0x9F) || (*p == 0xF0 && p[1] < 0x90) ||
        (*p == 0xF4 && p[1] > 0x8F))
        return 0;
    return len;
}

size_t utf8_count(struct bytes text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += !utf8_goes_on(text.ptr[i]);
    return count;
}

void utf8_add(struct buf *out, struct bytes text)
{
    while (text.len > 0) {
        size_t len = utf8_length(text);
        buf_add(out, len > 0 ? bytes_slice(text, 0, len) : B("\xEF\xBF\xBD"));
        text = bytes_from(text, len > 0 ? len : 1);
    }
}

struct bytes utf8_of_bytes(struct arena *arena, struct bytes text)
{
    char *utf8 = arena_alloc(arena, 2 * text.len);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c >= 0x80)
            utf8[len++] = (char)(0xC0 | c >> 6);
        utf8[len++] = (char)(c >= 0x80 ? 0x80 | (c & 0x3F) : c);
    }
    return bytes_make(utf8, len);
}

bool utf8_to_bytes(struct arena *arena, struct bytes utf8, struct bytes *text)
{
    char *bytes = arena_alloc(arena, utf8.len);
    size_t len = 0, at = 0;
    for (; at < utf8.len; len++) {
        unsigned char c = (unsigned char)utf8.ptr[at];
        size_t length = utf8_length(bytes_from(utf8, at));
        if (length == 0 || length > 2 || c > 0xC3)
            break;
        bytes[len] = (char)(length == 1 ? c : (c & 3) << 6 | (utf8.ptr[at + 1] & 0x3F));
        at += length;
    }
    *text = at < utf8.len ? arena_bytes(arena, utf8) : bytes_make(bytes, len);
    return at == utf8.len;
}
