/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Both folders as they are: the packages, and links to files that are gone. */
#include "library/library.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "library/package.h"

static bool cannot(struct buf *why, struct bytes path)
{
    buf_cat(why, path, B(": "), error_text(errno));
    return false;
}

/* The folder's own path; one that is not there keeps what was given. */
static bool find_folder(struct library *library, struct bytes given, bool needed,
                        struct bytes *folder, struct buf *why)
{
    struct bytes name = arena_bytes(&library->arena, given);
    char *path = realpath(name.ptr, NULL);
    bool fine = path || (!needed && errno == ENOENT);
    if (!fine)
        return cannot(why, name);
    *folder = path ? arena_bytes(&library->arena, bytes_of(path)) : name;
    free(path);
    return true;
}

static int is_plain(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* What is in a folder, in order; -1: `why`. */
static int look_into(struct bytes folder, struct dirent ***entries, struct buf *why)
{
    int count = scandir(folder.ptr, entries, is_plain, by_name);
    if (count < 0)
        cannot(why, folder);
    return count;
}

static void entries_free(struct dirent **entries, int count)
{
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
}

static bool read_packages(struct library *library, struct buf *why)
{
    struct dirent **entries;
    int count = look_into(library->rules, &entries, why);
    if (count < 0)
        return false;
    bool fine = true;
    for (int i = 0; fine && i < count; i++)
        fine = package_read(library, bytes_of(entries[i]->d_name), why);
    entries_free(entries, count);
    if (fine && !library_find(library, B("base"))) {
        buf_cat(why, library->rules, B(" is not a rule library: it has no base/alert.sec"));
        return false;
    }
    return fine;
}

static int package_order(const void *a, const void *b)
{
    const struct package *one = a, *other = b;
    return bytes_cmp(one->name, other->name);
}

/* Is this what a link to the file of a package says, LIBRARY/NAME/FILE? */
static bool of_package(const struct library *library, struct bytes text, struct bytes file,
                       struct bytes *name)
{
    if (!bytes_starts(text, library->rules) || text.len == library->rules.len)
        return false;
    struct bytes rest = bytes_from(text, library->rules.len);
    if (!bytes_piece(&rest, '/', name) || name->len > 0) /* what is before the first slash */
        return false;
    return bytes_piece(&rest, '/', name) && name->len > 0 && bytes_eq(rest, file);
}

static void add_dangling(struct library *library, struct bytes name, struct dangling dangling)
{
    struct package *package = (struct package *)library_find(library, name);
    if (!package)
        package = package_add(library, name);
    else if (package->state != PACKAGE_GONE)
        package->state = PACKAGE_PART;
    MEM_GROW(package->dangling, package->dangling_count, package->dangling_room, 2);
    package->dangling[package->dangling_count++] = dangling;
}

static bool is_of_a_package(const struct library *library, struct bytes path)
{
    for (size_t i = 0; i < library->count; i++)
        for (size_t k = 0; k < library->packages[i].file_count; k++) {
            const struct package_file *file = &library->packages[i].files[k];
            if (bytes_eq(file->target, path) && file->state == FILE_THERE)
                return true;
        }
    return false;
}

static void look_at(struct library *library, struct bytes file)
{
    char text[PATH_MAX];
    struct stat info;
    struct bytes name, path = arena_cat(&library->arena, library->etc, B("/"), file);
    ssize_t len = readlink(path.ptr, text, sizeof(text));
    struct bytes said = bytes_make(text, len > 0 ? (size_t)len : 0);
    if (said.len > 0 && of_package(library, said, file, &name) && stat(path.ptr, &info) != 0)
        add_dangling(library, name, (struct dangling){path, arena_bytes(&library->arena, said)});
    else if (bytes_ends(file, B(".sec")) && !is_of_a_package(library, path)) {
        MEM_GROW(library->others, library->other_count, library->other_room, 8);
        library->others[library->other_count++] = path;
    }
}

static bool read_etc(struct library *library, struct buf *why)
{
    struct dirent **entries;
    struct stat info;
    if (stat(library->etc.ptr, &info) != 0 && errno == ENOENT)
        return true;
    int count = look_into(library->etc, &entries, why);
    for (int i = 0; i < count; i++)
        look_at(library, bytes_of(entries[i]->d_name));
    if (count >= 0)
        entries_free(entries, count);
    return count >= 0;
}

bool library_open(struct library *library, struct bytes rules, struct bytes etc, struct buf *why)
{
    *library = (struct library){0};
    arena_init(&library->arena);
    if (!find_folder(library, rules, true, &library->rules, why) ||
        !find_folder(library, etc, false, &library->etc, why) || !read_packages(library, why) ||
        !read_etc(library, why))
        return false;
    qsort(library->packages, library->count, sizeof(*library->packages), package_order);
    return true;
}

void library_close(struct library *library)
{
    for (size_t i = 0; i < library->count; i++) {
        free(library->packages[i].files);
        free(library->packages[i].dangling);
    }
    free(library->packages);
    free(library->others);
    arena_free(&library->arena);
    *library = (struct library){0};
}

const struct package *library_find(const struct library *library, struct bytes name)
{
    for (size_t i = 0; i < library->count; i++)
        if (bytes_eq(library->packages[i].name, name))
            return &library->packages[i];
    return NULL;
}

struct bytes package_state_word(enum package_state state)
{
    switch (state) {
    case PACKAGE_OFF:
        return B("-");
    case PACKAGE_ON:
        return B("enabled");
    case PACKAGE_PART:
        return B("partly");
    case PACKAGE_GONE:
        return B("dangling");
    }
    return B("");
}
