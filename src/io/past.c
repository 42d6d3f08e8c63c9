/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "io/past.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "io/trail.h"

struct past {
    int fd;                /* -1: compressed */
    struct stream *stream; /* then */
    struct buf bytes;      /* those given last */
};

static struct past *fail(struct buf *why, struct bytes text)
{
    buf_add(why, text);
    return NULL;
}

static struct past *open_file(const struct trail_file *file, uint64_t offset, struct buf *why)
{
    struct past past = {.fd = -1};
    struct file_bytes known;
    bool fine;
    if (file->compressed) {
        past.stream = trail_open(file->path, offset, &known);
        fine = past.stream != NULL;
    } else {
        past.fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        fine = past.fd >= 0 && lseek(past.fd, (off_t)offset, SEEK_SET) >= 0;
    }
    if (!fine) {
        fail(why, error_text(errno));
        if (past.fd >= 0)
            close(past.fd);
        return NULL;
    }
    struct past *copy = mem_alloc(sizeof(*copy));
    *copy = past;
    return copy;
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
        past = open_file(&trail.files[0], place->offset, why);
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
    stream_close(past->stream);
    if (past->fd >= 0)
        close(past->fd);
    buf_free(&past->bytes);
    free(past);
}

static ssize_t read_some(struct past *past, char *room, size_t size)
{
    ssize_t got;
    if (past->stream)
        return stream_read(past->stream, room, size);
    do {
        got = read(past->fd, room, size);
    } while (got < 0 && errno == EINTR);
    return got;
}

bool past_read(struct past *past, size_t size, struct bytes *bytes)
{
    ssize_t got = 1;
    past->bytes.len = 0;
    char *room = buf_room(&past->bytes, size);
    while (past->bytes.len < size && got > 0) {
        got = read_some(past, room + past->bytes.len, size - past->bytes.len);
        if (got > 0)
            past->bytes.len += (size_t)got;
    }
    *bytes = buf_bytes(&past->bytes);
    return past->bytes.len == size;
}
