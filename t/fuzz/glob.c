/* SPDX-License-Identifier: GPL-2.0-or-later */
/* File name patterns, against Perl's own glob in a folder with odd names. */
#include <fcntl.h>
#include <sys/stat.h>

#include "fuzz.h"
#include "io/glob.h"
#include "sandbox.h"

static char folder[] = "/tmp/fuzz-glob.XXXXXX";
static struct perl_value *perls_glob;

static void touch(const char *name)
{
    close(open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

static const char *const names[] = {
    "a", "B",     "b",     "A",      "sp ace", ".hid", "x[1]",  "\xe9t", "z{", "q?",  "a.b",
    "-", "dir/q", "dir/R", "dir/.s", "]",      "it's", "\"q\"", "b\\s",  "*",  "a,b", "\nline"};

static void leave_folder(void)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        unlink(names[i]);
    rmdir("dir");
    if (chdir("/") == 0)
        rmdir(folder);
}

static void start(void)
{
    struct buf error = {0};
    if (!mkdtemp(folder) || chdir(folder) != 0 || mkdir("dir", 0700) != 0 ||
        !perl_compile(B("require File::Glob; sub { my @names = eval { glob($_[0]) }; @names }"),
                      &perls_glob, &error))
        abort();
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        touch(names[i]);
    setenv("HOME", "/home/fuzz", 1);
    atexit(leave_folder);
    buf_free(&error);
}

/* Braces multiply, and each star asks the folder for each name.  Perl's list grows name by name, which
 * the address sanitizer makes slow: ten thousand names take seconds. */
static bool is_cheap(struct bytes pattern)
{
    unsigned braces = 0, commas = 0, stars = 0;
    for (size_t i = 0; i < pattern.len; i++) {
        braces += pattern.ptr[i] == '{';
        commas += pattern.ptr[i] == ',';
        stars += pattern.ptr[i] == '*' || pattern.ptr[i] == '/';
    }
    return braces <= 6 && commas <= 8 && stars <= 8 && bytes_chr(pattern, '\0', 0) < 0;
}

/* Patterns that leave the folder for others' folders say nothing that stays: Perl is not asked. */
static bool is_at_home(struct bytes pattern)
{
    for (size_t i = 0; i < pattern.len; i++) {
        if (pattern.ptr[i] == '~' ||
            (pattern.ptr[i] == '/' && (i < 3 || memcmp(pattern.ptr + i - 3, "dir", 3) != 0)))
            return false;
    }
    return true;
}

/* Away from home nobody knows how many names there are: more than one wildcard may find millions. */
static bool is_small(struct bytes pattern)
{
    unsigned wildcards = 0;
    for (size_t i = 0; i < pattern.len; i++)
        wildcards += memchr("*?[", pattern.ptr[i], 3) != NULL;
    return wildcards <= 1;
}

static void differ(struct bytes pattern, const struct file_names *ours,
                   const struct perl_list *perls)
{
    fprintf(stderr, "pattern \"%.*s\"\n", (int)pattern.len, pattern.ptr);
    for (size_t i = 0; i < ours->count; i++)
        fprintf(stderr, "  ours \"%s\"\n", ours->names[i].ptr);
    for (size_t i = 0; i < perls->count; i++)
        fprintf(stderr, "  Perl \"%.*s\"\n", (int)perls->items[i].text.len,
                perls->items[i].text.ptr);
    abort();
}

static void one(struct bytes pattern)
{
    struct file_names ours = {0};
    struct perl_list perls = {0};
    struct arena arena;
    struct buf error = {0};
    bool at_home = is_at_home(pattern);
    if (!is_cheap(pattern) || (!at_home && !is_small(pattern)))
        return;
    arena_init(&arena);
    glob_names(pattern, &ours);
    const struct perl_item argument = {PERL_TEXT, pattern, NULL};
    if (at_home && perl_call(perls_glob, &argument, 1, PERL_LIST, &arena, &perls, &error)) {
        bool same = perls.count == ours.count;
        for (size_t i = 0; same && i < ours.count; i++)
            same = bytes_eq(ours.names[i], perls.items[i].text);
        if (!same)
            differ(pattern, &ours, &perls);
    }
    perl_list_release(&perls);
    file_names_free(&ours);
    arena_free(&arena);
    buf_free(&error);
}

FUZZ_TARGET(start, one)
