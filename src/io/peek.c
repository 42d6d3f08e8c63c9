/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "io/peek.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* -1 as well where what was duplicated cannot be read. */
static ssize_t read_all(int fd, char *room, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = read(fd, room + done, size - done);
        if (got == 0 || (got < 0 && errno != EINTR))
            return -1;
        done += got > 0 ? (size_t)got : 0;
    }
    return (ssize_t)done;
}

ssize_t pipe_peek(int fd, char *room, size_t size)
{
    int copy[2];
    ssize_t got;
    if (pipe2(copy, O_CLOEXEC | O_NONBLOCK) != 0)
        return -1;
    do {
        got = tee(fd, copy[1], size, SPLICE_F_NONBLOCK);
    } while (got < 0 && errno == EINTR);
    if (got > 0)
        got = read_all(copy[0], room, (size_t)got);
    int error = errno;
    close(copy[0]);
    close(copy[1]);
    errno = error;
    return got;
}

void pipe_take(int fd, size_t size)
{
    char room[8192];
    while (size > 0) {
        ssize_t got = read(fd, room, size < sizeof(room) ? size : sizeof(room));
        if (got == 0 || (got < 0 && errno != EINTR))
            break; /* another reader has them */
        size -= got > 0 ? (size_t)got : 0;
    }
}
