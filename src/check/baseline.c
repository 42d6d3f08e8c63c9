/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/baseline.h"

#include <errno.h>
#include <stdio.h>

#include "base/errors.h"
#include "base/json_values.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/rewrite.h"
#include "base/table.h"
#include "base/utf8.h"

#define HEAD "secant_check_baseline"

enum { VERSION = 1 };

/* Findings of one kind. */
struct kind {
    struct bytes key; /* owned: file, check and rule, each with a NUL after it */
    size_t known, found;
    size_t seen; /* found, reported or not */
    bool looked; /* a file of this name, as key, was looked at */
};

struct baseline {
    char *folder; /* owned; absolute if it can be looked up */
    struct table kinds;
};

static struct bytes kind_key(const void *entry)
{
    return ((const struct kind *)entry)->key;
}

/* `name` without links, or as it is. */
static char *whole_path(struct bytes name)
{
    char *given = bytes_cstr(name), *path = realpath(given, NULL);
    if (path)
        free(given);
    return path ? path : given;
}

static void begin(struct baseline *baseline, struct bytes path)
{
    table_init(&baseline->kinds, kind_key);
    baseline->folder = whole_path(path_folder(path));
}

static void finish(struct baseline *baseline)
{
    size_t at = 0;
    for (struct kind *kind; (kind = table_next(&baseline->kinds, &at)); free(kind))
        bytes_free(kind->key);
    table_free(&baseline->kinds);
    free(baseline->folder);
}

static struct kind *kind_of(struct baseline *baseline, struct bytes key)
{
    struct kind *kind = table_find(&baseline->kinds, key);
    if (kind)
        return kind;
    kind = mem_zalloc(sizeof(*kind));
    kind->key = bytes_dup(key);
    table_insert(&baseline->kinds, kind);
    return kind;
}

/* -- Findings -- */

static bool counts(const struct lint_finding *finding)
{
    return finding->fate == LINT_TOLD && finding->level != LINT_ERROR;
}

static void add_file(const struct baseline *baseline, struct bytes name, struct buf *out)
{
    char *whole = whole_path(name);
    struct bytes path = bytes_of(whole), folder = bytes_of(baseline->folder);
    if (bytes_eq(folder, B("/")))
        folder = B("");
    bool below = path.len > folder.len && bytes_starts(path, folder) && path.ptr[folder.len] == '/';
    utf8_add(out, below ? bytes_from(path, folder.len + 1) : path);
    free(whole);
}

static struct kind *kind_of_finding(struct baseline *baseline, const struct lint_finding *finding)
{
    struct buf key = {0};
    add_file(baseline, finding->file->name, &key);
    buf_cat(&key, B("\0"), bytes_of(finding->check), B("\0"));
    if (finding->rule) {
        buf_cat(&key, bytes_of(finding->rule->type->name), B(" "));
        utf8_add(&key, finding->rule->desc_text);
    }
    struct kind *kind = kind_of(baseline, buf_bytes(&key));
    buf_free(&key);
    return kind;
}

static void count_findings(struct baseline *baseline, const struct lint *lint)
{
    for (size_t i = 0; i < lint->count; i++) {
        const struct lint_finding *finding = lint->findings[i];
        struct kind *kind = finding->level < LINT_ERROR ? kind_of_finding(baseline, finding) : NULL;
        if (!kind)
            continue;
        kind->seen++;
        kind->found += counts(finding);
    }
}

static void mark_files(struct baseline *baseline, const struct lint *lint)
{
    for (size_t i = 0; i < lint->file_count; i++) {
        struct buf key = {0};
        add_file(baseline, lint->files[i]->name, &key);
        kind_of(baseline, buf_bytes(&key))->looked = true;
        buf_free(&key);
    }
}

/* What is known and no more, of the checks and files that were looked at. */
static size_t count_gone(const struct baseline *baseline, const struct lint *lint)
{
    size_t at = 0, gone = 0;
    for (const struct kind *kind; (kind = table_next(&baseline->kinds, &at));) {
        struct bytes rest = kind->key, file, check;
        if (kind->known <= kind->seen || !bytes_piece(&rest, '\0', &file) ||
            !bytes_piece(&rest, '\0', &check) || !lint_wanted(lint, check))
            continue;
        const struct kind *looked = table_find(&baseline->kinds, file);
        gone += looked && looked->looked ? kind->known - kind->seen : 0;
    }
    return gone;
}

/* -- Reading -- */

static bool read_line(struct baseline *baseline, struct bytes line, size_t number)
{
    struct buf key = {0};
    json_error_t error;
    json_t *object = json_loadb(line.ptr, line.len, JSON_ALLOW_NUL, &error);
    bool fine = json_is_object(object);
    if (number == 1) {
        fine = fine && json_number(object, HEAD) == VERSION;
    } else if (fine) {
        int64_t count = json_number(object, "count");
        buf_cat(&key, json_text(object, "file"), B("\0"), json_text(object, "check"), B("\0"),
                json_text(object, "rule"));
        fine = json_text(object, "file").len > 0 && count > 0;
        if (fine)
            kind_of(baseline, buf_bytes(&key))->known += (size_t)count;
    }
    buf_free(&key);
    json_decref(object);
    return fine;
}

static bool read_all(struct baseline *baseline, struct bytes path, struct buf *why)
{
    struct buf text = {0};
    char *name = bytes_cstr(path);
    size_t number = 0;
    bool fine = file_read(name, &text);
    if (!fine)
        buf_cat(why, path, B(": "), error_text(errno));
    struct bytes rest = buf_bytes(&text), line;
    for (; fine && bytes_piece(&rest, '\n', &line); number += fine)
        fine = read_line(baseline, line, number + 1);
    if (why->len == 0 && (!fine || number == 0)) {
        buf_cat(why, path, B(":"), NUM(number + 1),
                number == 0 ? B(": not a baseline; --write-baseline writes one")
                            : B(": not a line of a baseline"));
        fine = false;
    }
    buf_free(&text);
    free(name);
    return fine;
}

bool baseline_heed(struct bytes path, struct lint *lint, size_t *gone, struct buf *why)
{
    struct baseline baseline;
    begin(&baseline, path);
    bool fine = read_all(&baseline, path, why);
    if (fine) {
        count_findings(&baseline, lint);
        mark_files(&baseline, lint);
    }
    *gone = fine ? count_gone(&baseline, lint) : 0;
    for (size_t i = 0; fine && i < lint->count; i++) {
        if (!counts(lint->findings[i]))
            continue;
        const struct kind *kind = kind_of_finding(&baseline, lint->findings[i]);
        if (kind->found <= kind->known)
            lint->findings[i]->fate = LINT_KNOWN;
    }
    finish(&baseline);
    return fine;
}

/* -- Writing -- */

static int by_key(const void *a, const void *b)
{
    return bytes_cmp((*(struct kind *const *)a)->key, (*(struct kind *const *)b)->key);
}

static void add_line(struct buf *out, const struct kind *kind)
{
    struct bytes rest = kind->key, piece;
    json_t *object = json_object();
    static const char *const names[] = {"file", "check"};
    for (size_t i = 0; i < 2; i++) {
        bytes_piece(&rest, '\0', &piece);
        json_put_text(object, names[i], piece);
    }
    json_put_text(object, "rule", rest);
    json_put_number(object, "count", kind->found);
    json_write(out, object);
    buf_char(out, '\n');
}

static void write_lines(const struct baseline *baseline, struct buf *out)
{
    size_t count = 0, at = 0;
    const struct kind **kinds = mem_array(NULL, baseline->kinds.count + 1, sizeof(*kinds));
    for (const struct kind *kind; (kind = table_next(&baseline->kinds, &at));)
        if (kind->found > 0)
            kinds[count++] = kind;
    qsort(kinds, count, sizeof(*kinds), by_key);
    buf_cat(out, B("{\"" HEAD "\":"), NUM(VERSION), B("}\n"));
    for (size_t i = 0; i < count; i++)
        add_line(out, kinds[i]);
    free(kinds);
}

bool baseline_write(struct bytes path, struct lint *lint, size_t *count, struct buf *why)
{
    struct baseline baseline;
    struct buf text = {0};
    begin(&baseline, path);
    count_findings(&baseline, lint);
    write_lines(&baseline, &text);
    bool fine = file_replace(path, buf_bytes(&text));
    if (!fine)
        buf_cat(why, path, B(": "), error_text(errno));
    *count = 0;
    for (size_t i = 0; fine && i < lint->count; i++)
        if (counts(lint->findings[i])) {
            lint->findings[i]->fate = LINT_KNOWN;
            ++*count;
        }
    buf_free(&text);
    finish(&baseline);
    return fine;
}
