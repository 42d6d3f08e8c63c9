/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The texts are kept in pieces, a line each.  What comes in order is found where the one before
 * ended; what does not, by a hash of its first line. */
#include "durable/beyond.h"

#include <errno.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/mem.h"

enum { NONE = UINT32_MAX };

/* A line, or what a range has of one. */
struct piece {
    size_t at, len;  /* in the text */
    size_t used;     /* so much of its beginning stands for something */
    uint64_t offset; /* in the file */
    uint32_t next;   /* with the same hash, further on; NONE: there is none */
};

struct beyond {
    struct buf text;
    struct piece *pieces; /* owned */
    size_t count, room;
    size_t at;       /* the piece after, or in, the text that was found last */
    uint32_t *heads; /* owned; by hash, the first piece; NULL until it is needed */
    size_t mask;
};

/* --- reading -------------------------------------------------------------------------------- */

static bool read_range(struct beyond *beyond, int fd, struct durable_range range)
{
    while (range.from < range.to) {
        size_t size = range.to - range.from < 1 << 20 ? (size_t)(range.to - range.from) : 1 << 20;
        ssize_t got = pread(fd, buf_room(&beyond->text, size), size, (off_t)range.from);
        if (got == 0)
            return true;
        if (got < 0 && errno != EINTR)
            return false;
        if (got > 0) {
            beyond->text.len += (size_t)got;
            range.from += (uint64_t)got;
        }
    }
    return true;
}

/* The text from there on, which is at this offset of the file, becomes pieces. */
static void cut(struct beyond *beyond, size_t at, uint64_t offset)
{
    struct bytes rest = bytes_from(buf_bytes(&beyond->text), at);
    for (size_t len; rest.len > 0; rest = bytes_from(rest, len), at += len, offset += len) {
        ptrdiff_t newline = bytes_chr(rest, '\n', 0);
        len = newline < 0 ? rest.len : (size_t)newline + 1;
        MEM_GROW(beyond->pieces, beyond->count, beyond->room, 64);
        beyond->pieces[beyond->count++] = (struct piece){at, len, 0, offset, NONE};
    }
}

struct beyond *beyond_read(int fd, const struct durable_range *ranges, size_t count)
{
    struct beyond *beyond = mem_zalloc(sizeof(*beyond));
    uint64_t done = 0; /* nothing is read twice */
    for (size_t i = 0; i < count; i++) {
        size_t at = beyond->text.len;
        struct durable_range range = ranges[i];
        if (range.from < done)
            range.from = done;
        if (!read_range(beyond, fd, range)) {
            int error = errno;
            beyond_free(beyond);
            errno = error;
            return NULL;
        }
        cut(beyond, at, range.from);
        done = range.from < range.to ? range.to : done;
    }
    return beyond;
}

void beyond_free(struct beyond *beyond)
{
    if (!beyond)
        return;
    buf_free(&beyond->text);
    free(beyond->pieces);
    free(beyond->heads);
    free(beyond);
}

/* --- comparing ------------------------------------------------------------------------------ */

static struct bytes unused_part(const struct beyond *beyond, size_t index)
{
    const struct piece *piece = &beyond->pieces[index];
    return bytes_slice(buf_bytes(&beyond->text), piece->at + piece->used, piece->at + piece->len);
}

/* Does the file go on with the next piece, and is nothing of that used? */
static bool goes_on(const struct beyond *beyond, size_t index)
{
    const struct piece *piece = &beyond->pieces[index], *next = piece + 1;
    return index + 1 < beyond->count && piece->offset + piece->len == next->offset &&
           next->used == 0;
}

/* How much of the text stands there from the piece on, which is not used up: all of it; or what the
 * end of everything leaves of it; or 0. */
static size_t matches(const struct beyond *beyond, size_t index, struct bytes text)
{
    size_t done = 0;
    for (;; index++) {
        struct bytes part = unused_part(beyond, index), rest = bytes_from(text, done);
        size_t len = part.len < rest.len ? part.len : rest.len;
        if (memcmp(part.ptr, rest.ptr, len) != 0)
            return 0;
        done += len;
        if (done == text.len || index + 1 == beyond->count)
            return done;
        if (!goes_on(beyond, index))
            return 0;
    }
}

static size_t use(struct beyond *beyond, size_t index, size_t len)
{
    beyond->at = index;
    for (size_t left = len; left > 0; beyond->at += left > 0) {
        struct piece *piece = &beyond->pieces[beyond->at];
        size_t part = piece->len - piece->used < left ? piece->len - piece->used : left;
        piece->used += part;
        left -= part;
    }
    return len;
}

/* --- finding -------------------------------------------------------------------------------- */

static uint64_t hash_line(struct bytes line)
{
    return XXH3_64bits(line.ptr, line.len);
}

static void make_index(struct beyond *beyond)
{
    size_t size = 64;
    while (size < beyond->count)
        size *= 2;
    beyond->mask = size - 1;
    beyond->heads = mem_array(NULL, size, sizeof(*beyond->heads));
    memset(beyond->heads, 0xff, size * sizeof(*beyond->heads));
    for (size_t i = beyond->count; i-- > 0;) {
        struct piece *piece = &beyond->pieces[i];
        struct bytes line =
            bytes_slice(buf_bytes(&beyond->text), piece->at, piece->at + piece->len);
        uint32_t *head = &beyond->heads[hash_line(line) & beyond->mask];
        piece->next = *head;
        *head = (uint32_t)i;
    }
}

/* The first unused place of a text whose first line is whole. */
static size_t find_line(struct beyond *beyond, struct bytes text, struct bytes line)
{
    if (!beyond->heads)
        make_index(beyond);
    uint32_t *link = &beyond->heads[hash_line(line) & beyond->mask];
    while (*link != NONE) {
        struct piece *piece = &beyond->pieces[*link];
        if (piece->used > 0) { /* nobody looks for its beginning any more */
            *link = piece->next;
            continue;
        }
        if (matches(beyond, *link, text) == text.len)
            return use(beyond, *link, text.len);
        link = &piece->next;
    }
    return 0;
}

static size_t find_anywhere(struct beyond *beyond, struct bytes text)
{
    for (size_t i = 0; i < beyond->count; i++)
        if (unused_part(beyond, i).len > 0 && matches(beyond, i, text) == text.len)
            return use(beyond, i, text.len);
    return 0;
}

/* The longest beginning of the text with which all ends. */
static size_t find_torn(struct beyond *beyond, struct bytes text)
{
    size_t first = beyond->count, len = 0;
    while (first > 0 && (first == beyond->count || goes_on(beyond, first - 1))) {
        size_t part = unused_part(beyond, first - 1).len;
        if (part == 0 || len + part >= text.len)
            break;
        len += part;
        first--;
    }
    for (; first < beyond->count; len -= unused_part(beyond, first++).len)
        if (matches(beyond, first, text) == len)
            return use(beyond, first, len);
    return 0;
}

size_t beyond_use(struct beyond *beyond, struct bytes text, bool torn)
{
    assert(text.len > 0);
    while (beyond->at < beyond->count && unused_part(beyond, beyond->at).len == 0)
        beyond->at++;
    if (beyond->at < beyond->count && matches(beyond, beyond->at, text) == text.len)
        return use(beyond, beyond->at, text.len);
    ptrdiff_t newline = bytes_chr(text, '\n', 0);
    size_t found = newline < 0 ? find_anywhere(beyond, text)
                               : find_line(beyond, text, bytes_slice(text, 0, (size_t)newline + 1));
    return found > 0 || !torn ? found : find_torn(beyond, text);
}

bool beyond_is_torn(const struct beyond *beyond)
{
    if (beyond->count == 0)
        return false;
    struct bytes last = unused_part(beyond, beyond->count - 1);
    return last.len > 0 && last.ptr[last.len - 1] != '\n';
}

/* --- what is left --------------------------------------------------------------------------- */

void beyond_left(const struct beyond *beyond, struct durable_range **ranges, size_t *count,
                 size_t *room)
{
    size_t first = *count;
    for (size_t i = 0; i < beyond->count; i++) {
        const struct piece *piece = &beyond->pieces[i];
        uint64_t from = piece->offset + piece->used, to = piece->offset + piece->len;
        if (from == to)
            continue;
        if (*count > first && (*ranges)[*count - 1].to == from) {
            (*ranges)[*count - 1].to = to;
            continue;
        }
        MEM_GROW(*ranges, *count, *room, 8);
        (*ranges)[(*count)++] = (struct durable_range){from, to};
    }
}

struct bytes beyond_left_line(const struct beyond *beyond)
{
    for (size_t i = 0; i < beyond->count; i++)
        if (unused_part(beyond, i).len > 0)
            return unused_part(beyond, i);
    return B("");
}
