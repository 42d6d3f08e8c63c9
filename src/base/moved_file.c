/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/moved_file.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/path.h"

static bool is_it(const char *path, dev_t device, ino_t inode)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_dev == device &&
           status.st_ino == inode;
}

/* The path with a NUL after it, which is not counted. */
static const char *make_path(struct buf *path, struct bytes folder, struct bytes name)
{
    buf_clear(path);
    if (folder.len > 0)
        buf_cat(path, folder, bytes_ends(folder, B("/")) ? B("") : B("/"));
    buf_add(path, name);
    buf_char(path, '\0');
    path->len--;
    return path->ptr;
}

bool moved_file_find(struct bytes name, dev_t device, ino_t inode, struct buf *path)
{
    struct bytes folder = path_folder(name);
    if (is_it(make_path(path, B(""), name), device, inode))
        return true;
    char *opened = bytes_cstr(folder);
    DIR *entries = opendir(opened);
    bool found = false;
    free(opened);
    for (struct dirent *entry; entries && !found && (entry = readdir(entries)) != NULL;)
        found = is_it(make_path(path, folder, bytes_of(entry->d_name)), device, inode);
    if (entries)
        closedir(entries);
    return found;
}
