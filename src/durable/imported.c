/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "durable/imported.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/write_whole.h"

#define UNFINISHED IMPORTED ".new"

bool imported_is_there(const struct state_folder *folder)
{
    struct stat status;
    return fstatat(folder->fd, IMPORTED, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

char *imported_path(const struct state_folder *folder)
{
    struct buf path = {0};
    buf_cat(&path, folder->path, B("/" IMPORTED), B("\0"));
    return path.ptr;
}

static bool is_new(const struct state_folder *folder, struct buf *why)
{
    struct state_generations list;
    bool listed = state_generations(folder, &list, why);
    free(list.items);
    if (listed && list.count > 0)
        buf_cat(why, folder->path, B(": there is a state already; to begin anew, move it away"));
    return listed && list.count == 0;
}

static bool write_file(const struct state_folder *folder, struct bytes text, struct buf *why)
{
    int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
    int fd = openat(folder->fd, UNFINISHED, flags, 0600);
    bool written = fd >= 0 && write_whole(fd, text) && fsync(fd) == 0;
    if (!written)
        state_file_failed(folder, UNFINISHED, why);
    if (fd >= 0)
        close(fd);
    return written;
}

bool imported_put(struct bytes path, struct bytes text, struct buf *why)
{
    struct state_folder folder;
    if (!state_folder_open(&folder, path, why))
        return false;
    bool put = is_new(&folder, why) && write_file(&folder, text, why);
    if (put && renameat(folder.fd, UNFINISHED, folder.fd, IMPORTED) != 0)
        put = state_file_failed(&folder, IMPORTED, why);
    put = put && state_folder_sync(&folder, why);
    state_folder_close(&folder);
    return put;
}

bool imported_remove(const struct state_folder *folder, struct buf *why)
{
    return unlinkat(folder->fd, IMPORTED, 0) == 0 || state_file_failed(folder, IMPORTED, why);
}
