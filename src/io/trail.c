/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "io/trail.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/moved_file.h"

/* Does the file hold what the place says, as far as to its offset? */
static bool holds(const char *path, const struct input_place *place)
{
    struct file_bytes known;
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return true; /* whoever opens it says why */
    bool long_enough = fstat(fd, &status) == 0 && (uint64_t)status.st_size >= place->offset;
    if (long_enough)
        file_bytes_read(fd, place->offset, &known);
    close(fd);
    return long_enough && place_fits(place, &known);
}

static void add(struct trail *trail, struct bytes path, bool compressed)
{
    trail->files = mem_array(trail->files, trail->count + 1, sizeof(*trail->files));
    trail->files[trail->count++] = (struct trail_file){bytes_cstr(path), compressed};
}

void trail_find(const struct input_place *place, struct trail *trail)
{
    struct buf path = {0};
    *trail = (struct trail){0};
    if (moved_file_find(place->name, place->device, place->inode, &path)) {
        trail->found = holds(path.ptr, place);
        trail->begun_anew = !trail->found;
    }
    if (trail->found)
        add(trail, buf_bytes(&path), false);
    buf_free(&path);
}

void trail_free(struct trail *trail)
{
    for (size_t i = 0; i < trail->count; i++)
        free(trail->files[i].path);
    free(trail->files);
    *trail = (struct trail){0};
}
