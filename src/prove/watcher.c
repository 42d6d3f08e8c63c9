/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/watcher.h"

#include <sys/stat.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/table.h"
#include "io/glob.h"
#include "io/loop.h"

enum { LOOK = 1000 }; /* milliseconds */

/* A test file. */
struct known {
    struct bytes path; /* owned */
    /* Owned; what it depends on, each with a NUL after it: names of files, and patterns. */
    struct buf names, patterns;
    struct buf state;       /* owned; how these were */
    struct watch **watches; /* owned */
    size_t watch_count, watch_room;
};

struct watcher {
    struct loop *loop;
    struct table files; /* struct known by path */
};

static struct bytes key_of(const void *entry)
{
    return ((const struct known *)entry)->path;
}

struct watcher *watcher_new(void)
{
    struct watcher *watcher = mem_zalloc(sizeof(*watcher));
    watcher->loop = loop_new();
    table_init(&watcher->files, key_of);
    return watcher;
}

static void forget(struct known *known)
{
    for (size_t i = 0; i < known->watch_count; i++)
        watch_free(known->watches[i]);
    free(known->watches);
    buf_free(&known->names);
    buf_free(&known->patterns);
    buf_free(&known->state);
    bytes_free(known->path);
    free(known);
}

void watcher_free(struct watcher *watcher)
{
    struct known *known;
    if (!watcher)
        return;
    for (size_t at = 0; (known = table_next(&watcher->files, &at));)
        forget(known);
    table_free(&watcher->files);
    loop_free(watcher->loop);
    free(watcher);
}

/* -- What a file depends on -- */

static void add_name(struct buf *names, struct bytes name)
{
    buf_cat(names, name, B("\0"));
}

static bool next_name(struct bytes *rest, struct bytes *name)
{
    ptrdiff_t end = bytes_chr(*rest, '\0', 0);
    if (end < 0)
        return false;
    *name = bytes_slice(*rest, 0, (size_t)end);
    *rest = bytes_from(*rest, (size_t)end + 1);
    return true;
}

static void collect_names(struct known *known, const struct test_file *file)
{
    add_name(&known->names, file->path);
    for (size_t i = 1; i < file->source_count; i++)
        add_name(&known->names, file->sources[i]);
    for (size_t i = 0; i < file->count; i++) {
        const struct test *test = &file->tests[i];
        /* Most tests have the head's rules. */
        for (size_t k = 0; k < test->rule_count && (i == 0 || test->rules != test[-1].rules); k++)
            add_name(&known->patterns, test->rules[k]);
        for (size_t k = 0; k < test->step_count; k++)
            if (test->steps[k].kind == TEST_STEP_LINES)
                add_name(&known->names, test->steps[k].text);
    }
}

static void add_state(struct buf *state, struct bytes name)
{
    struct stat info;
    buf_cat(state, name, B("\0"));
    if (stat(name.ptr, &info) == 0)
        buf_cat(state, NUM(info.st_ino), B(" "), NUM(info.st_size), B(" "),
                NUM(info.st_mtim.tv_sec), B("."), NUM(info.st_mtim.tv_nsec), B("\n"));
}

/* The names, those of patterns as well, and how the files are. */
static void look(const struct known *known, struct buf *names, struct buf *state)
{
    struct bytes rest = buf_bytes(&known->patterns), name;
    buf_add(names, buf_bytes(&known->names));
    while (next_name(&rest, &name)) {
        struct file_names found = {0};
        glob_names(name, &found);
        for (size_t i = 0; i < found.count; i++)
            add_name(names, found.names[i]);
        file_names_free(&found);
    }
    for (rest = buf_bytes(names); next_name(&rest, &name);)
        add_state(state, name);
}

static void nothing(void *arg)
{
    (void)arg; /* it ends the wait */
}

static void watch_all(struct watcher *watcher, struct known *known, struct bytes names)
{
    for (struct bytes name; next_name(&names, &name);) {
        MEM_GROW(known->watches, known->watch_count, known->watch_room, 4);
        known->watches[known->watch_count++] = watch_path(watcher->loop, name.ptr, nothing, NULL);
    }
}

void watcher_know(struct watcher *watcher, const struct test_file *file)
{
    struct buf names = {0};
    struct known *known = table_remove(&watcher->files, file->path);
    if (known)
        forget(known);
    known = mem_zalloc(sizeof(*known));
    known->path = bytes_dup(file->path);
    collect_names(known, file);
    look(known, &names, &known->state);
    watch_all(watcher, known, buf_bytes(&names));
    buf_free(&names);
    table_insert(&watcher->files, known);
}

bool watcher_changed(struct watcher *watcher, struct bytes path)
{
    struct buf names = {0}, state = {0};
    const struct known *known = table_find(&watcher->files, path);
    if (!known)
        return true;
    look(known, &names, &state);
    bool changed = !bytes_eq(buf_bytes(&state), buf_bytes(&known->state));
    buf_free(&names);
    buf_free(&state);
    return changed;
}

static struct bytes name_of(const void *entry)
{
    return *(const struct bytes *)entry;
}

size_t watcher_count(const struct watcher *watcher)
{
    struct table names;
    struct arena arena;
    const struct known *known;
    size_t count = 0;
    table_init(&names, name_of);
    arena_init(&arena);
    for (size_t at = 0; (known = table_next(&watcher->files, &at));) {
        struct buf all = {0}, state = {0};
        look(known, &all, &state);
        struct bytes rest = buf_bytes(&all);
        for (struct bytes name; next_name(&rest, &name);) {
            if (table_find(&names, name))
                continue;
            struct bytes *entry = arena_alloc(&arena, sizeof(*entry));
            *entry = arena_bytes(&arena, name);
            table_insert(&names, entry);
            count++;
        }
        buf_free(&all);
        buf_free(&state);
    }
    table_free(&names);
    arena_free(&arena);
    return count;
}

void watcher_wait(struct watcher *watcher)
{
    loop_wait(watcher->loop, LOOK);
}
