/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prove/update.h"

#include <errno.h>
#include <stdlib.h>

#include "base/errors.h"
#include "base/json_values.h"
#include "base/mem.h"
#include "base/rewrite.h"
#include "prove/diff.h"
#include "replay/show.h"

static bool read_text(struct bytes path, struct buf *text)
{
    char *name = bytes_cstr(path);
    bool there = file_read(name, text);
    free(name);
    return there;
}

void update_begin(struct update *update, struct bytes path)
{
    struct buf text = {0};
    read_text(path, &text); /* one that cannot be read has no tests */
    *update = (struct update){.path = path, .text = bytes_dup(buf_bytes(&text))};
    buf_free(&text);
}

void update_free(struct update *update)
{
    for (size_t i = 0; i < update->count; i++) {
        bytes_free(update->changes[i].text);
        bytes_free(update->changes[i].name);
    }
    bytes_free(update->text);
    free(update->changes);
}

/* -- Lines of the file -- */

/* The offset at which the line begins, from 0; the end, if there are fewer. */
static size_t line_at(struct bytes text, size_t line)
{
    size_t at = 0;
    for (ptrdiff_t end; line > 0 && (end = bytes_chr(text, '\n', at)) >= 0; line--)
        at = (size_t)end + 1;
    return line > 0 ? text.len : at;
}

/* Without its newline. */
static struct bytes line_of(struct bytes text, size_t line)
{
    struct bytes rest = bytes_from(text, line_at(text, line)), found = rest;
    bytes_piece(&rest, '\n', &found);
    return found;
}

static struct bytes indent_of(struct bytes line)
{
    size_t len = 0;
    while (len < line.len && (line.ptr[len] == ' ' || line.ptr[len] == '\t'))
        len++;
    return bytes_slice(line, 0, len);
}

/* -- Taking -- */

static const struct test_step *find_step(const struct test *test, int64_t line)
{
    for (size_t i = 0; i < test->step_count; i++)
        if (test->steps[i].kind == TEST_STEP_SNAPSHOT && test->steps[i].block.line == line)
            return &test->steps[i];
    return NULL;
}

/* NULL: nothing is in the way. */
static const char *obstacle(const struct test *test, const struct test_step *step,
                            struct bytes text)
{
    if (!step || step->given || !bytes_eq(step->place.file, test->place.file))
        return "it is in 'given:', which tests share";
    if (test->row > 0)
        return "its test has rows";
    if (bytes_find(text, B("\xEF\xBF\xBD"), 0) >= 0)
        return "it is not UTF-8";
    return NULL;
}

/* The block: as deep as it is, or a little deeper than `snapshot:`. */
static struct bytes make_block(const struct update *update, const struct test_step *step,
                               const struct update_change *change, struct bytes text)
{
    struct buf block = {0};
    struct bytes head = line_of(update->text, step->place.line - 1);
    struct bytes indent = indent_of(head), more = B("  ");
    struct bytes end = head.len > 0 && head.ptr[head.len - 1] == '\r' ? B("\r\n") : B("\n");
    if (change->end > change->first) {
        indent = indent_of(line_of(update->text, change->first));
        more = B("");
    }
    for (struct bytes line; bytes_piece(&text, '\n', &line);)
        buf_cat(&block, indent, more, line, end);
    struct bytes made = bytes_dup(buf_bytes(&block));
    buf_free(&block);
    return made;
}

static void add_change(struct update *update, const struct test *test, const struct test_step *step,
                       struct bytes text)
{
    struct update_change change = {.first = step->block.line - 1};
    change.end = change.first + step->block.length;
    while (change.end > change.first && bytes_trim(line_of(update->text, change.end - 1)).len == 0)
        change.end--;
    change.text = make_block(update, step, &change, text);
    change.name = bytes_dup(test->name);
    MEM_GROW(update->changes, update->count, update->room, 4);
    update->changes[update->count++] = change;
}

/* A step of which all is well now. */
static void forgive(json_t *outcome, int64_t line)
{
    json_t *failures = json_object_get(outcome, "failures");
    for (size_t i = json_array_size(failures); i-- > 0;)
        if (json_number(json_array_get(failures, i), "line") == line)
            json_array_remove(failures, i);
    if (json_array_size(failures) == 0)
        json_object_set_new(outcome, "status", json_string("passed"));
}

void update_take(struct update *update, const struct test *test, json_t *outcome, struct buf *why)
{
    const json_t *snapshots = json_object_get(outcome, "snapshots");
    for (size_t i = 0; i < json_array_size(snapshots); i++) {
        const json_t *snapshot = json_array_get(snapshots, i);
        struct bytes text = json_text(snapshot, "text");
        const struct test_step *step = find_step(test, json_number(snapshot, "line"));
        const char *reason = obstacle(test, step, text);
        if (!reason) {
            add_change(update, test, step, text);
            forgive(outcome, step->place.line);
            continue;
        }
        buf_cat(why, update->path, B(":"), NUM(json_number(snapshot, "line")),
                B(": this snapshot was not written: "), bytes_of(reason), B("\n"));
    }
}

/* -- Showing -- */

void update_show(const struct update *update, struct buf *out, bool colour)
{
    const struct diff_looks looks = {"", colour, 0};
    for (size_t i = 0; i < update->count; i++) {
        const struct update_change *change = &update->changes[i];
        size_t from = line_at(update->text, change->first);
        size_t end = line_at(update->text, change->end);
        show_plain_text(out, update->path);
        buf_cat(out, B(":"), NUM(change->first + 1), B(": "));
        show_plain_text(out, change->name);
        buf_char(out, '\n');
        diff_add(out, bytes_slice(update->text, from, end), change->text, &looks);
    }
}

/* -- Writing -- */

static void make_text(const struct update *update, struct buf *text)
{
    size_t at = 0;
    for (size_t i = 0; i < update->count; i++) {
        const struct update_change *change = &update->changes[i];
        size_t from = line_at(update->text, change->first);
        buf_add(text, bytes_slice(update->text, at, from));
        /* `snapshot:` may be the last line, without a newline. */
        if (text->len > 0 && text->ptr[text->len - 1] != '\n' && change->text.len > 0)
            buf_char(text, '\n');
        buf_add(text, change->text);
        at = line_at(update->text, change->end);
    }
    buf_add(text, bytes_from(update->text, at));
}

bool update_write(const struct update *update, struct buf *why)
{
    struct buf text = {0};
    bool changed;
    make_text(update, &text);
    bool fine = file_rewrite(update->path, update->text, buf_bytes(&text), &changed);
    if (!fine)
        buf_cat(why, update->path, B(": "),
                changed ? B("the file has changed in the meantime; nothing was written")
                        : error_text(errno));
    buf_free(&text);
    return fine;
}
