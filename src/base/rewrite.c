/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/rewrite.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/write_whole.h"

bool file_read(const char *path, struct buf *text)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe is not waited for */
    bool plain =
        fd >= 0 && fstat(fd, &info) == 0 && (S_ISREG(info.st_mode) || S_ISDIR(info.st_mode));
    if (fd >= 0 && !plain)
        errno = EINVAL;
    ssize_t got = -1;
    while (plain) {
        got = read(fd, buf_room(text, 4096), 4096);
        if (got > 0)
            text->len += (size_t)got;
        else if (got == 0 || errno != EINTR)
            break;
    }
    int error = errno;
    if (fd >= 0)
        close(fd);
    errno = error;
    return got >= 0;
}

/* Mode and owner of the file that is there, or the mode of a new one. */
static bool dress(int fd, const struct stat *was)
{
    if (!was) {
        mode_t mask = umask(0);
        umask(mask);
        return fchmod(fd, 0666 & ~mask) == 0;
    }
    return fchmod(fd, was->st_mode & 07777) == 0 &&
           ((was->st_uid == geteuid() && was->st_gid == getegid()) ||
            fchown(fd, was->st_uid, was->st_gid) == 0);
}

/* Can there be a new one?  Nobody may write a read-only file, which does not keep root nor who owns
 * the folder from doing so. */
static bool may_replace(bool there, const struct stat *info)
{
    if (!there)
        return errno == ENOENT;
    bool read_only = (info->st_mode & 0222) == 0;
    if (read_only)
        errno = EACCES;
    return !read_only;
}

/* Into what cannot be replaced; a pipe that nobody reads is not waited for. */
static bool write_into(const char *path, struct bytes text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    bool fine = fd >= 0 && write_whole(fd, text);
    int error = errno;
    if (fd >= 0)
        close(fd);
    errno = error;
    return fine;
}

/* A new file beside the one of that path; its name is added.  Below 0: errno. */
static int make_beside(const char *path, struct buf *name)
{
    buf_cat(name, bytes_of(path), B(".XXXXXX\0"));
    return mkostemp(name->ptr, O_CLOEXEC);
}

/* Nothing of the text is written. */
static bool probe(const char *path, struct bytes text)
{
    struct stat info;
    struct buf name = {0};
    bool there = stat(path, &info) == 0, may = may_replace(there, &info);
    (void)text;
    if (there && !S_ISREG(info.st_mode)) {
        errno = EISDIR;
        return !S_ISDIR(info.st_mode);
    }
    int fd = may ? make_beside(path, &name) : -1, error = errno;
    if (fd >= 0) {
        close(fd);
        unlink(name.ptr);
    }
    buf_free(&name);
    errno = error;
    return fd >= 0;
}

static bool replace(const char *path, struct bytes text)
{
    struct stat info;
    struct buf name = {0};
    bool there = stat(path, &info) == 0, may = may_replace(there, &info);
    if (there && !S_ISREG(info.st_mode))
        return write_into(path, text);
    int fd = may ? make_beside(path, &name) : -1;
    bool fine =
        fd >= 0 && write_whole(fd, text) && fsync(fd) == 0 && dress(fd, there ? &info : NULL);
    int error = errno;
    if (fd >= 0 && close(fd) != 0 && fine) {
        fine = false;
        error = errno;
    }
    if (fine && rename(name.ptr, path) != 0) {
        fine = false;
        error = errno;
    }
    if (fd >= 0 && !fine)
        unlink(name.ptr);
    buf_free(&name);
    errno = error;
    return fine;
}

/* A link stays one: what it leads to is meant. */
static bool with_real_path(struct bytes path, struct bytes text,
                           bool (*act)(const char *path, struct bytes text))
{
    char *name = bytes_cstr(path), *whole = realpath(name, NULL);
    bool fine = act(whole ? whole : name, text);
    int error = errno;
    free(whole);
    free(name);
    errno = error;
    return fine;
}

bool file_replace(struct bytes path, struct bytes text)
{
    return with_real_path(path, text, replace);
}

bool file_replaceable(struct bytes path)
{
    return with_real_path(path, B(""), probe);
}

bool file_rewrite(struct bytes path, struct bytes was, struct bytes text, bool *changed)
{
    struct buf now = {0};
    char *name = bytes_cstr(path);
    bool there = file_read(name, &now);
    *changed = there && !bytes_eq(buf_bytes(&now), was);
    bool fine = there && !*changed && file_replace(path, text);
    int error = errno;
    buf_free(&now);
    free(name);
    errno = error;
    return fine;
}
