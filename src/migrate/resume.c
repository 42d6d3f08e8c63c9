/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "migrate/resume.h"

#include <errno.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/errors.h"
#include "base/json_values.h"
#include "base/mem.h"
#include "base/rewrite.h"
#include "base/version.h"
#include "io/glob.h"
#include "io/read_name.h"

static const char format[] = "secant-migrate";
enum { VERSION = 1 };

static const struct {
    const char *key, *what;
} marks[MARKS] = {
    [MARK_SEC] = {"sec", "another SEC"},           [MARK_SECANT] = {"secant", "another Secant"},
    [MARK_OPTIONS] = {"options", "other options"}, [MARK_RULES] = {"rules", "other rules"},
    [MARK_LINES] = {"log", "another log"},
};

/* -- What it is of -- */

static struct bytes hex(uint64_t hash)
{
    struct buf text = {0};
    buf_printf(&text, "%016llx", (unsigned long long)hash);
    struct bytes copy = bytes_dup(buf_bytes(&text));
    buf_free(&text);
    return copy;
}

static struct bytes hash_of(const struct buf *text)
{
    return hex(XXH3_64bits(buf_bytes(text).ptr, text->len));
}

static void add_words(struct buf *out, char *const *words)
{
    for (; *words; words++)
        buf_cat(out, bytes_of(*words), B("\0"));
}

static struct bytes hash_options(const struct course *course)
{
    struct buf text = {0};
    add_words(&text, course->options->reference);
    add_words(&text, course->options->others);
    buf_cat(&text, NUM(course->options->states), course->options->unguarded ? B("u") : B(""));
    for (size_t i = 0; course->engine_options->intcontexts && i < course->lines.input_count; i++)
        buf_cat(&text, course->lines.inputs[i].context, B("\0"));
    struct bytes hash = hash_of(&text);
    buf_free(&text);
    return hash;
}

static struct bytes hash_rules(const struct course *course)
{
    const struct string_list *confs = &course->engine_options->conf;
    struct file_names names = {0};
    struct buf text = {0};
    for (size_t i = 0; i < confs->count; i++)
        glob_names(confs->items[i], &names);
    for (size_t i = 0; i < names.count; i++) {
        buf_cat(&text, names.names[i], B("\0"));
        size_t before = text.len;
        if (read_name(names.names[i], &text))
            buf_num(&text, (int64_t)(text.len - before));
    }
    struct bytes hash = hash_of(&text);
    file_names_free(&names);
    buf_free(&text);
    return hash;
}

/* -- The file -- */

static bool write_file(const struct resume *resume, struct buf *why)
{
    json_t *object = json_object(), *stretches = json_object();
    struct buf text = {0};
    json_put(object, "format", json_string(format));
    json_put_number(object, "version", VERSION);
    for (int i = 0; i < MARKS; i++)
        json_put(object, marks[i].key, json_of_bytes(resume->marks[i]));
    json_put_number(stretches, "count", resume->stretches.count);
    json_put_number(stretches, "length", resume->stretches.length);
    json_put_number(stretches, "of", resume->stretches.of);
    json_put(object, "stretches", stretches);
    json_put_number(object, "equal", resume->equal);
    json_put(object, "totals", totals_json(&resume->totals));
    json_write(&text, object);
    bool written = file_replace(bytes_of(resume->file), buf_bytes(&text));
    if (!written)
        buf_cat(why, B("Can't write to "), bytes_of(resume->file), B(" ("), error_text(errno),
                B(")\n"));
    buf_free(&text);
    return written;
}

static bool is_same(const struct fields *fields, const char *what, struct buf *why)
{
    buf_cat(why, fields->file, B(": it is of "), bytes_of(what),
            B("; without the file the comparison begins anew\n"));
    return false;
}

static bool check_marks(const struct resume *resume, struct fields *fields, const json_t *object,
                        struct buf *why)
{
    struct bytes text;
    for (int i = 0; i < MARKS; i++) {
        if (!fields_text(fields, object, marks[i].key, &text))
            return false;
        if (!bytes_eq(text, resume->marks[i]))
            return is_same(fields, marks[i].what, why);
    }
    return true;
}

static bool check_stretches(const struct resume *resume, struct fields *fields,
                            const json_t *object, struct buf *why)
{
    const json_t *stretches = fields_object(fields, object, "stretches");
    int64_t count, length, of;
    if (!stretches || !fields_number(fields, stretches, "count", 1, &count) ||
        !fields_number(fields, stretches, "length", 0, &length) ||
        !fields_number(fields, stretches, "of", 1, &of))
        return false;
    if ((uint64_t)count != resume->stretches.count ||
        (uint64_t)length != resume->stretches.length || (uint64_t)of != resume->stretches.of)
        return is_same(fields, "other stretches", why);
    return true;
}

static bool read_object(struct resume *resume, struct fields *fields, const json_t *object,
                        struct buf *why)
{
    int64_t version, equal;
    if (!json_is(object, "format", format)) {
        buf_cat(why, fields->file, B(": it is not the file of a comparison\n"));
        return false;
    }
    if (!fields_number(fields, object, "version", 1, &version))
        return false;
    if (version != VERSION)
        return is_same(fields, "another version", why);
    if (!check_marks(resume, fields, object, why) ||
        !check_stretches(resume, fields, object, why) ||
        !fields_number(fields, object, "equal", 0, &equal))
        return false;
    resume->equal = resume->before = (uint64_t)equal;
    const json_t *totals = fields_object(fields, object, "totals");
    size_t length = fields_enter(fields, B("totals"));
    bool sound = totals && totals_read(&resume->totals, fields, totals);
    fields_leave(fields, length);
    if (sound && resume->equal > resume->stretches.count) {
        length = fields_enter(fields, B("equal"));
        fields_wrong(fields, B("more stretches than there are"));
        fields_leave(fields, length);
        sound = false;
    }
    return sound;
}

bool resume_read(struct resume *resume, struct bytes text, struct buf *why)
{
    struct arena arena;
    struct buf wrong = {0};
    json_t *object = fields_read(text, &wrong);
    struct fields fields = {.file = bytes_of(resume->file), .arena = &arena, .errors = why};
    arena_init(&arena);
    bool sound = object && read_object(resume, &fields, object, why);
    if (!object)
        buf_cat(why, fields.file, B(": "), buf_bytes(&wrong), B("\n"));
    buf_free(&fields.place);
    buf_free(&wrong);
    arena_free(&arena);
    json_decref(object);
    return sound;
}

bool resume_open(struct resume *resume, const struct course *course, struct bytes version,
                 uint64_t lines, struct buf *why)
{
    struct buf text = {0};
    *resume = (struct resume){.file = course->options->resume_file,
                              .stretches = course->lines.stretches,
                              .marks = {[MARK_SEC] = bytes_dup(version),
                                        [MARK_SECANT] = bytes_dup(B(SECANT_VERSION)),
                                        [MARK_OPTIONS] = hash_options(course),
                                        [MARK_RULES] = hash_rules(course),
                                        [MARK_LINES] = hex(lines)}};
    bool open = file_read(resume->file, &text);
    if (open)
        open = resume_read(resume, buf_bytes(&text), why);
    else if (errno == ENOENT)
        open = write_file(resume, why);
    else
        buf_cat(why, bytes_of(resume->file), B(": "), error_text(errno), B("\n"));
    buf_free(&text);
    return open;
}

/* -- Stretches -- */

bool resume_next(struct resume *resume, struct course *course)
{
    if (resume->equal == resume->stretches.count)
        return false;
    lines_choose(&course->lines, &resume->stretches, resume->equal, resume->equal + 1);
    return true;
}

bool resume_keep(struct resume *resume, const struct course *course, struct buf *why)
{
    totals_add(&resume->totals, course);
    resume->totals.chance += course->comparison.found;
    resume->totals.left += course->comparison.left.len > 0;
    resume->equal++;
    return write_file(resume, why);
}

void resume_give(struct resume *resume, struct course *course, bool kept)
{
    if (kept)
        buf_clear(&course->comparison.left);
    else
        totals_add(&resume->totals, course);
    totals_give(&resume->totals, course);
}

void resume_free(struct resume *resume)
{
    for (int i = 0; i < MARKS; i++)
        bytes_free(resume->marks[i]);
    totals_free(&resume->totals);
}

/* -- What is said of it -- */

static void add_count(struct buf *out, struct bytes front, uint64_t count)
{
    if (count == 0)
        return;
    buf_add(out, front);
    buf_grouped(out, count);
    buf_char(out, '\n');
}

void resume_tell(const struct resume *resume, struct buf *out)
{
    buf_add(out, B("  in stretches, each from a clean start: "));
    buf_grouped(out, resume->equal);
    buf_add(out, B(" equal of "));
    buf_grouped(out, resume->stretches.count);
    if (resume->before > 0) {
        buf_add(out, B(", "));
        buf_grouped(out, resume->before);
        buf_add(out, B(" of them compared before"));
    }
    buf_char(out, '\n');
    add_count(out, B("  differences in these, where SEC itself is not determined: "),
              resume->totals.chance);
    add_count(out, B("  of these, ended by code in rules before their last line: "),
              resume->totals.left);
}

json_t *resume_json(const struct resume *resume)
{
    json_t *object = json_object();
    json_put_number(object, "of", resume->stretches.count);
    json_put_number(object, "equal", resume->equal);
    json_put_number(object, "before", resume->before);
    json_put_number(object, "chance", resume->totals.chance);
    json_put_number(object, "ended_early", resume->totals.left);
    return object;
}
