/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "io/past.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "io/trail.h"

struct past {
    int fd;
    struct buf bytes; /* those given last */
};

static struct past *fail(struct buf *why, struct bytes text)
{
    buf_add(why, text);
    return NULL;
}

static struct past *open_at(const char *path, uint64_t offset, struct buf *why)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || lseek(fd, (off_t)offset, SEEK_SET) < 0) {
        fail(why, error_text(errno));
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    struct past *past = mem_zalloc(sizeof(*past));
    past->fd = fd;
    return past;
}

struct past *past_open(const struct input_place *place, struct buf *why)
{
    struct trail trail;
    struct past *past;
    if (place->pipe || (place->device == 0 && place->inode == 0))
        return fail(why, B("it was no file"));
    if (bytes_chr(place->name, '\0', 0) >= 0)
        return fail(why, B("no file has such a name"));
    trail_find(place, &trail);
    if (trail.found)
        past = open_at(trail.files[0].path, place->offset, why);
    else if (trail.begun_anew)
        past = fail(why, B("the file has begun anew"));
    else
        past = fail(why, B("the file is no longer in its folder"));
    trail_free(&trail);
    return past;
}

void past_close(struct past *past)
{
    if (!past)
        return;
    close(past->fd);
    buf_free(&past->bytes);
    free(past);
}

bool past_read(struct past *past, size_t size, struct bytes *bytes)
{
    ssize_t got = 1;
    past->bytes.len = 0;
    char *room = buf_room(&past->bytes, size);
    while (past->bytes.len < size && got > 0) {
        do {
            got = read(past->fd, room + past->bytes.len, size - past->bytes.len);
        } while (got < 0 && errno == EINTR);
        if (got > 0)
            past->bytes.len += (size_t)got;
    }
    *bytes = buf_bytes(&past->bytes);
    return past->bytes.len == size;
}
