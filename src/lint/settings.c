/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/settings.h"

#include <errno.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/rewrite.h"
#include "base/slips.h"
#include "base/table.h"
#include "lint/excerpt.h"

#define NAME ".secant-check"

enum said { SAID_ON, SAID_OFF, SAID_NOTE, SAID_WARNING };

struct line {
    struct bytes check; /* in the text of its file */
    enum said said;
};

/* A folder on the way up from a rule file. */
struct settings_folder {
    struct bytes path;             /* owned, absolute */
    struct settings_folder *above; /* NULL: there is none, or it does not count */
    struct bytes text;             /* of its settings file; owned; ptr NULL: it has none */
    struct line *lines;
    size_t count, room;
    struct bytes *options; /* in its text */
    size_t option_count, option_room;
    bool root;
};

struct settings {
    struct table folders; /* struct settings_folder by path */
    struct bytes *options;
    size_t count, room;
};

struct reading {
    struct settings_folder *folder;
    size_t line;
    struct buf *why;
};

static struct bytes folder_path(const void *entry)
{
    return ((const struct settings_folder *)entry)->path;
}

struct settings *settings_new(void)
{
    struct settings *settings = mem_zalloc(sizeof(*settings));
    table_init(&settings->folders, folder_path);
    return settings;
}

void settings_free(struct settings *settings)
{
    size_t at = 0;
    struct settings_folder *folder;
    if (!settings)
        return;
    while ((folder = table_next(&settings->folders, &at))) {
        bytes_free(folder->path);
        bytes_free(folder->text);
        free(folder->lines);
        free(folder->options);
        free(folder);
    }
    table_free(&settings->folders);
    free(settings->options);
    free(settings);
}

/* -- Lines of a settings file -- */

#define WRONG(r, ...)                                                                              \
    wrong(r, (const struct bytes[]){__VA_ARGS__},                                                  \
          sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes))

static void wrong(const struct reading *r, const struct bytes *parts, size_t count)
{
    bool bare = bytes_eq(r->folder->path, B("/"));
    struct buf text = {0};
    buf_cat(&text, r->folder->path, bare ? B(NAME ":") : B("/" NAME ":"), NUM(r->line), B(": "));
    buf_cat_parts(&text, parts, count);
    visible_add(r->why, buf_bytes(&text));
    buf_char(r->why, '\n');
    buf_free(&text);
}

static void add_check(const struct reading *r, struct bytes check, enum said said)
{
    struct settings_folder *folder = r->folder;
    enum lint_name kind = lint_name_find(check);
    struct bytes nearest = kind == LINT_NAME_NONE ? lint_name_nearest(check) : B("");
    if (kind == LINT_NAME_ERROR) {
        WRONG(r, B("'"), check, B("' is an error, which is always reported"));
    } else if (kind == LINT_NAME_NONE && nearest.len > 0) {
        WRONG(r, B("there is no check '"), check, B("'; "), SLIPS_ASK_WORD(nearest));
    } else if (kind == LINT_NAME_NONE) {
        WRONG(r, B("there is no check '"), check, B("'; secant check --list shows the names"));
    } else {
        MEM_GROW(folder->lines, folder->count, folder->room, 8);
        folder->lines[folder->count++] = (struct line){check, said};
    }
}

static void add_checks(const struct reading *r, struct bytes rest, enum said said)
{
    struct bytes check;
    if (bytes_trim(rest).len == 0)
        WRONG(r, B("the name of a check is missing"));
    while (bytes_word(&rest, &check))
        add_check(r, check, said);
}

static void add_level(const struct reading *r, struct bytes rest)
{
    struct bytes level;
    if (bytes_word(&rest, &level) && bytes_eq(level, B("note")))
        add_checks(r, rest, SAID_NOTE);
    else if (bytes_eq(level, B("warning")))
        add_checks(r, rest, SAID_WARNING);
    else
        WRONG(r, B("level needs note or warning, and then names of checks"));
}

/* Only those that say what rules mean. */
static bool is_option(struct bytes word)
{
    static const struct bytes names[] = {B("--quoting"),     B("--noquoting"),
                                         B("--intevents"),   B("--nointevents"),
                                         B("--intcontexts"), B("--nointcontexts")};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (bytes_eq(word, names[i]))
            return true;
    return bytes_starts(word, B("--bufsize=")) || bytes_starts(word, B("--input="));
}

static void add_options(const struct reading *r, struct bytes rest)
{
    struct settings_folder *folder = r->folder;
    for (struct bytes word; bytes_word(&rest, &word);) {
        if (!is_option(word)) {
            WRONG(r, B("'"), word,
                  B("' is not one of the options that can be set here: --quoting, "
                    "--intevents, --intcontexts, --bufsize=N, --input=PATTERN"));
            continue;
        }
        MEM_GROW(folder->options, folder->option_count, folder->option_room, 4);
        folder->options[folder->option_count++] = word;
    }
}

static void read_line(const struct reading *r, struct bytes line)
{
    struct bytes rest = line, word;
    if (!bytes_word(&rest, &word) || *word.ptr == '#')
        return;
    if (bytes_eq(word, B("off")))
        add_checks(r, rest, SAID_OFF);
    else if (bytes_eq(word, B("on")))
        add_checks(r, rest, SAID_ON);
    else if (bytes_eq(word, B("level")))
        add_level(r, rest);
    else if (bytes_eq(word, B("option")))
        add_options(r, rest);
    else if (bytes_eq(word, B("root")))
        r->folder->root = true;
    else
        WRONG(r, B("a line begins with off, on, level, option or root, not with '"), word, B("'"));
}

static void read_folder(struct settings_folder *folder, struct buf *why)
{
    struct reading r = {.folder = folder, .why = why};
    struct buf name = {0}, text = {0};
    buf_cat(&name, folder->path, B("/" NAME "\0"));
    bool there = file_read(name.ptr, &text);
    if (!there && errno != ENOENT && errno != ENOTDIR) {
        struct bytes reason = error_text(errno);
        visible_add(why, bytes_of(name.ptr));
        buf_cat(why, B(": "), reason, B("\n"));
    }
    if (there)
        folder->text = bytes_dup(buf_bytes(&text));
    struct bytes rest = folder->text;
    for (struct bytes line; there && bytes_piece(&rest, '\n', &line);) {
        r.line++;
        read_line(&r, line);
    }
    buf_free(&name);
    buf_free(&text);
}

/* -- Folders -- */

static struct settings_folder *enter(struct settings *settings, struct bytes path, struct buf *why)
{
    struct settings_folder *folder = table_find(&settings->folders, path);
    if (folder)
        return folder;
    folder = mem_zalloc(sizeof(*folder));
    folder->path = bytes_dup(path);
    table_insert(&settings->folders, folder);
    read_folder(folder, why);
    if (!folder->root && path.len > 1)
        folder->above = enter(settings, path_folder(path), why);
    for (size_t i = 0; i < folder->option_count; i++) {
        MEM_GROW(settings->options, settings->count, settings->room, 4);
        settings->options[settings->count++] = folder->options[i];
    }
    return folder;
}

/* The folder of a file, absolute, without links; the caller's. */
static char *folder_of(struct bytes rule_file)
{
    char *name = bytes_cstr(path_folder(rule_file));
    char *path = realpath(name, NULL);
    free(name);
    return path;
}

bool settings_read(struct settings *settings, struct bytes rule_file, struct buf *why)
{
    char *path = folder_of(rule_file);
    if (path)
        enter(settings, bytes_of(path), why);
    free(path);
    return why->len == 0;
}

size_t settings_options(const struct settings *settings, const struct bytes **options)
{
    *options = settings->options;
    return settings->count;
}

static bool find_in(const struct settings_folder *folder, struct bytes check, bool state,
                    struct setting *setting)
{
    for (size_t i = folder->count; i-- > 0;) {
        const struct line *line = &folder->lines[i];
        if ((line->said <= SAID_OFF) != state || !bytes_eq(line->check, check))
            continue;
        if (state)
            setting->off = line->said == SAID_OFF;
        setting->has_level |= !state;
        if (!state)
            setting->level = line->said == SAID_NOTE ? LINT_NOTE : LINT_WARNING;
        return true;
    }
    return false;
}

const struct settings_folder *settings_of(const struct settings *settings, struct bytes rule_file)
{
    char *path = folder_of(rule_file);
    const struct settings_folder *folder =
        path ? table_find(&settings->folders, bytes_of(path)) : NULL;
    free(path);
    return folder;
}

struct setting settings_find(const struct settings_folder *nearest, struct bytes check)
{
    struct setting setting = {0};
    const struct settings_folder *folder = nearest;
    while (folder && !find_in(folder, check, true, &setting))
        folder = folder->above;
    folder = nearest;
    while (folder && !find_in(folder, check, false, &setting))
        folder = folder->above;
    return setting;
}
