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

/* Those of an open file, without moving its offset; what cannot be read is left out. */
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
    struct file_mark head; /* of the first bytes of the file, none of them after the offset */
    struct file_mark tail; /* of those right before the offset */
    int64_t second;        /* when it was there */
    struct bytes context;  /* internal context of its lines */
    struct bytes pattern;  /* of the command line that named it, without "=CONTEXT" */
    bool dynamic;          /* came by addinput, with that context; no pattern names it */
    bool open;             /* its file was open */
    bool pipe;             /* standard input, a FIFO: the offset is none of a file */
};

/* The same of a file that is read from its start: these bytes come next. */
void file_bytes_follow(struct file_bytes *known, struct bytes bytes);
/* Is what stands before the place's offset what its marks say?  Without marks it is. */
bool place_fits(const struct input_place *place, const struct file_bytes *known);

#endif
