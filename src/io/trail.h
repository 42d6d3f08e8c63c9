/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What has become of a file that an earlier run was in: the files that hold what follows. */
#ifndef SECANT_IO_TRAIL_H
#define SECANT_IO_TRAIL_H

#include "io/place.h"

struct trail_file {
    char *path; /* owned */
    bool compressed;
};

struct trail {
    /* The first one, when found, is the file of the place; the others took its name after it, the
     * oldest first, and lost it again.  Who has the name now is only among them as the first. */
    struct trail_file *files; /* owned */
    size_t count;
    bool found;
    bool begun_anew; /* the file of that number is there, with other bytes: truncated, or new */
};

/* The place is one of a regular file, and its name has no NUL byte in it. */
void trail_find(const struct input_place *place, struct trail *trail);
void trail_free(struct trail *trail);

#endif
