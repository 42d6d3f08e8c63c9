/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "site/site.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/rewrite.h"

enum { MOST_LINKS = 8 };

/* The earlier ones go before the later ones. */
static const char *const folders[] = {"/etc/systemd/system", "/run/systemd/system",
                                      "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
                                      "/lib/systemd/system"};
enum { FOLDERS = sizeof(folders) / sizeof(*folders) };

void site_init(struct site *site, struct arena *arena, struct bytes root)
{
    while (bytes_ends(root, B("/")))
        root.len--;
    *site = (struct site){.arena = arena, .root = arena_bytes(arena, root), .name = B("")};
    site->unit.arena = site->environment.arena = arena;
}

void site_free(struct site *site)
{
    unit_free(&site->unit);
    environment_free(&site->environment);
    word_list_free(&site->reference);
    word_list_free(&site->options);
    buf_free(&site->files);
}

/* -- Its files -- */

struct bytes site_path(const struct site *site, struct bytes path)
{
    return arena_cat(site->arena, site->root, path);
}

/* A link that names a file from the root means the root of that machine. */
static struct bytes follow(const struct site *site, struct bytes path)
{
    char target[PATH_MAX];
    struct bytes at = site_path(site, path);
    for (int i = 0; i < MOST_LINKS && site->root.len > 0; i++) {
        ssize_t length = readlink(at.ptr, target, sizeof(target));
        if (length <= 0 || *target != '/')
            break;
        at = site_path(site, bytes_make(target, (size_t)length));
    }
    return at;
}

bool site_read(const struct site *site, struct bytes path, struct buf *text)
{
    return file_read(follow(site, path).ptr, text);
}

/* Notes that it was read; false: it holds NUL bytes, which no text does. */
static bool is_text(struct site *site, struct bytes path, struct bytes text, struct buf *why)
{
    if (bytes_chr(text, '\0', 0) >= 0) {
        buf_cat(why, path, B(": not a text\n"));
        return false;
    }
    buf_cat(&site->files, site->files.len > 0 ? B(", ") : B(""), path);
    return true;
}

static bool cannot_read(struct bytes path, struct buf *why)
{
    buf_cat(why, path, B(": "), error_text(errno), B("\n"));
    return false;
}

/* -- A unit and its drop-ins -- */

static bool read_unit(struct site *site, struct bytes path, struct buf *why)
{
    struct buf text = {0};
    bool fine = site_read(site, path, &text) || cannot_read(path, why);
    fine = fine && is_text(site, path, buf_bytes(&text), why);
    if (fine)
        unit_read(&site->unit, path, buf_bytes(&text));
    buf_free(&text);
    return fine;
}

static bool is_there(const struct site *site, struct bytes path)
{
    return access(follow(site, path).ptr, F_OK) == 0;
}

/* foo@.service of foo@bar.service; "": it is no instance. */
static struct bytes template_of(const struct site *site, struct bytes name)
{
    ptrdiff_t at = bytes_chr(name, '@', 0), dot = bytes_rfind(name, B("."));
    if (at < 0 || dot <= at + 1)
        return B("");
    return arena_cat(site->arena, bytes_slice(name, 0, (size_t)at + 1),
                     bytes_from(name, (size_t)dot));
}

/* "": there is none. */
static struct bytes find_unit(const struct site *site, struct bytes name)
{
    for (size_t i = 0; i < FOLDERS && name.len > 0; i++) {
        struct bytes path = arena_cat(site->arena, bytes_of(folders[i]), B("/"), name);
        if (is_there(site, path))
            return path;
    }
    return B("");
}

/* The files that a pattern of that machine names. */
static void find_files(const struct site *site, struct bytes pattern, struct word_list *found)
{
    glob_t glob_result = {0};
    if (glob(site_path(site, pattern).ptr, 0, NULL, &glob_result) == 0)
        for (size_t i = 0; i < glob_result.gl_pathc; i++)
            word_list_add(found, site->arena,
                          bytes_from(bytes_of(glob_result.gl_pathv[i]), site->root.len));
    globfree(&glob_result);
}

/* By their own names; of the same name, the one that was found first. */
static int compare_drop_ins(const void *a, const void *b)
{
    const struct bytes *left = a, *right = b;
    int order = bytes_cmp(path_name(*left), path_name(*right));
    return order ? order : (left->ptr > right->ptr) - (left->ptr < right->ptr);
}

static void find_drop_ins(const struct site *site, struct bytes name, struct word_list *found)
{
    for (size_t i = 0; i < FOLDERS && name.len > 0; i++)
        find_files(site, arena_cat(site->arena, bytes_of(folders[i]), B("/"), name, B(".d/*.conf")),
                   found);
}

static bool read_drop_ins(struct site *site, struct bytes name, struct buf *why)
{
    struct word_list found = {0}, chosen = {0};
    bool fine = true;
    find_drop_ins(site, name, &found);
    find_drop_ins(site, template_of(site, name), &found);
    find_drop_ins(site, B("service"), &found);
    for (size_t i = 0; i < found.count; i++) {
        size_t j = 0;
        while (j < chosen.count && !bytes_eq(path_name(chosen.items[j]), path_name(found.items[i])))
            j++;
        if (j == chosen.count)
            word_list_add(&chosen, site->arena, found.items[i]);
    }
    if (chosen.count > 0)
        qsort(chosen.items, chosen.count, sizeof(*chosen.items), compare_drop_ins);
    for (size_t i = 0; i < chosen.count && fine; i++)
        fine = read_unit(site, chosen.items[i], why);
    word_list_free(&found);
    word_list_free(&chosen);
    return fine;
}

static bool read_files(struct site *site, struct bytes unit, struct buf *why)
{
    if (bytes_chr(unit, '/', 0) >= 0) {
        struct site here = *site;
        here.root = B(""); /* it is given as it is */
        site->name = arena_bytes(site->arena, path_name(unit));
        bool fine = read_unit(&here, unit, why);
        site->unit = here.unit;
        site->files = here.files;
        return fine;
    }
    bool whole = bytes_ends(unit, B(".service"));
    site->name = arena_cat(site->arena, unit, whole ? B("") : B(".service"));
    struct bytes path = find_unit(site, site->name);
    if (path.len == 0)
        path = find_unit(site, template_of(site, site->name));
    if (path.len > 0)
        return read_unit(site, path, why) && read_drop_ins(site, site->name, why);
    buf_cat(why, B("There is no unit "), site->name, B(" in "));
    for (size_t i = 0; i < FOLDERS; i++)
        buf_cat(why, i ? B(", ") : B(""), site->root, bytes_of(folders[i]));
    buf_add(why, B("\n"));
    return false;
}

/* -- What it says -- */

static bool refuse(const struct unit_line *line, struct bytes what, struct buf *why)
{
    unit_add_place(why, line);
    buf_cat(why, line->key, B(": "), what, B("\n"));
    return false;
}

static bool read_environment(struct site *site, struct buf *why)
{
    const struct unit_line *line = NULL;
    while ((line = unit_next(&site->unit, "Service", "Environment", line)) != NULL) {
        struct word_list words = {0};
        struct buf wrong = {0};
        bool fine = unit_split(site->arena, line->value, site->name, &words, &wrong);
        for (size_t i = 0; i < words.count; i++)
            environment_put(&site->environment, words.items[i]);
        if (!fine)
            refuse(line, buf_bytes(&wrong), why);
        word_list_free(&words);
        buf_free(&wrong);
        if (!fine)
            return false;
    }
    return true;
}

static bool read_environment_file(struct site *site, struct bytes path, struct buf *why)
{
    struct buf text = {0};
    bool fine = site_read(site, path, &text) || cannot_read(path, why);
    fine = fine && is_text(site, path, buf_bytes(&text), why);
    if (fine)
        environment_read(&site->environment, buf_bytes(&text));
    buf_free(&text);
    return fine;
}

static bool read_environment_files(struct site *site, struct buf *why)
{
    const struct unit_line *line = NULL;
    bool fine = true;
    while (fine && (line = unit_next(&site->unit, "Service", "EnvironmentFile", line)) != NULL) {
        struct bytes pattern = line->value;
        struct word_list found = {0};
        bool may_lack = bytes_starts(pattern, B("-"));
        pattern = bytes_from(pattern, may_lack);
        find_files(site, pattern, &found);
        if (found.count == 0 && !may_lack)
            fine = refuse(line, B("there is no such file"), why);
        for (size_t i = 0; i < found.count && fine; i++)
            fine = read_environment_file(site, found.items[i], why);
        word_list_free(&found);
    }
    return fine;
}

static bool is_shell(struct bytes name)
{
    static const char *const shells[] = {"sh", "bash", "dash", "ksh", "zsh", "busybox"};
    for (size_t i = 0; i < sizeof(shells) / sizeof(*shells); i++)
        if (bytes_eq(name, bytes_of(shells[i])))
            return true;
    return false;
}

/* "sec", or "perl" and its options up to a name: what comes after it is SEC's. */
static bool part_words(struct site *site, const struct unit_line *line,
                       const struct word_list *words, struct buf *why)
{
    struct bytes program = path_name(words->items[0]);
    size_t at = 1;
    if (is_shell(program))
        return refuse(line,
                      B("a shell starts SEC, and only that knows with which options: give --ref, "
                        "--conf and SEC's other options on the command line instead"),
                      why);
    if (bytes_starts(program, B("perl"))) {
        while (at < words->count && bytes_starts(words->items[at], B("-")))
            at++;
        if (at++ == words->count)
            return refuse(line, B("perl is given no program"), why);
    }
    for (size_t i = 0; i < words->count; i++)
        word_list_add(i < at ? &site->reference : &site->options, site->arena, words->items[i]);
    return true;
}

static bool read_command(struct site *site, struct buf *why)
{
    const struct unit_line *line = unit_next(&site->unit, "Service", "ExecStart", NULL);
    struct word_list words = {0};
    struct buf wrong = {0};
    if (!line) {
        buf_cat(why, site->name, B(": there is no ExecStart= in a section [Service]\n"));
        return false;
    }
    if (unit_next(&site->unit, "Service", "ExecStart", line))
        return refuse(line, B("there is more than one"), why);
    bool fine =
        unit_command(site->arena, line->value, site->name, &site->environment, &words, &wrong) ||
        refuse(line, buf_bytes(&wrong), why);
    fine = fine && part_words(site, line, &words, why);
    word_list_free(&words);
    buf_free(&wrong);
    return fine;
}

bool site_from_unit(struct site *site, struct bytes unit, struct buf *why)
{
    bool fine = read_files(site, unit, why);
    if (fine && site->unit.count == 0 && site->unit.errors.len == 0) {
        buf_cat(why, site->name, B(": the unit is empty or masked\n"));
        fine = false;
    }
    buf_add(why, buf_bytes(&site->unit.errors));
    return fine && read_environment(site, why) && read_environment_files(site, why) &&
           read_command(site, why);
}

/* Debian's, and those that other systems use for it. */
bool site_from_default(struct site *site, struct bytes path, struct buf *why)
{
    static const char *const names[] = {"DAEMON_ARGS", "DAEMON_OPTS", "SEC_ARGS", "OPTIONS"};
    struct buf text = {0};
    site->name = arena_bytes(site->arena, path);
    bool fine = site_read(site, path, &text) || cannot_read(path, why);
    fine = fine && is_text(site, path, buf_bytes(&text), why) &&
           environment_read_shell(&site->environment, path, buf_bytes(&text), why);
    buf_free(&text);
    if (!fine)
        return false;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names) && site->options.count == 0; i++) {
        struct bytes rest = environment_get(&site->environment, bytes_of(names[i])), word;
        while (bytes_word(&rest, &word))
            word_list_add(&site->options, site->arena, word);
    }
    if (site->options.count > 0)
        return true;
    buf_cat(why, path, B(": none of DAEMON_ARGS, DAEMON_OPTS, SEC_ARGS and OPTIONS is set\n"));
    return false;
}
