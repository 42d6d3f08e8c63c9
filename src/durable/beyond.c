/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Of the texts only their lines are known: where each is, and a hash of it.  What comes in order is
 * found where the one before ended; what does not, by the hash of its first line.  The bytes are
 * read, a part at a time, whenever they are compared: others may have written much to the file. */
#include "durable/beyond.h"

#include <errno.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/mem.h"

enum { NONE = UINT32_MAX };

enum { PART = 1 << 20 }; /* bytes of the file that are in memory at a time */

/* A line, or what a range has of one. */
struct piece {
    uint64_t offset; /* in the file */
    size_t len;
    size_t used; /* so much of its beginning stands for something */
    uint64_t hash;
    uint32_t next; /* with the same hash, further on; NONE: there is none */
};

struct beyond {
    int fd; /* owned; below 0: the part holds all */
    struct buf part;
    uint64_t part_from;   /* its offset in the file */
    int error;            /* errno, if it could not be read */
    struct piece *pieces; /* owned */
    size_t count, room;
    bool torn;       /* the last one has no newline */
    size_t at;       /* the piece after, or in, the text that was found last */
    uint32_t *heads; /* owned; by hash, the first piece; NULL until it is needed */
    size_t mask;
};

/* --- reading -------------------------------------------------------------------------------- */

static void read_part(struct beyond *beyond, uint64_t offset)
{
    struct buf *part = &beyond->part;
    buf_clear(part);
    beyond->part_from = offset;
    while (beyond->fd >= 0 && part->len < PART) {
        size_t room = PART - part->len;
        ssize_t got =
            pread(beyond->fd, buf_room(part, room), room, (off_t)(offset + (uint64_t)part->len));
        if (got == 0)
            return;
        if (got > 0)
            part->len += (size_t)got;
        else if (errno != EINTR) {
            beyond->error = errno;
            return;
        }
    }
}

/* Bytes of the file from there on, at most so many, which last until the next call; empty: there
 * are none, or they cannot be read. */
static struct bytes text_at(struct beyond *beyond, uint64_t offset, uint64_t most)
{
    if (offset < beyond->part_from || offset - beyond->part_from >= beyond->part.len)
        read_part(beyond, offset);
    struct bytes bytes = bytes_from(buf_bytes(&beyond->part), (size_t)(offset - beyond->part_from));
    bytes.len = bytes.len < most ? bytes.len : (size_t)most;
    return bytes;
}

/* The next one begins where it ends. */
static void add_piece(struct beyond *beyond, struct piece *piece, XXH3_state_t *hash)
{
    piece->hash = XXH3_64bits_digest(hash);
    XXH3_64bits_reset(hash);
    MEM_GROW(beyond->pieces, beyond->count, beyond->room, 64);
    beyond->pieces[beyond->count++] = *piece;
    *piece = (struct piece){.offset = piece->offset + piece->len, .next = NONE};
}

static void read_range(struct beyond *beyond, struct durable_range range)
{
    XXH3_state_t *hash = XXH3_createState();
    struct piece piece = {.offset = range.from, .next = NONE};
    struct bytes bytes = {0};
    XXH3_64bits_reset(hash);
    for (uint64_t at = range.from; at < range.to; at += bytes.len) {
        bytes = text_at(beyond, at, range.to - at);
        if (bytes.len == 0)
            break;
        ptrdiff_t newline = bytes_chr(bytes, '\n', 0);
        if (newline >= 0)
            bytes.len = (size_t)newline + 1;
        XXH3_64bits_update(hash, bytes.ptr, bytes.len);
        piece.len += bytes.len;
        beyond->torn = newline < 0;
        if (newline >= 0)
            add_piece(beyond, &piece, hash);
    }
    if (piece.len > 0)
        add_piece(beyond, &piece, hash);
    XXH3_freeState(hash);
}

/* Does the part that was read hold all pieces? */
static bool holds_all(const struct beyond *beyond)
{
    if (beyond->count == 0)
        return true;
    const struct piece *first = beyond->pieces, *last = first + beyond->count - 1;
    return beyond->part_from <= first->offset &&
           last->offset + last->len <= beyond->part_from + beyond->part.len;
}

static void close_file(struct beyond *beyond)
{
    if (beyond->fd >= 0)
        close(beyond->fd);
    beyond->fd = -1;
}

struct beyond *beyond_read(int fd, const struct durable_range *ranges, size_t count)
{
    struct beyond *beyond = mem_zalloc(sizeof(*beyond));
    uint64_t done = 0; /* nothing is read twice */
    beyond->fd = fd;
    for (size_t i = 0; i < count && !beyond->error; i++) {
        struct durable_range range = ranges[i];
        if (range.from < done)
            range.from = done;
        read_range(beyond, range);
        done = range.from < range.to ? range.to : done;
    }
    if (beyond->error) {
        int error = beyond->error;
        beyond_free(beyond);
        errno = error;
        return NULL;
    }
    if (holds_all(beyond))
        close_file(beyond);
    return beyond;
}

void beyond_free(struct beyond *beyond)
{
    if (!beyond)
        return;
    close_file(beyond);
    buf_free(&beyond->part);
    free(beyond->pieces);
    free(beyond->heads);
    free(beyond);
}

/* --- comparing ------------------------------------------------------------------------------ */

static size_t unused(const struct beyond *beyond, size_t index)
{
    return beyond->pieces[index].len - beyond->pieces[index].used;
}

/* Does the unused part of the piece begin with the text, which is no longer? */
static bool begins(struct beyond *beyond, size_t index, struct bytes text)
{
    uint64_t offset = beyond->pieces[index].offset + beyond->pieces[index].used;
    for (struct bytes there; text.len > 0; text = bytes_from(text, there.len)) {
        there = text_at(beyond, offset, text.len);
        if (there.len == 0 || memcmp(there.ptr, text.ptr, there.len) != 0)
            return false;
        offset += there.len;
    }
    return true;
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
static size_t matches(struct beyond *beyond, size_t index, struct bytes text)
{
    size_t done = 0;
    for (;; index++) {
        size_t left = text.len - done, part = unused(beyond, index);
        size_t len = part < left ? part : left;
        if (!begins(beyond, index, bytes_slice(text, done, done + len)))
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
        size_t part = unused(beyond, beyond->at) < left ? unused(beyond, beyond->at) : left;
        piece->used += part;
        left -= part;
    }
    return len;
}

/* --- finding -------------------------------------------------------------------------------- */

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
        uint32_t *head = &beyond->heads[piece->hash & beyond->mask];
        piece->next = *head;
        *head = (uint32_t)i;
    }
}

/* The first unused place of a text whose first line is whole. */
static size_t find_line(struct beyond *beyond, struct bytes text, struct bytes line)
{
    if (!beyond->heads)
        make_index(beyond);
    uint64_t hash = XXH3_64bits(line.ptr, line.len);
    uint32_t *link = &beyond->heads[hash & beyond->mask];
    while (*link != NONE) {
        struct piece *piece = &beyond->pieces[*link];
        if (piece->used > 0) { /* nobody looks for its beginning any more */
            *link = piece->next;
            continue;
        }
        if (piece->hash == hash && matches(beyond, *link, text) == text.len)
            return use(beyond, *link, text.len);
        link = &piece->next;
    }
    return 0;
}

static size_t find_anywhere(struct beyond *beyond, struct bytes text)
{
    for (size_t i = 0; i < beyond->count; i++)
        if (unused(beyond, i) > 0 && matches(beyond, i, text) == text.len)
            return use(beyond, i, text.len);
    return 0;
}

/* The longest beginning of the text with which all ends. */
static size_t find_torn(struct beyond *beyond, struct bytes text)
{
    size_t first = beyond->count, len = 0;
    while (first > 0 && (first == beyond->count || goes_on(beyond, first - 1))) {
        size_t part = unused(beyond, first - 1);
        if (part == 0 || len + part >= text.len)
            break;
        len += part;
        first--;
    }
    for (; first < beyond->count; len -= unused(beyond, first++))
        if (matches(beyond, first, text) == len)
            return use(beyond, first, len);
    return 0;
}

size_t beyond_use(struct beyond *beyond, struct bytes text, bool torn)
{
    assert(text.len > 0);
    while (beyond->at < beyond->count && unused(beyond, beyond->at) == 0)
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
    return beyond->torn && beyond->count > 0 && unused(beyond, beyond->count - 1) > 0;
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

struct bytes beyond_left_line(struct beyond *beyond)
{
    for (size_t i = 0; i < beyond->count; i++) {
        const struct piece *piece = &beyond->pieces[i];
        if (unused(beyond, i) > 0)
            return text_at(beyond, piece->offset + piece->used, unused(beyond, i));
    }
    return B("");
}
