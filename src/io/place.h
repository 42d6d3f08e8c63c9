/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a run has read an input, so that the next run can continue there.
 *
 * A device and an inode number are not enough to find a file again: numbers are reused for new
 * files, and a file that is copied and truncated keeps its number.  So a place also has marks:
 * hashes of the first bytes of the file and of those before the offset.
 */
#ifndef SECANT_IO_PLACE_H
#define SECANT_IO_PLACE_H

#include <sys/types.h>

#include "base/bytes.h"

enum {
    FILE_HEAD = 256, /* most bytes that the mark of a file's beginning covers */
    FILE_TAIL = 64,  /* most bytes that the mark before an offset covers */
};

/* XXH3's 64-bit hash of `len` bytes, without a seed.  len 0: there is no mark. */
struct file_mark {
    uint64_t hash;
    uint32_t len;
};

struct file_mark file_mark_of(struct bytes bytes);
static inline bool file_mark_fits(struct file_mark mark, struct bytes bytes)
{
    return bytes.len == mark.len && (mark.len == 0 || file_mark_of(bytes).hash == mark.hash);
}

/* Bytes of a file: the first ones, and those just before an offset. */
struct file_bytes {
    char head[FILE_HEAD], tail[FILE_TAIL];
    size_t head_len, tail_len;
};

/* Reads those of an open file, without moving its file offset; what cannot be read is left out.
 * The first ones may reach beyond `offset`. */
void file_bytes_read(int fd, uint64_t offset, struct file_bytes *known);

/* Zero where nothing is known: a name, a file and an offset are enough for a place.  The texts are
 * owned by the caller; those of inputs' functions by the input, until it is closed or opened. */
struct input_place {
    struct bytes name;
    dev_t device; /* 0 and 0: it was in no file */
    ino_t inode;
    uint64_t offset; /* in that file, of the end of the line given last; if it is compressed, in
                      * its content */
    uint64_t lines;  /* of the input, processed */
    struct file_mark head; /* of the first bytes of the file, as far as they were known */
    struct file_mark tail; /* of those just before the offset */
    int64_t second;        /* when it was there */
    struct bytes context;  /* internal context of its lines */
    struct bytes pattern;  /* of the command line that named it, without "=CONTEXT" */
    bool dynamic;          /* added by addinput, with that context; no pattern names it */
    bool open;             /* its file was open */
    bool pipe;             /* a pipe or FIFO: the offset is not one in a file */
};

/* Can a run have been there?  For places read from a file that may contain anything. */
static inline bool place_is_possible(const struct input_place *place)
{
    return place->offset <= INT64_MAX && place->head.len <= FILE_HEAD &&
           place->tail.len <= FILE_TAIL;
}

/* Extends the first bytes if these bytes, which stand at `offset`, continue them.  Returns false if
 * that adds nothing. */
bool file_bytes_begin(struct file_bytes *known, uint64_t offset, struct bytes bytes);
/* The same, and moves the known bytes before an offset to the end of these bytes, which must follow
 * those known so far. */
void file_bytes_follow(struct file_bytes *known, uint64_t offset, struct bytes bytes);
/* Do the first bytes, and those before the place's offset, match its marks?  A mark that is missing
 * matches. */
bool place_fits_head(const struct input_place *place, const struct file_bytes *known);
bool place_fits_tail(const struct input_place *place, const struct file_bytes *known);
static inline bool place_fits(const struct input_place *place, const struct file_bytes *known)
{
    return place_fits_head(place, known) && place_fits_tail(place, known);
}

#endif
