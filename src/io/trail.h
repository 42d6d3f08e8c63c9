/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What has become of a file that an earlier run was in: the files that hold what follows.
 *
 * The file itself is looked for by its number, or, where there are marks, by them: as a copy that
 * was made before it was truncated, or compressed.  Files that had its name after it are those
 * that logrotate would have made of them: "a.1", "a.2.gz", "a-20260131.xz", "a-20260131.log" of
 * "a.log".  All are in the folder of the name.
 */
#ifndef SECANT_IO_TRAIL_H
#define SECANT_IO_TRAIL_H

#include "io/place.h"
#include "io/stream.h"

struct trail_file {
    char *path; /* owned */
    dev_t device;
    ino_t inode;
    bool compressed;
};

struct trail {
    /* The first one, when found, is the file of the place; the others took its name after it, the
     * oldest first, and lost it again.  Who has the name now is only among them as the first. */
    struct trail_file *files; /* owned */
    size_t count;
    bool found;
    bool begun_anew; /* not found, but its number has the name: truncated, or a new file */
};

/* The place is one of a regular file, and its name has no NUL byte in it. */
void trail_find(const struct input_place *place, struct trail *trail);
void trail_free(struct trail *trail);
/* Has that file still the name?  A rotation gives it another one, and the name to the next. */
bool trail_is_there(const struct trail_file *file);

/* Opens a compressed file after `offset` bytes of what it holds, the first and last ones of which
 * are put in *known; NULL: there are not so many. */
struct stream *trail_open(const char *path, uint64_t offset, struct file_bytes *known);

#endif
