/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "io/place.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

struct file_mark file_mark_of(struct bytes bytes)
{
    assert(bytes.len <= FILE_HEAD);
    if (bytes.len == 0)
        return (struct file_mark){0};
    return (struct file_mark){XXH3_64bits(bytes.ptr, bytes.len), (uint32_t)bytes.len};
}

static size_t read_at(int fd, char *room, size_t size, uint64_t offset)
{
    ssize_t got;
    do {
        got = size > 0 ? pread(fd, room, size, (off_t)offset) : 0;
    } while (got < 0 && errno == EINTR);
    return got < 0 ? 0 : (size_t)got;
}

void file_bytes_read(int fd, uint64_t offset, struct file_bytes *known)
{
    size_t tail = offset < FILE_TAIL ? (size_t)offset : FILE_TAIL;
    known->head_len = read_at(fd, known->head, FILE_HEAD, 0);
    known->tail_len = read_at(fd, known->tail, tail, offset - tail);
    if (known->tail_len < tail)
        known->tail_len = 0; /* these are not the ones before the offset */
}

bool file_bytes_begin(struct file_bytes *known, uint64_t offset, struct bytes bytes)
{
    size_t more = FILE_HEAD - known->head_len;
    if (more == 0 || offset > known->head_len || offset + bytes.len <= known->head_len)
        return false;
    bytes = bytes_from(bytes, known->head_len - (size_t)offset);
    more = bytes.len < more ? bytes.len : more;
    memcpy(known->head + known->head_len, bytes.ptr, more);
    known->head_len += more;
    return true;
}

void file_bytes_follow(struct file_bytes *known, uint64_t offset, struct bytes bytes)
{
    file_bytes_begin(known, offset, bytes);
    size_t fresh = bytes.len < FILE_TAIL ? bytes.len : FILE_TAIL;
    size_t kept = FILE_TAIL - fresh < known->tail_len ? FILE_TAIL - fresh : known->tail_len;
    memmove(known->tail, known->tail + known->tail_len - kept, kept);
    memcpy(known->tail + kept, bytes.ptr + bytes.len - fresh, fresh);
    known->tail_len = kept + fresh;
}

bool place_fits_head(const struct input_place *place, const struct file_bytes *known)
{
    return place->head.len <= known->head_len &&
           file_mark_fits(place->head, bytes_make(known->head, place->head.len));
}

bool place_fits_tail(const struct input_place *place, const struct file_bytes *known)
{
    size_t len = place->tail.len;
    return len <= known->tail_len &&
           file_mark_fits(place->tail, bytes_make(known->tail + known->tail_len - len, len));
}
