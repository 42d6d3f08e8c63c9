/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What has become of a file that an earlier run was reading, and which files have had its name
 * since.
 *
 * The file is searched for by its inode number, or else by its marks, if it has any: it may have
 * been compressed, or copied before it was truncated.  The files that had its name after it are
 * found under the names that logrotate gives: "a.1", "a.2.gz", "a-20260131.xz", and for "a.log"
 * "a-20260131.log".  All of them must be in the folder of the name.
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
    /* If found, the first one is the file of the place.  The others had the name after it and have
     * lost it again, oldest first.  The file that has the name now can only be the first. */
    struct trail_file *files; /* owned */
    size_t count;
    bool found;
    bool begun_anew; /* not found, but a file of its number has the name: truncated, or new */
};

/* The place must be one of a regular file, without a NUL byte in its name.  *trail is set, to be
 * freed with trail_free. */
void trail_find(const struct input_place *place, struct trail *trail);
void trail_free(struct trail *trail);
/* Does the file still have this path?  A rotation gives it another one, and the path to the next
 * file. */
bool trail_is_there(const struct trail_file *file);

/* Opens a compressed file after `offset` bytes of its content and puts the first and the last of
 * these bytes in *known.  Returns NULL if it cannot be opened, or its content is shorter. */
struct stream *trail_open(const char *path, uint64_t offset, struct file_bytes *known);

#endif
