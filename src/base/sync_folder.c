/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/sync_folder.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"

void sync_folder_of(struct bytes path)
{
    char *folder = bytes_cstr(path_folder(path));
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    free(folder);
}
