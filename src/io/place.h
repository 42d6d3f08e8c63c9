/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a run was in an input, for the next run to go on there.
 *
 * A number on a device is not enough to know a file again: numbers are given to new files, and a
 * file that is copied and truncated keeps its number.  So a place has marks besides: hashes of the
 * first bytes of the file and of those before the offset.
 */
#ifndef SECANT_IO_PLACE_H
#define SECANT_IO_PLACE_H

#include <sys/types.h>

#include "base/bytes.h"

enum {
    FILE_HEAD = 256, /* the most bytes that the mark of a file's beginning is made of */
    FILE_TAIL = 64,  /* and that of the bytes before an offset */
};

/* Of `len` bytes: XXH3's hash of 64 bits, without a seed. len 0: there is no mark. */
struct file_mark {
    uint64_t hash;
    uint32_t len;
};

struct file_mark file_mark_of(struct bytes bytes);
static inline bool file_mark_fits(struct file_mark mark, struct bytes bytes)
{
    return bytes.len == mark.len && (mark.len == 0 || file_mark_of(bytes).hash == mark.hash);
}

/* Bytes of a file: the first ones, and those right before an offset. */
struct file_bytes {
    char head[FILE_HEAD], tail[FILE_TAIL];
    size_t head_len, tail_len;
};

/* Those of an open file, without moving its offset; what cannot be read is left out.  The first
 * ones may be after the offset. */
void file_bytes_read(int fd, uint64_t offset, struct file_bytes *known);

/* Zeroes where nothing is known: a place with a name, a file and an offset is one, too.  The texts
 * are the caller's, or the input's until it is closed or opened. */
struct input_place {
    struct bytes name;
    dev_t device; /* 0 and 0: it was in no file */
    ino_t inode;
    uint64_t offset; /* bytes of that file up to the end of the line given last; of a compressed
                      * one: of what it holds */
    uint64_t lines;  /* of the input, processed */
    struct file_mark head; /* of the first bytes of the file, as far as they were known */
    struct file_mark tail; /* of those right before the offset */
    int64_t second;        /* when it was there */
    struct bytes context;  /* internal context of its lines */
    struct bytes pattern;  /* of the command line that named it, without "=CONTEXT" */
    bool dynamic;          /* came by addinput, with that context; no pattern names it */
    bool open;             /* its file was open */
    bool pipe;             /* or a FIFO: the offset is none of a file */
};

/* Can a run have been there?  For places from a file that may hold anything. */
static inline bool place_is_possible(const struct input_place *place)
{
    return place->offset <= INT64_MAX && place->head.len <= FILE_HEAD &&
           place->tail.len <= FILE_TAIL;
}

/* These bytes stand at that offset; false: they tell no more of the first ones than was known. */
bool file_bytes_begin(struct file_bytes *known, uint64_t offset, struct bytes bytes);
/* They do, and what is wanted next is what is known where they end. */
void file_bytes_follow(struct file_bytes *known, uint64_t offset, struct bytes bytes);
/* Are the first bytes, and those before the place's offset, what its marks say?  Without marks they
 * are. */
bool place_fits_head(const struct input_place *place, const struct file_bytes *known);
bool place_fits_tail(const struct input_place *place, const struct file_bytes *known);
static inline bool place_fits(const struct input_place *place, const struct file_bytes *known)
{
    return place_fits_head(place, known) && place_fits_tail(place, known);
}

#endif
