/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/files.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/table.h"
#include "base/write_whole.h"

struct file {
    struct bytes key; /* owned; its place in the folder */
    struct buf text;
    bool placed; /* it is written there, as it is now */
};

struct files {
    struct bytes folder; /* the caller's */
    const struct test *test;
    struct table files; /* struct file by key */
    bool touched;       /* the folder is not as it was made */
};

/* -- The folder -- */

struct bytes files_under(struct bytes under)
{
    const char *usual = getenv("TMPDIR");
    return under.len > 0 ? under : bytes_of(usual && *usual ? usual : "/tmp");
}

struct bytes files_folder(struct bytes under)
{
    struct buf name = {0};
    buf_cat(&name, files_under(under), B("/secant-test.XXXXXX\0"));
    char *whole = mkdtemp(name.ptr) ? realpath(name.ptr, NULL) : NULL; /* tests run elsewhere */
    buf_free(&name);
    return whole ? bytes_of(whole) : B("");
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *at)
{
    (void)info, (void)type, (void)at;
    remove(path);
    return 0;
}

static void remove_all(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void files_remove_folder(struct bytes folder)
{
    char *path = bytes_cstr(folder);
    remove_all(path);
    free(path);
}

/* -- Names -- */

/* Appends the name without "." and "..", which lead nowhere above where it begins. */
static void add_clean(struct buf *out, struct bytes name)
{
    size_t begin = out->len;
    while (name.len > 0) {
        ptrdiff_t slash = bytes_chr(name, '/', 0);
        struct bytes part = bytes_slice(name, 0, slash < 0 ? name.len : (size_t)slash);
        name = bytes_from(name, slash < 0 ? name.len : (size_t)slash + 1);
        if (bytes_eq(part, B("..")))
            while (out->len > begin && out->ptr[--out->len] != '/')
                ;
        else if (part.len > 0 && !bytes_eq(part, B(".")))
            buf_cat(out, B("/"), part);
    }
}

/* "/root/var/log/alerts", "/here/state"; the caller's. */
static struct bytes key_of(struct bytes name)
{
    struct buf key = {0};
    buf_add(&key, bytes_starts(name, B("/")) ? B("/root") : B("/here"));
    add_clean(&key, name);
    return buf_bytes(&key);
}

/* The caller's. */
static char *place_of(const struct files *files, struct bytes key)
{
    struct buf path = {0};
    buf_cat(&path, files->folder, key);
    buf_char(&path, '\0');
    return path.ptr;
}

/* -- Files -- */

static struct bytes file_key(const void *file)
{
    return ((const struct file *)file)->key;
}

static struct file *find(const struct files *files, struct bytes name)
{
    struct bytes key = key_of(name);
    struct file *file = table_find(&files->files, key);
    bytes_free(key);
    return file;
}

/* Makes it if it is not there. */
static struct file *get(struct files *files, struct bytes name)
{
    struct file *file = find(files, name);
    if (file)
        return file;
    file = mem_zalloc(sizeof(*file));
    file->key = key_of(name);
    table_insert(&files->files, file);
    return file;
}

static void forget(struct file *file)
{
    bytes_free(file->key);
    buf_free(&file->text);
    free(file);
}

static void forget_all(struct files *files)
{
    size_t at = 0;
    struct file *file;
    while ((file = table_next(&files->files, &at)))
        forget(file);
    table_free(&files->files);
}

/* -- In the folder -- */

static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
}

static bool write_file(const char *path, struct bytes text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    write_whole(fd, text); /* on a full disk the file is as short as it then is */
    close(fd);
    return true;
}

/* Writes it where it is to be found; returns the place, the caller's. */
static char *place(struct files *files, struct file *file)
{
    char *path = place_of(files, file->key);
    if (file->placed)
        return path;
    if (!write_file(path, buf_bytes(&file->text))) {
        make_folders(path);
        write_file(path, buf_bytes(&file->text));
    }
    file->placed = files->touched = true;
    return path;
}

/* -- What rules do -- */

static void put(struct files *files, struct bytes name, struct bytes text, bool anew)
{
    struct file *file = get(files, name);
    if (anew)
        buf_clear(&file->text);
    buf_add(&file->text, text);
    file->placed = false;
}

/* open(FH, ">", NAME), open(FH, ">NAME"): the file is there from now on. */
static void opened(struct files *files, const struct effect *effect)
{
    struct bytes mode = effect->count > 0 ? bytes_trim(effect->words[0]) : B("");
    if (bytes_starts(mode, B("+")))
        mode = bytes_from(mode, 1);
    if (bytes_starts(mode, B(">")))
        put(files, effect->target, B(""), !bytes_starts(mode, B(">>")));
}

static struct file *taken_out(struct files *files, struct bytes name)
{
    struct file *file = find(files, name);
    if (!file)
        return NULL;
    table_remove(&files->files, file->key);
    if (file->placed) {
        char *path = place_of(files, file->key);
        unlink(path);
        free(path);
        files->touched = true;
    }
    return file;
}

static void removed(struct files *files, struct bytes name)
{
    struct file *file = taken_out(files, name);
    if (file)
        forget(file);
}

static void renamed(struct files *files, struct bytes from, struct bytes to)
{
    struct file *file = taken_out(files, from);
    if (!file)
        return;
    removed(files, to);
    put(files, to, buf_bytes(&file->text), true);
    forget(file);
}

static void perl_did(struct files *files, const struct effect *effect)
{
    /* What is printed on is a file only if it was opened as one. */
    if (effect_is_print(effect) && effect->target.len > 0 && find(files, effect->target))
        put(files, effect->target, effect->text, false);
    else if (strcmp(effect->function, "open") == 0 && !effect->command)
        opened(files, effect);
    else if (strcmp(effect->function, "sysopen") == 0)
        put(files, effect->target, B(""), false);
    else if (strcmp(effect->function, "unlink") == 0)
        for (size_t i = 0; i < effect->count; i++)
            removed(files, effect->words[i]);
    else if (strcmp(effect->function, "rename") == 0 && effect->count > 1)
        renamed(files, effect->words[0], effect->words[1]);
}

void files_effect(struct files *files, const struct effect *effect)
{
    bool writes = effect->kind == EFFECT_WRITE || effect->kind == EFFECT_WRITEN ||
                  effect->kind == EFFECT_OWRITECL;
    if (effect->kind == EFFECT_PERL)
        perl_did(files, effect);
    if (!writes || bytes_eq(effect->target, B("-")))
        return;
    put(files, effect->target, effect->text, false);
    if (effect->kind == EFFECT_WRITE)
        put(files, effect->target, B("\n"), false);
}

/* -- Reading -- */

bool files_text(const struct files *files, struct bytes name, struct buf *text)
{
    const struct file *file = find(files, name);
    if (file)
        buf_add(text, buf_bytes(&file->text));
    return file;
}

bool files_find(void *arg, struct bytes name, struct buf *path)
{
    struct files *files = arg;
    struct file *file = find(files, name);
    if (!file)
        return false;
    char *at = place(files, file);
    buf_add(path, bytes_of(at));
    free(at);
    return true;
}

/* -- A test's -- */

void files_settle(struct files *files)
{
    size_t at = 0;
    struct file *file;
    while ((file = table_next(&files->files, &at)))
        free(place(files, file));
    files->touched = false;
}

/* They are there for whatever way of looking at files. */
static void make_folder(struct files *files)
{
    char *here = place_of(files, B("/here"));
    mkdir(here, 0700);
    free(here);
    files_settle(files);
}

struct files *files_new(struct bytes folder, const struct test *test)
{
    struct files *files = mem_zalloc(sizeof(*files));
    files->folder = folder;
    files->test = test;
    table_init(&files->files, file_key);
    for (size_t i = 0; i < test->file_count; i++)
        put(files, test->files[i].name, test->files[i].text, true);
    make_folder(files);
    return files;
}

static void empty_folder(const struct files *files)
{
    char *here = place_of(files, B("/here")), *root = place_of(files, B("/root"));
    remove_all(here);
    remove_all(root);
    free(here);
    free(root);
}

void files_free(struct files *files)
{
    if (!files)
        return;
    if (files->touched || files->test->file_count > 0)
        empty_folder(files);
    forget_all(files);
    free(files);
}

void files_reset(struct files *files)
{
    size_t at = 0;
    struct file *file;
    empty_folder(files);
    while ((file = table_next(&files->files, &at)))
        file->placed = false;
    make_folder(files);
}

bool files_touched(const struct files *files)
{
    return files->touched;
}

bool files_enter(const struct files *files)
{
    char *here = place_of(files, B("/here"));
    bool entered = chdir(here) == 0;
    free(here);
    return entered;
}
