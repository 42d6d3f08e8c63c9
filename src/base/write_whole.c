/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/write_whole.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

bool write_whole(int fd, struct bytes text)
{
    while (text.len > 0) {
        ssize_t written = write(fd, text.ptr, text.len);
        if (written >= 0)
            text = bytes_from(text, (size_t)written);
        else if (errno == EAGAIN)
            poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
        else if (errno != EINTR)
            return false;
    }
    return true;
}

bool send_whole(int socket, struct bytes text)
{
    while (text.len > 0) {
        ssize_t sent = send(socket, text.ptr, text.len, MSG_NOSIGNAL);
        if (sent >= 0)
            text = bytes_from(text, (size_t)sent);
        else if (errno != EINTR)
            return false;
    }
    return true;
}
