/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "durable/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/sync_folder.h"
#include "base/write_whole.h"
#include "durable/imported.h"

enum { DIGITS = 6, MOST_DIGITS = 18 };

static const struct bytes kinds[] = {
    [STATE_SNAPSHOT] = B("snapshot."),
    [STATE_JOURNAL] = B("journal."),
};

/* Names. */

void state_file_name(char name[STATE_NAME], enum state_file kind, uint64_t generation,
                     const char *suffix)
{
    int length = snprintf(name, STATE_NAME, "%s%0*llu%s", kinds[kind].ptr, DIGITS,
                          (unsigned long long)generation, suffix);
    assert(length > 0 && length < STATE_NAME);
    (void)length;
}

void state_file_path(const struct state_folder *folder, enum state_file kind, uint64_t generation,
                     struct buf *path)
{
    char name[STATE_NAME];
    state_file_name(name, kind, generation, "");
    buf_cat(path, folder->path, B("/"), bytes_of(name));
}

void state_add_reason(int error, struct buf *why)
{
    struct passwd *user = error == EACCES || error == EPERM ? getpwuid(geteuid()) : NULL;
    buf_add(why, error_text(error));
    if (user)
        buf_cat(why, B(" for user "), bytes_of(user->pw_name));
}

bool state_file_failed(const struct state_folder *folder, const char *name, struct buf *why)
{
    int error = errno;
    buf_cat(why, folder->path, *name ? B("/") : B(""), bytes_of(name), B(": "));
    state_add_reason(error, why);
    return false;
}

/* Is it the name that a file of this kind has?  The number as it is written, then the suffix. */
static bool take_name(struct bytes name, enum state_file kind, uint64_t *number,
                      struct bytes *suffix)
{
    char again[STATE_NAME];
    if (!bytes_starts(name, kinds[kind]))
        return false;
    struct bytes rest = bytes_from(name, kinds[kind].len);
    size_t digits = 0;
    for (*number = 0; digits < rest.len && digits < MOST_DIGITS && is_digit(rest.ptr[digits]);)
        *number = *number * 10 + (uint64_t)(rest.ptr[digits++] - '0');
    *suffix = bytes_from(rest, digits);
    state_file_name(again, kind, *number, "");
    return *number > 0 && bytes_eq(bytes_slice(name, 0, name.len - suffix->len), bytes_of(again));
}

/* The list of generations. */

static struct state_generation *find_generation(struct state_generations *list, uint64_t number)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].number == number)
            return &list->items[i];
    }
    MEM_GROW(list->items, list->count, list->room, 8);
    list->items[list->count] = (struct state_generation){.number = number};
    return &list->items[list->count++];
}

static void take_entry(struct state_generations *list, struct bytes name)
{
    uint64_t number;
    struct bytes suffix;
    enum state_file kind = STATE_SNAPSHOT;
    if (!take_name(name, kind, &number, &suffix)) {
        kind = STATE_JOURNAL;
        if (!take_name(name, kind, &number, &suffix))
            return;
    }
    bool plain = suffix.len == 0, unfinished = bytes_eq(suffix, B(".new")),
         bad = bytes_eq(suffix, B(".bad"));
    if (!plain && !unfinished && !bad)
        return;
    struct state_generation *generation = find_generation(list, number);
    generation->snapshot |= plain && kind == STATE_SNAPSHOT;
    generation->journal |= plain && kind == STATE_JOURNAL;
    generation->unfinished |= unfinished && kind == STATE_SNAPSHOT;
    generation->bad |= bad;
    if (number > list->last)
        list->last = number;
}

static int by_number(const void *a, const void *b)
{
    const struct state_generation *one = a, *other = b;
    return (one->number > other->number) - (one->number < other->number);
}

bool state_generations(const struct state_folder *folder, struct state_generations *list,
                       struct buf *why)
{
    *list = (struct state_generations){0};
    int fd = openat(folder->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    struct dirent *entry = NULL;
    errno = dir ? 0 : errno;
    while (dir && (entry = readdir(dir)) != NULL)
        take_entry(list, bytes_of(entry->d_name));
    bool fine = errno == 0 || state_file_failed(folder, "", why);
    if (dir)
        closedir(dir);
    else if (fd >= 0)
        close(fd);
    if (list->count)
        qsort(list->items, list->count, sizeof(*list->items), by_number);
    return fine;
}

/* The lock: one of the process (fcntl), of which the system knows who has it. */

static struct flock whole_file(short type)
{
    return (struct flock){.l_type = type, .l_whence = SEEK_SET};
}

int64_t state_folder_holder(const struct state_folder *folder)
{
    assert(folder->lock < 0);
    struct flock lock = whole_file(F_WRLCK);
    int fd = openat(folder->fd, "lock", O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    bool held = fd >= 0 && fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    if (fd >= 0)
        close(fd);
    return held ? (int64_t)lock.l_pid : 0;
}

static bool refuse_held(const struct state_folder *folder, struct buf *why)
{
    struct flock lock = whole_file(F_WRLCK);
    buf_cat(why, folder->path, B(": in use by "));
    if (fcntl(folder->lock, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK && lock.l_pid > 0)
        buf_cat(why, B("process "), NUM(lock.l_pid));
    else
        buf_cat(why, B("another process")); /* one that cannot be seen from here, or just ended */
    return false;
}

/* Before there is a lock of our own. */
static bool is_used(const struct state_folder *folder)
{
    struct stat lock;
    return fstatat(folder->fd, "lock", &lock, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool take_lock(struct state_folder *folder, struct buf *why)
{
    struct flock lock = whole_file(F_WRLCK);
    folder->used = is_used(folder);
    folder->lock = openat(folder->fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (folder->lock < 0)
        return state_file_failed(folder, "lock", why);
    if (fcntl(folder->lock, F_SETLK, &lock) != 0)
        return errno == EACCES || errno == EAGAIN ? refuse_held(folder, why)
                                                  : state_file_failed(folder, "lock", why);
    /* The number is for people; on a full disk there is none. */
    bool told = ftruncate(folder->lock, 0) == 0 && write_whole(folder->lock, NUM(getpid())) &&
                write_whole(folder->lock, B("\n"));
    (void)told;
    return true;
}

/* Open and closed. */

static bool open_fd(struct state_folder *folder, struct bytes path, struct buf *why)
{
    *folder = (struct state_folder){.path = bytes_dup(path), .lock = -1};
    folder->fd = open(folder->path.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return folder->fd >= 0 || state_file_failed(folder, "", why);
}

/* The folder's own name is to be on the disk, too. */
static bool make_folder(struct bytes path, struct buf *why)
{
    char *name = bytes_cstr(path);
    int error = mkdir(name, 0700) == 0 ? 0 : errno;
    bool made = error == 0, fine = made || error == EEXIST;
    if (!fine) {
        buf_cat(why, path, B(": "));
        state_add_reason(error, why);
    }
    if (made)
        sync_folder_of(path);
    free(name);
    return fine;
}

static bool remove_unfinished(struct state_folder *folder, struct buf *why)
{
    struct state_generations list;
    char name[STATE_NAME];
    bool fine = state_generations(folder, &list, why);
    for (size_t i = 0; i < list.count && fine; i++) {
        state_file_name(name, STATE_SNAPSHOT, list.items[i].number, ".new");
        if (list.items[i].unfinished && unlinkat(folder->fd, name, 0) != 0 && errno != ENOENT)
            fine = state_file_failed(folder, name, why);
    }
    free(list.items);
    return fine;
}

/* Files that are not ours, where nothing is: a mistake, as --state=/etc would be. */
static bool is_foreign(const struct state_folder *folder, struct buf *why)
{
    int fd = openat(folder->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    bool ours = false, others = false;
    for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
        struct bytes name = bytes_of(entry->d_name), suffix;
        uint64_t number;
        if (bytes_eq(name, B("lock")) || bytes_eq(name, B(IMPORTED)) ||
            take_name(name, STATE_SNAPSHOT, &number, &suffix) ||
            take_name(name, STATE_JOURNAL, &number, &suffix))
            ours = true;
        else if (*name.ptr != '.' && !bytes_eq(name, B("lost+found")))
            others = true;
    }
    if (dir)
        closedir(dir);
    else if (fd >= 0)
        close(fd);
    if (!ours && others)
        buf_cat(why, folder->path,
                B(": it has other files and no state; an empty folder, or none, "
                  "is expected"));
    return !ours && others;
}

bool state_folder_open(struct state_folder *folder, struct bytes path, struct buf *why)
{
    *folder = (struct state_folder){.fd = -1, .lock = -1};
    bool fine = make_folder(path, why) && open_fd(folder, path, why) && !is_foreign(folder, why) &&
                take_lock(folder, why) && remove_unfinished(folder, why);
    if (!fine)
        state_folder_close(folder);
    return fine;
}

bool state_folder_look(struct state_folder *folder, struct bytes path, struct buf *why)
{
    bool fine = open_fd(folder, path, why);
    if (!fine)
        state_folder_close(folder);
    else
        folder->used = is_used(folder);
    return fine;
}

void state_folder_close(struct state_folder *folder)
{
    if (folder->lock >= 0)
        close(folder->lock);
    if (folder->fd >= 0)
        close(folder->fd);
    bytes_free(folder->path);
    *folder = (struct state_folder){.fd = -1, .lock = -1};
}

static bool is_removed(const struct state_folder *folder)
{
    struct stat status;
    return fstat(folder->fd, &status) == 0 && status.st_nlink == 0;
}

/* Somebody has removed its lock: takes another one, unless there is one that is held. */
static bool renew_lock(struct state_folder *folder, struct buf *why)
{
    struct stat status;
    int removed = folder->lock;
    if (fstat(removed, &status) != 0 || status.st_nlink > 0)
        return true;
    bool taken = take_lock(folder, why);
    if (!taken && folder->lock >= 0)
        close(folder->lock);
    if (taken)
        close(removed);
    else
        folder->lock = removed;
    return taken;
}

static bool is_empty(const struct state_folder *folder, struct buf *why)
{
    struct state_generations list;
    bool listed = state_generations(folder, &list, why);
    free(list.items);
    if (listed && list.count > 0)
        buf_cat(why, folder->path, B(": there is another state now"));
    return listed && list.count == 0;
}

bool state_folder_renew(struct state_folder *folder, struct buf *why)
{
    struct state_folder other;
    if (!is_removed(folder))
        return renew_lock(folder, why);
    if (!state_folder_open(&other, folder->path, why))
        return false;
    bool empty = is_empty(&other, why);
    state_folder_close(empty ? folder : &other);
    if (empty)
        *folder = other;
    return empty;
}

/* What becomes of files. */

bool state_folder_sync(const struct state_folder *folder, struct buf *why)
{
    return fsync(folder->fd) == 0 || state_file_failed(folder, "", why);
}

bool state_file_set_aside(const struct state_folder *folder, enum state_file kind,
                          uint64_t generation, struct buf *why)
{
    char name[STATE_NAME], aside[STATE_NAME];
    state_file_name(name, kind, generation, "");
    state_file_name(aside, kind, generation, ".bad");
    return renameat(folder->fd, name, folder->fd, aside) == 0 ||
           state_file_failed(folder, name, why);
}

static bool remove_file(const struct state_folder *folder, enum state_file kind,
                        uint64_t generation, struct buf *why)
{
    char name[STATE_NAME];
    state_file_name(name, kind, generation, "");
    return unlinkat(folder->fd, name, 0) == 0 || errno == ENOENT ||
           state_file_failed(folder, name, why);
}

bool state_folder_retain(const struct state_folder *folder, size_t keep, struct buf *why)
{
    struct state_generations list;
    bool fine = state_generations(folder, &list, why);
    size_t first = list.count, kept = 0; /* of the generations that stay */
    while (first > 0 && kept < keep)
        kept += list.items[--first].snapshot;
    for (size_t i = 0; i < first && fine; i++) {
        const struct state_generation *old = &list.items[i];
        fine = (!old->snapshot || remove_file(folder, STATE_SNAPSHOT, old->number, why)) &&
               (!old->journal || remove_file(folder, STATE_JOURNAL, old->number, why));
    }
    free(list.items);
    return fine;
}
