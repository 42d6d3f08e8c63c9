/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/find.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <sys/stat.h>

#include "base/errors.h"
#include "base/folder.h"
#include "base/mem.h"

#define SUFFIX B(".sectest")

static bool ends(struct bytes name, struct bytes suffix)
{
    return name.len > suffix.len && bytes_eq(bytes_from(name, name.len - suffix.len), suffix);
}

/* -- Files -- */

/* line 0: all of it. */
static void add_file(struct found *found, struct bytes path, uint32_t line)
{
    struct found_file *file = NULL;
    for (size_t i = 0; i < found->count && !file; i++)
        if (bytes_eq(found->items[i].path, path))
            file = &found->items[i];
    bool fresh = file == NULL;
    if (fresh) {
        MEM_GROW(found->items, found->count, found->room, 16);
        file = &found->items[found->count++];
        *file = (struct found_file){.path = bytes_dup(path)};
    }
    if (line == 0) {
        file->line_count = 0;
    } else if (fresh || file->line_count > 0) {
        MEM_GROW(file->lines, file->line_count, file->line_room, 2);
        file->lines[file->line_count++] = line;
    }
}

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static bool is_wanted(struct bytes name)
{
    return ends(name, SUFFIX);
}

static void take_file(void *arg, struct bytes path)
{
    add_file(arg, path, 0);
}

/* FILE:LINE */
static bool split_line(struct bytes word, struct bytes *path, uint32_t *line)
{
    int64_t number;
    ptrdiff_t colon = bytes_rfind(word, B(":"));
    if (colon <= 0 || !bytes_uint(bytes_from(word, (size_t)colon + 1), false, &number) ||
        number < 1 || number > UINT32_MAX)
        return false;
    *path = bytes_slice(word, 0, (size_t)colon);
    *line = (uint32_t)number;
    return true;
}

static bool is_there(struct bytes path)
{
    struct stat info;
    char *name = bytes_cstr(path);
    bool there = stat(name, &info) == 0;
    int error = errno;
    free(name);
    errno = error;
    return there;
}

static bool find_in_folder(struct found *found, struct bytes word, struct buf *why)
{
    size_t before = found->count;
    folder_files(word, is_wanted, take_file, found, why);
    if (why->len > 0)
        return false;
    if (found->count == before)
        buf_cat(why, word, B(": there are no *"), SUFFIX, B(" files in this folder"));
    return true;
}

/* FILE:LINE, or FILE:LINE:COLUMN, as messages have it. */
static bool find_line(struct bytes word, struct bytes *path, uint32_t *line)
{
    uint32_t column;
    return (split_line(word, path, line) && is_there(*path)) ||
           (split_line(word, path, &column) && split_line(*path, path, line) && is_there(*path));
}

static void complain(struct bytes word, int error, struct buf *why)
{
    ptrdiff_t colon = bytes_rfind(word, B(":"));
    bool file = colon > 0 && is_there(bytes_slice(word, 0, (size_t)colon));
    buf_cat(why, word, B(": "),
            file ? B("after the colon comes the number of a line, from 1") : error_text(error));
}

bool find_tests(struct found *found, struct bytes word, struct buf *why)
{
    struct bytes path = word;
    uint32_t line = 0;
    bool there = is_there(word);
    int error = errno;
    if (!there)
        there = find_line(word, &path, &line);
    char *name = bytes_cstr(path);
    if (!there)
        complain(word, error, why);
    else if (is_folder(name) && line == 0)
        there = find_in_folder(found, path, why);
    else
        add_file(found, path, line);
    free(name);
    return there;
}

void found_move(struct found *from, size_t i, struct found *to)
{
    MEM_GROW(to->items, to->count, to->room, 16);
    to->items[to->count++] = from->items[i];
    from->items[i] = (struct found_file){0};
}

void found_free(struct found *found)
{
    for (size_t i = 0; i < found->count; i++) {
        bytes_free(found->items[i].path);
        free(found->items[i].lines);
    }
    free(found->items);
    *found = (struct found){0};
}

/* -- Tests -- */

bool choice_regex(struct choice *choice, struct bytes pattern, struct buf *why)
{
    int error;
    PCRE2_SIZE at;
    char text[256];
    uint32_t utf = bytes_are_ascii(pattern) ? 0 : PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
    pcre2_code_free(choice->regex);
    choice->pattern = pattern;
    choice->regex = pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len, utf, &error, &at, NULL);
    if (choice->regex)
        return true;
    pcre2_get_error_message(error, (PCRE2_UCHAR *)text, sizeof(text));
    buf_cat(why, bytes_of(text), B(", at character "), NUM(at + 1));
    return false;
}

void choice_free(struct choice *choice)
{
    pcre2_code_free(choice->regex);
    free(choice->tags);
    *choice = (struct choice){0};
}

static bool is_called(void *regex, const struct test_file *file, const struct test *test)
{
    struct buf name = {0};
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    buf_cat(&name, file->path, B(": "), test->name);
    int result = pcre2_match(regex, (PCRE2_SPTR)name.ptr, name.len, 0, 0, data, NULL);
    pcre2_match_data_free(data);
    buf_free(&name);
    return result >= 0;
}

static bool has_tag(const struct choice *choice, const struct test *test)
{
    for (size_t i = 0; i < test->tag_count; i++)
        for (size_t k = 0; k < choice->tag_count; k++)
            if (bytes_eq(test->tags[i], choice->tags[k]))
                return true;
    return false;
}

/* The line `test:` of the test around a line; 0: none is. */
static uint32_t test_around(const struct test_file *file, uint32_t line)
{
    uint32_t around = 0;
    if (line > file->line_count)
        return 0;
    for (size_t i = 0; i < file->count && file->tests[i].place.line <= line; i++)
        around = file->tests[i].place.line;
    return around;
}

static bool is_around(const struct found_file *found, const struct test_file *file,
                      const struct test *test)
{
    for (size_t i = 0; i < found->line_count; i++)
        if (test_around(file, found->lines[i]) == test->place.line)
            return true;
    return found->line_count == 0;
}

bool choice_takes(const struct choice *choice, const struct found_file *found,
                  const struct test_file *file, const struct test *test)
{
    return is_around(found, file, test) && (choice->tag_count == 0 || has_tag(choice, test)) &&
           (!choice->regex || is_called(choice->regex, file, test));
}

uint32_t found_stray_line(const struct found_file *found, const struct test_file *file)
{
    for (size_t i = 0; i < found->line_count; i++)
        if (test_around(file, found->lines[i]) == 0)
            return found->lines[i];
    return 0;
}
