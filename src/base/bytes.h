/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Byte strings: a pointer and a length, never NUL-terminated by contract.
 *
 * Lines, rule texts and Perl strings hold any byte, NUL included, so nothing in the engine relies
 * on a terminator.  A struct bytes does not own what it points to; who does is said where one is
 * stored.  A struct buf owns a growing buffer.
 */
#ifndef SECANT_BASE_BYTES_H
#define SECANT_BASE_BYTES_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/huge_pages.h"

struct bytes {
    const char *ptr;
    size_t len;
};

/* A string literal as bytes. */
#define B(literal) ((struct bytes){"" literal, sizeof(literal) - 1})

/* The decimal text of an integer, in storage that lives to the end of the enclosing block. */
#define NUM(n) bytes_num((char[24]){0}, (int64_t)(n))
/* What the noun after a number ends with: NUM(count), B(" line"), PLURAL(count). */
#define PLURAL(n) ((n) == 1 ? B("") : B("s"))

static inline struct bytes bytes_make(const char *ptr, size_t len)
{
    return (struct bytes){ptr, len};
}

static inline struct bytes bytes_of(const char *cstr)
{
    return (struct bytes){cstr, strlen(cstr)};
}

static inline bool bytes_eq(struct bytes a, struct bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* C17 allows nothing to be added to NULL, not even 0.  Compilers turn this into a plain
 * addition. */
static inline const char *bytes_at(struct bytes b, size_t offset)
{
    return offset ? b.ptr + offset : b.ptr;
}

/* b from offset `from` to its end; offset `from` must not be past the end. */
static inline struct bytes bytes_from(struct bytes b, size_t from)
{
    assert(from <= b.len);
    return (struct bytes){bytes_at(b, from), b.len - from};
}

/* From offset `from` to before offset `to`, both within b. */
static inline struct bytes bytes_slice(struct bytes b, size_t from, size_t to)
{
    assert(from <= to && to <= b.len);
    return (struct bytes){bytes_at(b, from), to - from};
}

/* White space as Perl's \s sees it in a byte string: blank, \t \n \v \f \r. */
static inline bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}
static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static inline bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
/* For ASCII letters only, whatever the locale. */
static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}
static inline char ascii_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}
/* Perl's \w in a byte string. */
static inline bool is_word(char c)
{
    return is_alpha(c) || is_digit(c) || c == '_';
}

struct bytes bytes_num(char out[24], int64_t n);

/* memcmp order, a prefix first: Perl's cmp on byte strings. */
int bytes_cmp(struct bytes a, struct bytes b);
/* Are they equal when the case of ASCII letters is ignored? */
bool bytes_ieq(struct bytes a, struct bytes b);
bool bytes_starts(struct bytes b, struct bytes prefix);
bool bytes_ends(struct bytes b, struct bytes suffix);
/* Offset of the first / last occurrence at or after `from`, or -1. */
ptrdiff_t bytes_find(struct bytes hay, struct bytes needle, size_t from);
ptrdiff_t bytes_rfind(struct bytes hay, struct bytes needle);
ptrdiff_t bytes_chr(struct bytes b, char c, size_t from);
/* Without white space at both ends. */
struct bytes bytes_trim(struct bytes b);
/* Perl's split(' ', ...): takes the next word off *rest; returns false when none is left. */
bool bytes_word(struct bytes *rest, struct bytes *word);
/* Takes the text before the next `end`, or all of it if there is none, off *rest, and the `end` as
 * well: for the lines of a text, the last of which may lack its newline.  Returns false when
 * nothing is left. */
bool bytes_piece(struct bytes *rest, char end, struct bytes *piece);
/* Parses "0*([0-9]+)", with optional white space around it if `spaced`.  The value saturates at
 * INT64_MAX / 4.  Returns false if b has another form. */
bool bytes_uint(struct bytes b, bool spaced, int64_t *value);
static inline bool bytes_are_ascii(struct bytes b)
{
    for (size_t i = 0; i < b.len; i++) {
        if ((unsigned char)b.ptr[i] > 0x7f)
            return false;
    }
    return true;
}
/* Is the string true for Perl: neither empty nor "0"? */
static inline bool bytes_true(struct bytes b)
{
    return b.len > 1 || (b.len == 1 && *b.ptr != '0');
}

struct buf {
    char *ptr; /* owned; NULL while cap is 0 */
    size_t len, cap;
};

/* Makes room for `more` bytes after the text and returns where they go (len is not changed). */
char *buf_room(struct buf *buf, size_t more);
void buf_add(struct buf *buf, struct bytes text);
void buf_char(struct buf *buf, char c);
void buf_num(struct buf *buf, int64_t n);
void buf_grouped(struct buf *buf, uint64_t n); /* as "12,345" */
/* printf into the buffer; for texts without NUL bytes (dump layouts, numbers). */
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_free(struct buf *buf);       /* frees and zeroes */
void buf_free_large(struct buf *buf); /* the same, for room above LARGE_PIECE */
/* Empties the buffer; its room is kept for the next text unless it is very large. */
static inline void buf_clear(struct buf *buf)
{
    buf->len = 0;
    if (buf->cap > LARGE_PIECE)
        buf_free_large(buf);
}
/* The text, valid until the buffer next changes. */
static inline struct bytes buf_bytes(const struct buf *buf)
{
    return (struct bytes){buf->ptr ? buf->ptr : "", buf->len};
}
/* Joins several texts into the buffer: buf_cat(&buf, B("a "), name, B(" z")). */
#define buf_cat(buf, ...)                                                                          \
    buf_cat_parts(buf, (const struct bytes[]){__VA_ARGS__},                                        \
                  sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes))
void buf_cat_parts(struct buf *buf, const struct bytes *parts, size_t count);

#endif
