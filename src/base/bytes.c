/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Byte strings: searching, comparing, cutting and the growing buffer.
 *
 * Searches lean on the C library's memchr, memmem and memrchr, which are vectorised.
 */
#include "base/bytes.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/mem.h"

enum { SMALLEST_BUFFER = 64 };

struct bytes bytes_num(char out[24], int64_t n)
{
    size_t at = 24;
    uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    do {
        out[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (n < 0)
        out[--at] = '-';
    return bytes_make(out + at, 24 - at);
}

int bytes_cmp(struct bytes a, struct bytes b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common == 0 ? 0 : memcmp(a.ptr, b.ptr, common);
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

bool bytes_ieq(struct bytes a, struct bytes b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        if (ascii_lower(a.ptr[i]) != ascii_lower(b.ptr[i]))
            return false;
    }
    return true;
}

bool bytes_starts(struct bytes b, struct bytes prefix)
{
    return b.len >= prefix.len && bytes_eq(bytes_make(b.ptr, prefix.len), prefix);
}

bool bytes_ends(struct bytes b, struct bytes suffix)
{
    return b.len >= suffix.len && bytes_eq(bytes_from(b, b.len - suffix.len), suffix);
}

ptrdiff_t bytes_find(struct bytes hay, struct bytes needle, size_t from)
{
    if (from > hay.len || needle.len > hay.len - from)
        return -1;
    if (needle.len == 0)
        return (ptrdiff_t)from;
    const char *hit = memmem(hay.ptr + from, hay.len - from, needle.ptr, needle.len);
    return hit ? hit - hay.ptr : -1;
}

ptrdiff_t bytes_rfind(struct bytes hay, struct bytes needle)
{
    if (needle.len > hay.len)
        return -1;
    if (needle.len == 0)
        return (ptrdiff_t)hay.len;
    size_t starts = hay.len - needle.len + 1;
    while (starts > 0) {
        const char *hit = memrchr(hay.ptr, needle.ptr[0], starts);
        if (!hit)
            return -1;
        if (memcmp(hit, needle.ptr, needle.len) == 0)
            return hit - hay.ptr;
        starts = (size_t)(hit - hay.ptr);
    }
    return -1;
}

ptrdiff_t bytes_chr(struct bytes b, char c, size_t from)
{
    if (from >= b.len)
        return -1;
    const char *hit = memchr(b.ptr + from, c, b.len - from);
    return hit ? hit - b.ptr : -1;
}

struct bytes bytes_trim(struct bytes b)
{
    size_t from = 0, to = b.len;
    while (from < to && is_space(b.ptr[from]))
        from++;
    while (to > from && is_space(b.ptr[to - 1]))
        to--;
    return from == 0 ? bytes_make(b.ptr, to) : bytes_slice(b, from, to);
}

bool bytes_word(struct bytes *rest, struct bytes *word)
{
    size_t from = 0;
    while (from < rest->len && is_space(rest->ptr[from]))
        from++;
    if (from == rest->len)
        return false;
    size_t to = from;
    while (to < rest->len && !is_space(rest->ptr[to]))
        to++;
    *word = bytes_slice(*rest, from, to);
    *rest = bytes_from(*rest, to);
    return true;
}

bool bytes_piece(struct bytes *rest, char end, struct bytes *piece)
{
    if (rest->len == 0)
        return false;
    ptrdiff_t at = bytes_chr(*rest, end, 0);
    *piece = bytes_slice(*rest, 0, at < 0 ? rest->len : (size_t)at);
    *rest = bytes_from(*rest, at < 0 ? rest->len : (size_t)at + 1);
    return true;
}

bool bytes_uint(struct bytes b, bool spaced, int64_t *value)
{
    const int64_t limit = INT64_MAX / 4;
    if (spaced)
        b = bytes_trim(b);
    if (b.len == 0)
        return false;
    int64_t sum = 0;
    for (size_t i = 0; i < b.len; i++) {
        if (!is_digit(b.ptr[i]))
            return false;
        sum = sum > limit / 10 ? limit : sum * 10 + (b.ptr[i] - '0');
    }
    *value = sum < limit ? sum : limit;
    return true;
}

char *buf_room(struct buf *buf, size_t more)
{
    if (more > buf->cap - buf->len) {
        size_t cap = buf->cap < SMALLEST_BUFFER ? SMALLEST_BUFFER : buf->cap * 2;
        if (cap < buf->len + more)
            cap = buf->len + more;
        buf->ptr = mem_realloc(buf->ptr, cap);
        buf->cap = cap;
    }
    return buf->ptr ? buf->ptr + buf->len : NULL;
}

void buf_add(struct buf *buf, struct bytes text)
{
    if (text.len == 0)
        return;
    memcpy(buf_room(buf, text.len), text.ptr, text.len);
    buf->len += text.len;
}

void buf_char(struct buf *buf, char c)
{
    *buf_room(buf, 1) = c;
    buf->len++;
}

void buf_num(struct buf *buf, int64_t n)
{
    buf_add(buf, NUM(n));
}

void buf_grouped(struct buf *buf, uint64_t n)
{
    struct bytes text = NUM(n);
    for (size_t i = 0; i < text.len; i++) {
        if (i > 0 && (text.len - i) % 3 == 0)
            buf_char(buf, ',');
        buf_char(buf, text.ptr[i]);
    }
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len <= 0)
        return;
    /* vsnprintf wants room for its NUL, which is not part of the text. */
    char *at = buf_room(buf, (size_t)len + 1);
    va_start(args, format);
    vsnprintf(at, (size_t)len + 1, format, args);
    va_end(args);
    buf->len += (size_t)len;
}

void buf_free(struct buf *buf)
{
    free(buf->ptr);
    *buf = (struct buf){0};
}

void buf_free_large(struct buf *buf)
{
    free_large(buf->ptr);
    *buf = (struct buf){0};
}

void buf_cat_parts(struct buf *buf, const struct bytes *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_add(buf, parts[i]);
}
