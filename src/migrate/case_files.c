/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "migrate/case_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/shell_word.h"
#include "base/write_whole.h"

static bool write_file(struct bytes path, struct bytes text)
{
    char *name = bytes_cstr(path);
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool written = fd >= 0 && write_whole(fd, text);
    if (fd >= 0 && close(fd) != 0)
        written = false;
    free(name);
    return written;
}

struct bytes case_file_name(struct bytes folder, struct bytes kind, size_t number,
                            struct bytes name)
{
    struct buf path = {0};
    buf_cat(&path, folder, B("/"), kind, NUM(number), B("-"), path_name(name));
    struct bytes whole = bytes_make(bytes_cstr(buf_bytes(&path)), path.len);
    buf_free(&path);
    return whole;
}

bool case_files_place(struct case_files *files, const struct rule_text *rules, size_t count,
                      struct bytes folder)
{
    files->patterns = (struct string_list){0, mem_zarray(count + 1, sizeof(struct bytes))};
    bool written = true;
    for (size_t i = 0; i < count && written; i++) {
        struct bytes path = case_file_name(folder, B("rules-"), i + 1, rules[i].name);
        files->patterns.items[files->patterns.count++] = path;
        written = write_file(path, rules[i].text);
    }
    return written;
}

void case_files_free(struct case_files *files)
{
    for (size_t i = 0; i < files->patterns.count; i++) {
        unlink(files->patterns.items[i].ptr);
        bytes_free(files->patterns.items[i]);
    }
    free(files->patterns.items);
}

/* -- A case to keep -- */

static void add_options(struct buf *out, const struct course *course)
{
    for (char *const *word = course->options->others; *word; word++) {
        buf_char(out, ' ');
        shell_quote(out, bytes_of(*word));
    }
}

void case_command(struct buf *out, const struct minimal *minimal, const struct course *course)
{
    buf_add(out, B("secant migrate --ref="));
    struct buf reference = {0};
    for (char *const *word = course->options->reference; *word; word++)
        buf_cat(&reference, reference.len > 0 ? B(" ") : B(""), bytes_of(*word));
    shell_quote(out, buf_bytes(&reference));
    buf_free(&reference);
    for (size_t i = 0; i < minimal->file_count; i++) {
        struct bytes name = case_file_name(B("."), B("rules-"), i + 1, minimal->files[i].name);
        buf_add(out, B(" --conf="));
        shell_quote(out, name);
        bytes_free(name);
    }
    for (size_t i = 0; i < course->lines.input_count; i++) {
        struct bytes name = case_file_name(B("."), B("log-"), i + 1, course->lines.inputs[i].name);
        struct buf word = {0};
        buf_add(&word, name);
        if (course->engine_options->intcontexts)
            buf_cat(&word, B("="), course->lines.inputs[i].context);
        buf_add(out, B(" --input="));
        shell_quote(out, buf_bytes(&word));
        buf_free(&word);
        bytes_free(name);
    }
    add_options(out, course);
    buf_char(out, '\n');
}

void case_lines(struct buf *out, const struct minimal *minimal, size_t input)
{
    for (size_t i = 0; i < minimal->line_count; i++)
        if (minimal->lines[i].input == input)
            buf_cat(out, minimal->lines[i].text, B("\n"));
}

static bool write_at(struct bytes folder, struct bytes kind, size_t number, struct bytes name,
                     struct bytes text)
{
    struct bytes path = case_file_name(folder, kind, number, name);
    bool written = write_file(path, text);
    bytes_free(path);
    return written;
}

bool minimal_write(const struct minimal *minimal, const struct course *course, const char *folder,
                   struct buf *why)
{
    struct buf text = {0}, path = {0};
    bool written = mkdir(folder, 0700) == 0 || errno == EEXIST;
    for (size_t i = 0; i < minimal->file_count && written; i++)
        written = write_at(bytes_of(folder), B("rules-"), i + 1, minimal->files[i].name,
                           minimal->files[i].text);
    for (size_t i = 0; i < course->lines.input_count && written; i++) {
        buf_clear(&text);
        case_lines(&text, minimal, i);
        written = write_at(bytes_of(folder), B("log-"), i + 1, course->lines.inputs[i].name,
                           buf_bytes(&text));
    }
    buf_clear(&text);
    case_command(&text, minimal, course);
    buf_cat(&path, bytes_of(folder), B("/command"));
    written = written && write_file(buf_bytes(&path), buf_bytes(&text));
    if (!written)
        buf_cat(why, B("Can't write to "), bytes_of(folder), B(" ("), error_text(errno), B(")\n"));
    buf_free(&text);
    buf_free(&path);
    return written;
}
