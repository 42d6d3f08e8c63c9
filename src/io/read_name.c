/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file or the output of a command is read to its end before anybody looks at it. */
#include "io/read_name.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/open_name.h"
#include "base/subprocess.h"
#include "io/command.h"

enum { READ_SIZE = 65536 };

static void read_all(int fd, struct buf *content)
{
    for (;;) {
        ssize_t got = read(fd, buf_room(content, READ_SIZE), READ_SIZE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return;
        content->len += (size_t)got;
    }
}

/* -1: it cannot be executed (errno). */
static pid_t start_command(struct bytes text, int input, int output)
{
    struct command command = {.text = text};
    struct executable executable;
    executable_read(&executable, &command);
    pid_t pid = executable_spawn(&executable, input, output);
    int error = errno;
    executable_free(&executable);
    errno = error;
    return pid;
}

/* A command that is fed gets nothing and gives nothing. */
static bool read_command(struct bytes command, bool fed, struct buf *content)
{
    int ends[2];
    if (command.len == 0) {
        errno = EPIPE;
        return false;
    }
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    pid_t pid = fed ? start_command(command, ends[0], -1) : start_command(command, -1, ends[1]);
    int error = errno;
    close(ends[1]);
    if (pid >= 0 && !fed)
        read_all(ends[0], content);
    close(ends[0]);
    if (pid >= 0)
        subprocess_wait(pid);
    errno = error;
    return pid >= 0;
}

bool read_name(struct bytes name, struct buf *content)
{
    struct bytes command;
    bool fed;
    if (name_is_command(name, &command, &fed))
        return read_command(command, fed, content);
    int fd = open_name(name, NAME_READ);
    if (fd < 0)
        return false;
    read_all(fd, content);
    close(fd);
    return true;
}
