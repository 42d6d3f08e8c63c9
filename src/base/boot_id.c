/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/boot_id.h"

#include <fcntl.h>
#include <unistd.h>

void boot_id(struct buf *out)
{
    enum { MOST = 64 }; /* it is a UUID */
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    char text[MOST];
    ssize_t got = read(fd, text, sizeof(text));
    if (got > 0)
        buf_add(out, bytes_trim(bytes_make(text, (size_t)got)));
    close(fd);
}
