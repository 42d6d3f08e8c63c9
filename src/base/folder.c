/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/errors.h"
#include "base/mem.h"

struct walk {
    bool (*wanted)(struct bytes name);
    void (*take)(void *arg, struct bytes path);
    void *arg;
    struct buf *why;
};

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_plain(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* A path may be too long to be looked at. */
static bool is_folder(const char *path, const struct dirent *entry, bool *link)
{
    struct stat info;
    *link = lstat(path, &info) == 0 && S_ISLNK(info.st_mode);
    return entry->d_type == DT_DIR || (stat(path, &info) == 0 && S_ISDIR(info.st_mode));
}

static void search(const struct walk *walk, struct bytes folder);

static void look_at(const struct walk *walk, struct bytes folder, const struct dirent *entry,
                    bool folders)
{
    struct buf path = {0};
    struct bytes name = bytes_of(entry->d_name);
    bool link, slash = folder.len > 0 && folder.ptr[folder.len - 1] != '/';
    buf_cat(&path, folder, slash ? B("/") : B(""), name, B("\0"));
    struct bytes whole = bytes_make(path.ptr, path.len - 1);
    bool inner = is_folder(path.ptr, entry, &link);
    if (folders && inner && !link)
        search(walk, whole);
    else if (!folders && !inner && walk->wanted(name))
        walk->take(walk->arg, whole);
    buf_free(&path);
}

static void search(const struct walk *walk, struct bytes folder)
{
    struct dirent **entries;
    char *name = bytes_cstr(folder.len > 0 ? folder : B("."));
    int count = scandir(name, &entries, is_plain, by_name);
    if (count < 0)
        buf_cat(walk->why, walk->why->len > 0 ? B("; ") : B(""), bytes_of(name), B(": "),
                error_text(errno));
    free(name);
    for (int folders = 0; folders < 2; folders++)
        for (int i = 0; i < count; i++)
            look_at(walk, folder, entries[i], folders);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    if (count >= 0)
        free(entries);
}

void folder_files(struct bytes folder, bool (*wanted)(struct bytes name),
                  void (*take)(void *arg, struct bytes path), void *arg, struct buf *why)
{
    const struct walk walk = {wanted, take, arg, why};
    struct bytes from = bytes_eq(folder, B(".")) || bytes_eq(folder, B("./")) ? B("") : folder;
    while (from.len > 1 && from.ptr[from.len - 1] == '/')
        from.len--;
    search(&walk, from);
}
