/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of a package, and what has become of them in the service's folder. */
#include "library/package.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/folder.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/rewrite.h"
#include "prove/sectest.h"

static struct bytes path_in(struct library *library, struct bytes folder, struct bytes name)
{
    return arena_cat(&library->arena, folder, B("/"), name);
}

static bool is_file(struct bytes path)
{
    struct stat info;
    return stat(path.ptr, &info) == 0 && S_ISREG(info.st_mode);
}

struct package *package_add(struct library *library, struct bytes name)
{
    MEM_GROW(library->packages, library->count, library->room, 32);
    struct package *package = &library->packages[library->count++];
    name = arena_bytes(&library->arena, name);
    *package = (struct package){.name = name,
                                .folder = path_in(library, library->rules, name),
                                .head = B(""),
                                .sentence = B(""),
                                .state = PACKAGE_GONE};
    return package;
}

/* A link of any text that leads to the file counts: people make some by hand. */
static enum target_state state_of(const struct package_file *file)
{
    struct stat link, target, source;
    if (lstat(file->target.ptr, &link) != 0)
        return FILE_MISSING;
    if (file->copy)
        return FILE_THERE;
    bool leads = S_ISLNK(link.st_mode) && stat(file->target.ptr, &target) == 0 &&
                 stat(file->source.ptr, &source) == 0 && target.st_dev == source.st_dev &&
                 target.st_ino == source.st_ino;
    return leads ? FILE_THERE : FILE_THEIRS;
}

static void add_file(struct library *library, struct package *package, struct bytes name, bool copy)
{
    for (size_t i = 0; i < package->file_count; i++)
        if (bytes_eq(path_name(package->files[i].source), name))
            return;
    MEM_GROW(package->files, package->file_count, package->file_room, 4);
    struct package_file *file = &package->files[package->file_count++];
    *file = (struct package_file){.source = path_in(library, package->folder, name),
                                  .target = path_in(library, library->etc, name),
                                  .copy = copy};
    file->state = state_of(file);
}

/* Files beside the rules that the rules look for in /etc/secant, which is how they are written
 * whatever folder the service has. */
static void add_looked_for(struct library *library, struct package *package, struct bytes text)
{
    static const struct bytes etc = {"/etc/secant/", sizeof("/etc/secant/") - 1};
    for (ptrdiff_t at = 0; (at = bytes_find(text, etc, (size_t)at)) >= 0;) {
        size_t from = (size_t)at + etc.len, to = from;
        while (to < text.len && (is_word(text.ptr[to]) || strchr(".-", text.ptr[to])))
            to++;
        while (to > from && text.ptr[to - 1] == '.')
            to--;
        struct bytes name = bytes_slice(text, from, to);
        bool rules = bytes_ends(name, B(".sec"));
        if (name.len > 0 && !rules && is_file(path_in(library, package->folder, name)))
            add_file(library, package, name, true);
        at = (ptrdiff_t)to;
    }
}

/* How many rules a file has: lines that begin with type=, Options being none. */
static size_t rules_in(struct bytes text)
{
    size_t count = 0;
    struct bytes line;
    while (bytes_piece(&text, '\n', &line)) {
        line = bytes_trim(line);
        if (!bytes_starts(line, B("type")))
            continue;
        struct bytes rest = bytes_trim(bytes_from(line, 4));
        bool options = bytes_eq(bytes_trim(bytes_from(rest, rest.len > 0)), B("Options"));
        count += rest.len > 0 && *rest.ptr == '=' && !options;
    }
    return count;
}

static void hear_nothing(void *arg, struct test_place place, struct bytes line, struct bytes text,
                         struct bytes hint)
{
    (void)arg, (void)place, (void)line, (void)text, (void)hint;
}

/* How many tests `secant test` runs of a file: one for each row of a table.  It is that which tells
 * of what is wrong in them. */
static size_t tests_in(struct bytes path, struct bytes text)
{
    struct test_file *file = test_file_parse(path, text, hear_nothing, NULL);
    size_t count = file->count;
    test_file_free(file);
    return count;
}

struct reading {
    struct library *library;
    struct package *package;
    struct buf *why;
};

static bool is_read(struct bytes name)
{
    return bytes_ends(name, B(".sec")) || bytes_ends(name, B(".sectest"));
}

static void read_file(void *arg, struct bytes path)
{
    struct reading *reading = arg;
    struct package *package = reading->package;
    struct bytes name = path_name(path);
    struct buf text = {0};
    if (!bytes_eq(path_folder(path), package->folder))
        return; /* folders within the package are none of it */
    char *cpath = bytes_cstr(path);
    if (!file_read(cpath, &text)) {
        buf_cat(reading->why, reading->why->len > 0 ? B("; ") : B(""), path, B(": "),
                error_text(errno));
    } else if (bytes_ends(name, B(".sectest"))) {
        package->tests += tests_in(path, buf_bytes(&text));
    } else if (!bytes_eq(name, B("testing.sec"))) {
        bool settings = bytes_eq(name, B("settings.sec"));
        package->rules += settings ? 0 : rules_in(buf_bytes(&text));
        add_file(reading->library, package, name, settings);
        if (!settings)
            add_looked_for(reading->library, package, buf_bytes(&text));
    }
    free(cpath);
    buf_free(&text);
}

static bool read_main(struct library *library, struct package *package, struct bytes path,
                      struct buf *why)
{
    struct buf text = {0};
    bool read = file_read(path.ptr, &text);
    if (read)
        package_read_head(library, package, buf_bytes(&text));
    else
        buf_cat(why, path, B(": "), error_text(errno));
    buf_free(&text);
    return read;
}

bool package_read(struct library *library, struct bytes name, struct buf *why)
{
    struct bytes main = bytes_eq(name, B("base")) ? B("alert") : name;
    struct bytes path =
        arena_cat(&library->arena, library->rules, B("/"), name, B("/"), main, B(".sec"));
    if (!is_file(path))
        return true;
    struct package *package = package_add(library, name);
    struct reading reading = {library, package, why};
    if (!read_main(library, package, path, why))
        return false;
    folder_files(package->folder, is_read, read_file, &reading, why);
    size_t links = 0, there = 0;
    for (size_t i = 0; i < package->file_count; i++) {
        links += !package->files[i].copy;
        there += !package->files[i].copy && package->files[i].state == FILE_THERE;
    }
    package->state = there == 0 ? PACKAGE_OFF : there < links ? PACKAGE_PART : PACKAGE_ON;
    return why->len == 0;
}
