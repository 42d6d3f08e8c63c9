/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "io/trail.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"

/* A file of the folder. */
struct candidate {
    struct bytes path; /* owned, NUL-terminated */
    dev_t device;
    ino_t inode;
    int64_t modified; /* nanoseconds */
    struct bytes key; /* how its name differs: "1", "20260131"; empty: it is no rotated one */
    bool named;       /* it has the name itself */
    bool compressed;
    bool taken; /* it, or the file that it is the compressed form of, is on the trail */
};

struct search {
    const struct input_place *place;
    struct candidate *list; /* owned */
    size_t count, room;
};

/* --- names ----------------------------------------------------------------------------------- */

static const struct bytes compressions[] = {{".gz", 3}, {".xz", 3}, {".zst", 4}, {".bz2", 4}};

static bool cut_compression(struct bytes *name)
{
    for (size_t i = 0; i < sizeof(compressions) / sizeof(*compressions); i++) {
        if (!bytes_ends(*name, compressions[i]))
            continue;
        name->len -= compressions[i].len;
        return true;
    }
    return false;
}

/* A separator and a digit follow the beginning, and the end follows at some place. */
static bool find_key(struct bytes name, struct bytes beginning, struct bytes end, struct bytes *key)
{
    size_t least = beginning.len + 2 + end.len;
    if (name.len < least || !bytes_starts(name, beginning) || !bytes_ends(name, end) ||
        bytes_chr(B(".-_"), name.ptr[beginning.len], 0) < 0 ||
        !is_digit(name.ptr[beginning.len + 1]))
        return false;
    *key = bytes_slice(name, beginning.len + 1, name.len - end.len);
    return true;
}

/* The name of a rotated file without its compression: "a.log.1", "a.log-20260131" and
 * "a-20260131.log" of "a.log". */
static struct bytes key_of(struct bytes base, struct bytes name)
{
    struct bytes key = {0};
    ptrdiff_t dot = bytes_rfind(base, B("."));
    if (!find_key(name, base, B(""), &key) && dot > 0)
        find_key(name, bytes_slice(base, 0, (size_t)dot), bytes_from(base, (size_t)dot), &key);
    return key;
}

/* A number that goes up with each rotation. */
static bool is_counter(struct bytes key, int64_t *counter)
{
    enum { LONGEST = 5 }; /* longer ones are dates or seconds */
    return key.len <= LONGEST && bytes_uint(key, false, counter);
}

/* Did the name belong to one before it belonged to the other? */
static bool is_older(const struct candidate *one, const struct candidate *other)
{
    int64_t a, b;
    if (is_counter(one->key, &a) && is_counter(other->key, &b))
        return a > b;
    if (one->modified != other->modified)
        return one->modified < other->modified;
    return bytes_cmp(one->key, other->key) < 0;
}

/* --- the folder ------------------------------------------------------------------------------ */

/* What is no regular file is left out. */
static void add_candidate(struct search *search, struct bytes path)
{
    struct candidate candidate = {.path = bytes_dup(path)};
    struct bytes base = path_name(search->place->name), name = path_name(candidate.path);
    struct stat status;
    candidate.named = bytes_eq(name, base);
    candidate.compressed = !candidate.named && cut_compression(&name);
    candidate.key = key_of(base, name);
    if (stat(candidate.path.ptr, &status) != 0 || !S_ISREG(status.st_mode)) {
        bytes_free(candidate.path);
        return;
    }
    candidate.device = status.st_dev;
    candidate.inode = status.st_ino;
    candidate.modified = status.st_mtim.tv_sec * INT64_C(1000000000) + status.st_mtim.tv_nsec;
    MEM_GROW(search->list, search->count, search->room, 16);
    search->list[search->count++] = candidate;
}

/* All but the name itself. */
static void list_folder(struct search *search)
{
    struct buf path = {0};
    struct bytes folder = path_folder(search->place->name);
    char *opened = bytes_cstr(folder);
    DIR *entries = opendir(opened);
    free(opened);
    for (struct dirent *entry; entries && (entry = readdir(entries)) != NULL;) {
        struct bytes name = bytes_of(entry->d_name);
        buf_clear(&path);
        buf_cat(&path, folder, bytes_ends(folder, B("/")) ? B("") : B("/"), name);
        if (!bytes_eq(name, path_name(search->place->name)))
            add_candidate(search, buf_bytes(&path));
    }
    if (entries)
        closedir(entries);
    buf_free(&path);
}

/* --- the file of the place ------------------------------------------------------------------- */

struct stream *trail_open(const char *path, uint64_t offset, struct file_bytes *known)
{
    enum { BLOCK = 64 * 1024 };
    struct stream *stream = stream_open(bytes_of(path));
    char *room = mem_alloc(BLOCK);
    uint64_t at = 0;
    *known = (struct file_bytes){0};
    while (stream && at < offset) {
        size_t size = offset - at < BLOCK ? (size_t)(offset - at) : BLOCK;
        ptrdiff_t got = stream_read(stream, room, size);
        if (got <= 0)
            break;
        file_bytes_follow(known, at, bytes_make(room, (size_t)got));
        at += (uint64_t)got;
    }
    free(room);
    if (at == offset)
        return stream;
    stream_close(stream);
    return NULL;
}

/* Its beginning first: the place may be far away from that. */
static bool holds_compressed(const char *path, const struct input_place *place)
{
    struct file_bytes known;
    struct stream *stream = trail_open(path, place->head.len, &known);
    bool fits = stream && place_fits_head(place, &known);
    stream_close(stream);
    if (!fits)
        return false;
    stream = trail_open(path, place->offset, &known);
    fits = stream && place_fits_tail(place, &known);
    stream_close(stream);
    return fits;
}

/* Does the file hold what the place says, as far as to its offset? */
static bool holds(const struct candidate *candidate, const struct input_place *place)
{
    struct file_bytes known;
    struct stat status;
    if (candidate->compressed)
        return holds_compressed(candidate->path.ptr, place);
    int fd = open(candidate->path.ptr, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return false;
    bool long_enough = fstat(fd, &status) == 0 && (uint64_t)status.st_size >= place->offset;
    if (long_enough)
        file_bytes_read(fd, place->offset, &known);
    close(fd);
    return long_enough && place_fits(place, &known);
}

static bool has_number(const struct candidate *candidate, const struct input_place *place)
{
    return candidate->device == place->device && candidate->inode == place->inode;
}

/* By its number; the name itself first. */
static const struct candidate *find_number(const struct search *search, bool *begun_anew)
{
    const struct candidate *found = NULL;
    for (size_t i = 0; i < search->count; i++)
        if (has_number(&search->list[i], search->place) && (!found || search->list[i].named))
            found = &search->list[i];
    /* If it cannot be read, whoever opens it says why. */
    if (!found || access(found->path.ptr, R_OK) != 0 || holds(found, search->place))
        return found;
    *begun_anew = found->named;
    return NULL;
}

static int64_t moment(const struct search *search)
{
    return (search->place->second - 1) * INT64_C(1000000000); /* files' clocks are a bit behind */
}

/* Of files that begin alike it is the first one that was written after that run, or the last one
 * written before. */
static bool is_likelier(const struct search *search, const struct candidate *one,
                        const struct candidate *other)
{
    bool late = one->modified >= moment(search), other_late = other->modified >= moment(search);
    if (late != other_late)
        return late;
    return late ? is_older(one, other) : is_older(other, one);
}

/* By its marks: a copy, or compressed. */
static const struct candidate *find_marks(const struct search *search)
{
    const struct candidate *found = NULL;
    if (search->place->head.len == 0 && search->place->tail.len == 0)
        return NULL;
    for (size_t i = 0; i < search->count; i++) {
        const struct candidate *candidate = &search->list[i];
        if (candidate->key.len > 0 && !has_number(candidate, search->place) &&
            (!found || is_likelier(search, candidate, found)) && holds(candidate, search->place))
            found = candidate;
    }
    return found;
}

/* --- those after it -------------------------------------------------------------------------- */

static bool follows(const struct search *search, const struct candidate *found,
                    const struct candidate *candidate)
{
    if (candidate->key.len == 0)
        return false;
    if (!found)
        return search->place->second > 0 && candidate->modified >= moment(search);
    return is_older(found, candidate);
}

/* The oldest of those that are left; of a file and its compressed form, the file. */
static const struct candidate *next_one(const struct search *search, const struct candidate *found)
{
    const struct candidate *best = NULL;
    for (size_t i = 0; i < search->count; i++) {
        const struct candidate *candidate = &search->list[i];
        if (candidate->taken || !follows(search, found, candidate))
            continue;
        bool same = best && bytes_eq(candidate->key, best->key);
        if (!best || (same ? best->compressed : is_older(candidate, best)))
            best = candidate;
    }
    return best;
}

static void take(struct search *search, const struct candidate *candidate, struct trail *trail)
{
    trail->files = mem_array(trail->files, trail->count + 1, sizeof(*trail->files));
    trail->files[trail->count++] = (struct trail_file){.path = bytes_cstr(candidate->path),
                                                       .device = candidate->device,
                                                       .inode = candidate->inode,
                                                       .compressed = candidate->compressed};
    for (size_t i = 0; i < search->count; i++)
        if (&search->list[i] == candidate ||
            (candidate->key.len > 0 && bytes_eq(search->list[i].key, candidate->key)))
            search->list[i].taken = true;
}

static void search_end(struct search *search)
{
    for (size_t i = 0; i < search->count; i++)
        bytes_free(search->list[i].path);
    free(search->list);
}

/* Have all files the names that they had? */
static bool is_unchanged(const struct search *search)
{
    struct search now = {.place = search->place};
    add_candidate(&now, search->place->name);
    list_folder(&now);
    bool same = now.count == search->count;
    for (size_t i = 0; same && i < now.count; i++) {
        const struct candidate *one = &search->list[i], *other = &now.list[i];
        same = one->device == other->device && one->inode == other->inode &&
               bytes_eq(one->path, other->path);
    }
    search_end(&now);
    return same;
}

/* Most often the file still has its name: then nothing else is looked at.  false: a rotation was
 * under way. */
static bool look(const struct input_place *place, struct trail *trail)
{
    struct search search = {.place = place};
    add_candidate(&search, place->name);
    const struct candidate *found = find_number(&search, &trail->begun_anew);
    bool listed = !found;
    if (listed) {
        list_folder(&search);
        found = find_number(&search, &trail->begun_anew);
    }
    if (!found)
        found = find_marks(&search);
    if (found) {
        trail->found = true;
        trail->begun_anew = false;
        take(&search, found, trail);
    }
    for (const struct candidate *next;
         (!found || !found->named) && (next = next_one(&search, found));)
        take(&search, next, trail);
    bool sure = !listed || is_unchanged(&search);
    search_end(&search);
    return sure;
}

void trail_find(const struct input_place *place, struct trail *trail)
{
    enum { ATTEMPTS = 20 };
    *trail = (struct trail){0};
    for (int i = 0; !look(place, trail) && i < ATTEMPTS; i++)
        trail_free(trail);
}

bool trail_is_there(const struct trail_file *file)
{
    struct stat status;
    return stat(file->path, &status) == 0 && status.st_dev == file->device &&
           status.st_ino == file->inode;
}

void trail_free(struct trail *trail)
{
    for (size_t i = 0; i < trail->count; i++)
        free(trail->files[i].path);
    free(trail->files);
    *trail = (struct trail){0};
}
