/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "io/past.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "io/trail.h"

struct past {
    int fd;                /* -1: compressed */
    struct stream *stream; /* then */
    uint64_t offset;
    struct file_bytes known;
    struct buf bytes; /* those given last */
};

static struct past *fail(struct buf *why, struct bytes text)
{
    buf_add(why, text);
    return NULL;
}

static struct past *past_new(int fd, struct stream *stream, uint64_t offset)
{
    struct past *past = mem_zalloc(sizeof(*past));
    past->fd = fd;
    past->stream = stream;
    past->offset = offset;
    if (fd >= 0)
        file_bytes_read(fd, offset, &past->known);
    return past;
}

bool past_is_stdin(const struct input_place *place)
{
    struct file_bytes known;
    struct stat status;
    if (!bytes_eq(place->name, B("-")) || fstat(STDIN_FILENO, &status) != 0 ||
        !S_ISREG(status.st_mode) || status.st_dev != place->device ||
        status.st_ino != place->inode || (uint64_t)status.st_size < place->offset)
        return false;
    file_bytes_read(STDIN_FILENO, place->offset, &known);
    return place_fits(place, &known);
}

static struct past *open_stdin(const struct input_place *place, struct buf *why)
{
    if (!past_is_stdin(place))
        return fail(why, B("standard input is not that file"));
    int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    return fd < 0 ? fail(why, error_text(errno)) : past_new(fd, NULL, place->offset);
}

/* A rotation gives a name to another file, also between the look and the opening. */
static bool is_file(int fd, const struct trail_file *file)
{
    struct stat status;
    return fstat(fd, &status) == 0 && status.st_dev == file->device && status.st_ino == file->inode;
}

static struct past *open_compressed(const struct trail_file *file, uint64_t offset, struct buf *why)
{
    struct file_bytes known;
    struct stream *stream = trail_open(file->path, offset, &known);
    if (!stream)
        return fail(why, error_text(errno));
    if (!trail_is_there(file)) {
        stream_close(stream);
        return NULL;
    }
    struct past *past = past_new(-1, stream, offset);
    past->known = known;
    return past;
}

static struct past *open_file(const struct trail_file *file, uint64_t offset, struct buf *why)
{
    if (file->compressed)
        return open_compressed(file, offset, why);
    int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return fail(why, error_text(errno));
    if (!is_file(fd, file)) {
        close(fd);
        return NULL;
    }
    return past_new(fd, NULL, offset);
}

/* It may lose its name between the look and the opening, and is then looked for again. */
static struct past *open_found(const struct input_place *place, struct trail *trail,
                               struct buf *why)
{
    enum { ATTEMPTS = 20 };
    struct past *past = NULL;
    for (int i = 0; i < ATTEMPTS && trail->found; i++) {
        buf_clear(why);
        past = open_file(&trail->files[0], place->offset, why);
        if (past || trail_is_there(&trail->files[0]))
            break;
        trail_free(trail);
        trail_find(place, trail);
    }
    if (!past && why->len == 0)
        buf_add(why, B("the file is no longer in its folder"));
    return past;
}

struct past *past_open(const struct input_place *place, struct buf *why)
{
    struct trail trail;
    struct past *past;
    if (place->pipe || (place->device == 0 && place->inode == 0))
        return fail(why, B("it was no file"));
    if (bytes_eq(place->name, B("-")))
        return open_stdin(place, why);
    if (bytes_chr(place->name, '\0', 0) >= 0)
        return fail(why, B("no file has such a name"));
    trail_find(place, &trail);
    if (trail.found)
        past = open_found(place, &trail, why);
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
        got = pread(past->fd, room, size, (off_t)past->offset);
    } while (got < 0 && errno == EINTR);
    return got;
}

bool past_read(struct past *past, size_t size, struct bytes *bytes)
{
    enum { BLOCK = 1 << 20 }; /* room is made for what there is, whatever is asked for */
    past->bytes.len = 0;
    while (past->bytes.len < size) {
        size_t part = size - past->bytes.len < BLOCK ? size - past->bytes.len : BLOCK;
        ssize_t got = read_some(past, buf_room(&past->bytes, part), part);
        if (got <= 0)
            break;
        past->bytes.len += (size_t)got;
        past->offset += (uint64_t)got;
    }
    *bytes = buf_bytes(&past->bytes);
    file_bytes_follow(&past->known, past->offset - bytes->len, *bytes);
    return past->bytes.len == size;
}

void past_place(const struct past *past, struct input_place *place)
{
    const struct file_bytes *known = &past->known;
    place->offset = past->offset;
    place->head = file_mark_of(bytes_make(known->head, known->head_len));
    place->tail = file_mark_of(bytes_make(known->tail, known->tail_len));
}
