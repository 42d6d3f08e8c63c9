/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening input files, and noticing that another file took their place. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/errors.h"
#include "io/input_state.h"

static int open_again(const char *path, int flags)
{
    int fd;
    do {
        fd = open(path, flags | O_CLOEXEC | O_NOCTTY);
    } while (fd < 0 && errno == EINTR);
    return fd;
}

static int open_standard_input(struct log *log)
{
    int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    if (fd < 0)
        log_msg(log, LOG_ERROR, B("Can't dup stdin ("), error_text(errno), B(")"));
    return fd;
}

/* No file has a name with a NUL byte in it. */
static bool stat_name(const struct input *input, struct stat *status)
{
    return bytes_chr(input->source.name, '\0', 0) < 0 && stat(input->source.name.ptr, status) == 0;
}

/* A named input: a regular file, or a FIFO in the mode that --rwfifo asks for. */
static int open_named(struct input *input, const char *path)
{
    const struct inputs *inputs = input->state->inputs;
    struct stat status;
    if (bytes_chr(input->source.name, '\0', 0) >= 0 || stat(path, &status) != 0) {
        if (inputs->options->reopen_timeout)
            log_msg(inputs->log, LOG_DETAIL, B("Input file "), input->source.name,
                    B(" has not been created yet"));
        else
            log_msg(inputs->log, LOG_WARN, B("Input file "), input->source.name,
                    B(" does not exist!"));
        return -1;
    }
    bool fifo = S_ISFIFO(status.st_mode);
    if (!fifo && !S_ISREG(status.st_mode)) {
        log_msg(inputs->log, LOG_ERROR, B("Input file "), input->source.name,
                B(" is of unsupported type!"));
        return -1;
    }
    bool writing = fifo && inputs->options->rwfifo;
    int fd = open_again(path, writing ? O_RDWR : O_RDONLY | O_NONBLOCK);
    if (fd < 0)
        log_msg(inputs->log, LOG_ERROR, B("Can't open input file "), input->source.name, B(" ("),
                error_text(errno), B(")"));
    return fd;
}

/* Moves to the offset wanted; one past the end means the end. */
static bool seek_offset(struct input *input, off_t size, int64_t offset, struct bytes text)
{
    struct log *log = input->state->inputs->log;
    if (offset > size) {
        log_msg(log, LOG_NOTE, B("Offset "), text, B(" beyond EOF, seeking EOF in input file "),
                input->source.name);
        offset = -1;
    }
    int whence = offset < 0 ? SEEK_END : offset > 0 ? SEEK_SET : SEEK_CUR;
    off_t at = lseek(input->fd, offset < 0 ? 0 : (off_t)offset, whence);
    if (at < 0) {
        if (offset < 0)
            log_msg(log, LOG_ERROR, B("Can't seek EOF in input file "), input->source.name, B(" ("),
                    error_text(errno), B(")"));
        else
            log_msg(log, LOG_ERROR, B("Can't seek offset "), text, B(" in input file "),
                    input->source.name, B(" ("), error_text(errno), B(")"));
        return false;
    }
    struct file_bytes known = {0};
    file_bytes_read(input->fd, (uint64_t)at, &known);
    input_begin_stretch(input, at, &known);
    return true;
}

/* A rotation may have given the name to another file meanwhile. */
static bool is_wanted(const struct stat *status, const struct trail_file *file)
{
    return !file || (status->st_dev == file->device && status->st_ino == file->inode);
}

void input_open_as(struct input *input, const char *path, const struct trail_file *file,
                   int64_t offset, struct bytes text)
{
    input->regular = false;
    input->state->on_trail = path != input->source.name.ptr;
    if (input->state->inputs->options->closed)
        return;
    input->fd = input_is_stdin(input) ? open_standard_input(input->state->inputs->log)
                                      : open_named(input, path);
    if (input->fd < 0)
        return;
    input->state->inputs->open++;
    struct stat status;
    if (fstat(input->fd, &status) != 0) {
        log_msg(input->state->inputs->log, LOG_ERROR, B("Can't stat input file "),
                input->source.name, B(" through filehandle ("), error_text(errno), B(")"));
        input_close(input);
        return;
    }
    if (!is_wanted(&status, file)) {
        input_close(input);
        return;
    }
    input->device = status.st_dev;
    input->inode = status.st_ino;
    input->regular = S_ISREG(status.st_mode);
    if (!input->regular)
        input_begin_stretch(input, 0, NULL);
    else if (!seek_offset(input, status.st_size, offset, text))
        input_close(input);
    input_set_active(input, input->fd >= 0);
    if (input->fd >= 0)
        input_remember_file(input);
}

/* Its descriptor is one that has nothing more, and the stream gives what there is. */
bool input_open_compressed(struct input *input, const struct trail_file *file, uint64_t offset)
{
    struct file_bytes known;
    struct stat status;
    const char *path = file->path;
    struct stream *stream = trail_open(path, offset, &known);
    bool there = stat(path, &status) == 0;
    if (there && !is_wanted(&status, file)) {
        stream_close(stream);
        return false;
    }
    int fd = stream && there ? open_again("/dev/null", O_RDONLY) : -1;
    if (fd < 0) {
        log_msg(input->state->inputs->log, LOG_ERROR, B("Can't open input file "), bytes_of(path),
                B(" ("), error_text(errno), B(")"));
        stream_close(stream);
        return false;
    }
    input->fd = fd;
    input->state->inputs->open++;
    input->state->stream = stream;
    input->state->on_trail = true;
    input->device = status.st_dev;
    input->inode = status.st_ino;
    input->regular = true;
    input_begin_stretch(input, (off_t)offset, &known);
    input_set_active(input, true);
    return true;
}

void input_open(struct input *input, int64_t offset, struct bytes text)
{
    input_open_as(input, input->source.name.ptr, NULL, offset, text);
}

void input_close(struct input *input)
{
    watch_free(input->state->readable);
    input->state->readable = NULL;
    stream_close(input->state->stream);
    input->state->stream = NULL;
    if (input->fd < 0)
        return;
    close(input->fd);
    input->fd = -1;
    input->state->inputs->open--;
}

void input_remember_missing(struct input *input)
{
    struct stat status;
    input->state->from_start =
        input->fd < 0 && !input_is_stdin(input) && !stat_name(input, &status);
}

bool input_left_behind(const struct input *input)
{
    struct stat named;
    return input->state->on_trail && (input_has_next(input) || stat_name(input, &named));
}

static bool is_recreated(struct input *input, const struct stat *named)
{
    if (input->device == named->st_dev && input->inode == named->st_ino)
        return false;
    struct stat own;
    if (input->regular && fstat(input->fd, &own) == 0 && own.st_size > input_offset(input))
        input_read_rest(input, (size_t)(own.st_size - input_offset(input)));
    log_msg(input->state->inputs->log, LOG_NOTE, B("Input file "), input->source.name,
            B(" has been recreated"));
    return true;
}

bool input_shuffled(struct input *input)
{
    struct stat named;
    if (input_is_stdin(input))
        return false;
    input->state->missing = !stat_name(input, &named);
    if (input->state->missing)
        return false;
    if (is_recreated(input, &named))
        return true;
    if (!input->regular || input_offset(input) <= named.st_size)
        return false;
    log_msg(input->state->inputs->log, LOG_NOTE, B("Input file "), input->source.name,
            B(" has been truncated"));
    return true;
}
