/* SPDX-License-Identifier: GPL-2.0-or-later */
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

static int duplicate(int fd)
{
    if (fd < 0) {
        errno = EINVAL;
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

int open_name(struct bytes name, bool append)
{
    if (!append && name.len > 0 && *name.ptr == '>') {
        append = true;
        name = bytes_from(name, 1);
    }
    if (name.len > 0 && *name.ptr == '&')
        return duplicate(descriptor_of(bytes_from(name, 1)));
    if (name_is_stdout(name))
        return duplicate(STDOUT_FILENO);
    char *path = bytes_cstr(bytes_trim(name));
    int how = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | (append ? O_APPEND : O_TRUNC);
    int fd = open(path, how, 0666);
    free(path);
    return fd;
}
