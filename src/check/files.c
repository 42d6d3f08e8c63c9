/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In folders rule files are recognized by their suffix; if other files have the same suffix, the
 * file must also contain a rule. */
#include "check/files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/folder.h"
#include "base/mem.h"
#include "base/rewrite.h"
#include "correlate/types.h"
#include "io/glob.h"
#include "lang/rule_text.h"

static void add(struct lint_files *files, struct bytes name)
{
    for (size_t i = 0; i < files->count; i++)
        if (bytes_eq(files->names[i], name))
            return;
    MEM_GROW(files->names, files->count, files->room, 16);
    files->names[files->count++] = bytes_dup(name);
}

static bool may_be_rules(struct bytes name)
{
    return bytes_ends(name, B(".sec")) || bytes_ends(name, B(".rules")) ||
           bytes_ends(name, B(".conf")) || bytes_ends(name, B(".cfg"));
}

#define ADDRESS(name) &rule_##name,
static const struct rule_type *const types[] = {EACH_RULE_TYPE(ADDRESS)};

static bool is_type(struct bytes value)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
        struct bytes keyword = bytes_of(types[i]->keyword);
        if (value.len >= keyword.len && bytes_ieq(bytes_slice(value, 0, keyword.len), keyword))
            return true;
    }
    return false;
}

static bool has_rule(struct bytes text)
{
    struct keyword keyword;
    while (rule_next_keyword(&text, &keyword))
        if (bytes_eq(keyword.name, B("type")) && is_type(keyword.value))
            return true;
    return false;
}

/* Nobody may ever write into a pipe that lies in a folder, and a device may have no end.  A link
 * that leads nowhere is reported later. */
static bool may_be_read(const char *name)
{
    struct stat info;
    return stat(name, &info) != 0 || S_ISREG(info.st_mode);
}

/* Files of a folder; `found` counts those that were named before as well. */
struct folder_take {
    struct lint_files *files;
    size_t found;
};

static void take_file(void *arg, struct bytes path)
{
    struct folder_take *take = arg;
    struct buf text = {0};
    char *name = bytes_cstr(path);
    if (!may_be_read(name)) {
        free(name);
        return;
    }
    if (bytes_ends(path, B(".sec")) || (file_read(name, &text) && has_rule(buf_bytes(&text)))) {
        add(take->files, path);
        take->found++;
    }
    free(name);
    buf_free(&text);
}

static bool add_folder(struct lint_files *files, struct bytes folder, struct buf *why)
{
    struct folder_take take = {files, 0};
    folder_files(folder, may_be_rules, take_file, &take, why);
    if (why->len == 0 && take.found == 0)
        buf_cat(why, folder, B(": no rule files in it (.sec; .rules, .conf or .cfg with rules)"));
    return why->len == 0;
}

/* /dev/zero has no end; /dev/null and a terminal have. */
static bool is_endless(const char *name, const struct stat *info)
{
    char byte;
    if (!S_ISCHR(info->st_mode))
        return S_ISBLK(info->st_mode);
    int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    bool endless = fd >= 0 && !isatty(fd) && read(fd, &byte, 1) > 0;
    if (fd >= 0)
        close(fd);
    return endless;
}

static bool stat_of(struct bytes path, struct stat *info)
{
    char *name = bytes_cstr(path);
    bool there = stat(name, info) == 0;
    free(name);
    return there;
}

/* Reading them may never come to an end: /proc/kmsg waits for the next message. */
static bool is_of_kernel(long type)
{
    static const long kernels[] = {PROC_SUPER_MAGIC, SYSFS_MAGIC, DEBUGFS_MAGIC, TRACEFS_MAGIC};
    for (size_t i = 0; i < sizeof(kernels) / sizeof(*kernels); i++)
        if (type == kernels[i])
            return true;
    return false;
}

/* What keeps whoever reads it waiting, and is no rule file; "": nothing.  A shell's <(command) is a
 * pipe without a name, and read. */
static struct bytes odd_kind(const char *name, const struct stat *info)
{
    struct statfs system;
    bool known = statfs(name, &system) == 0;
    if (is_endless(name, info))
        return B("a device");
    if (S_ISFIFO(info->st_mode) && known && (long)system.f_type != PIPEFS_MAGIC)
        return B("a named pipe");
    if (S_ISREG(info->st_mode) && known && is_of_kernel((long)system.f_type))
        return B("a kernel file");
    return B("");
}

/* One that is there. */
static void add_file(struct lint_files *files, struct bytes file, const struct stat *info,
                     struct buf *why)
{
    char *name = bytes_cstr(file);
    struct bytes odd = odd_kind(name, info);
    free(name);
    if (odd.len == 0)
        add(files, file);
    else if (why->len == 0) /* the first one is enough */
        buf_cat(why, file, B(": this is "), odd, B(", not a rule file"));
}

static bool add_pattern(struct lint_files *files, struct bytes word, struct buf *why)
{
    struct file_names names = {0};
    struct stat info;
    glob_names(word, &names);
    for (size_t i = 0; i < names.count; i++)
        if (stat_of(names.names[i], &info))
            add_file(files, names.names[i], &info, why);
        else
            add(files, names.names[i]);
    if (names.count == 0)
        buf_cat(why, word, B(": no such file"));
    file_names_free(&names);
    return why->len == 0;
}

bool lint_files_add(struct lint_files *files, struct bytes word, struct buf *why)
{
    struct stat info;
    if (!stat_of(word, &info))
        return add_pattern(files, word, why);
    if (S_ISDIR(info.st_mode))
        return add_folder(files, word, why);
    add_file(files, word, &info, why);
    return why->len == 0;
}

void lint_files_free(struct lint_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        bytes_free(files->names[i]);
    free(files->names);
}

struct bytes lint_file_pattern(struct bytes name)
{
    struct buf pattern = {0};
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if ((unsigned char)c < 0x80 && !is_word(c) && c != '/' && c != '.' && c != '-')
            buf_char(&pattern, '\\');
        buf_char(&pattern, c);
    }
    struct bytes made = bytes_dup(buf_bytes(&pattern));
    buf_free(&pattern);
    return made;
}
