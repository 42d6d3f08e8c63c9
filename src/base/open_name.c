/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A name is taken apart from the left: the mode, then "&" or "-", then a path. */
#include "base/open_name.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "base/mem.h"

/* The descriptor's number, INT_MAX for one that cannot be; -1: no descriptor has this name. */
static int descriptor_of(struct bytes name)
{
    static const struct bytes names[] = {B("STDIN"), B("STDOUT"), B("STDERR")};
    int64_t number;
    name = bytes_trim(name);
    if (name.len > 0 && *name.ptr == '=')
        name = bytes_trim(bytes_from(name, 1));
    if (bytes_uint(name, false, &number))
        return number < INT_MAX ? (int)number : INT_MAX;
    for (int i = 0; i < 3; i++)
        if (bytes_eq(name, names[i]))
            return i;
    return -1;
}

/* Descriptors that exec closes are ours, and no name means them. */
static int duplicate(int fd)
{
    if (fd < 0 || (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0) {
        errno = fd < 0 ? EINVAL : EBADF;
        return -1;
    }
    return fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

bool name_is_stdout(struct bytes name)
{
    name = bytes_trim(name);
    return name.len > 0 && *name.ptr == '-' &&
           (name.len == 1 || is_space(name.ptr[1]) || name.ptr[1] == ':');
}

bool name_is_command(struct bytes name, struct bytes *command, bool *fed)
{
    name = bytes_trim(name);
    *fed = name.len > 0 && *name.ptr == '|';
    if (*fed)
        name = bytes_from(name, 1);
    bool read = !*fed && name.len > 1 && name.ptr[name.len - 1] == '|' && *name.ptr != '<' &&
                *name.ptr != '>';
    if (read)
        name.len--;
    *command = bytes_trim(name);
    return *fed || read;
}

static int open_path(struct bytes name, int flags)
{
    if (bytes_chr(name, '\0', 0) >= 0) {
        errno = ENOENT;
        return -1;
    }
    char *path = bytes_cstr(name);
    int fd = open(path, flags | O_CLOEXEC | O_NOCTTY, 0666);
    int error = errno;
    free(path);
    errno = error;
    return fd;
}

/* The name without its mode. */
static int open_plain(struct bytes name, int flags, int standard)
{
    if (name.len > 0 && *name.ptr == '&')
        return duplicate(descriptor_of(bytes_from(name, 1)));
    if (name_is_stdout(name))
        return duplicate(standard);
    return open_path(bytes_trim(name), flags);
}

static int open_to_read(struct bytes name)
{
    name = bytes_trim(name);
    char first = '\0';
    bool both = name.len > 1 && *name.ptr == '+' && (name.ptr[1] == '<' || name.ptr[1] == '>');
    if (both)
        name = bytes_from(name, 1);
    if (name.len > 0)
        first = *name.ptr;
    if (first != '<' && first != '>')
        return name_is_stdout(name) ? duplicate(STDIN_FILENO) : open_path(name, O_RDONLY);
    name = bytes_from(name, 1);
    if (first == '<')
        return open_plain(bytes_trim(name), both ? O_RDWR : O_RDONLY, STDIN_FILENO);
    bool append = name.len > 0 && *name.ptr == '>';
    if (append)
        name = bytes_from(name, 1);
    return open_plain(name, (both ? O_RDWR : O_WRONLY) | O_CREAT | (append ? O_APPEND : O_TRUNC),
                      STDOUT_FILENO);
}

int open_name(struct bytes name, enum name_use use)
{
    int flags = use == NAME_APPEND ? O_APPEND : use == NAME_CREATE ? O_EXCL : O_TRUNC;
    if (use == NAME_READ)
        return open_to_read(name);
    if (use != NAME_APPEND && name.len > 0 && *name.ptr == '>') {
        flags = O_APPEND;
        name = bytes_from(name, 1);
    }
    return open_plain(name, O_WRONLY | O_CREAT | flags, STDOUT_FILENO);
}
