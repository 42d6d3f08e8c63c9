/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "migrate/migrate.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "io/glob.h"
#include "base/rewrite.h"
#include "migrate/masking.h"
#include "migrate/minimal.h"
#include "migrate/resume.h"
#include "migrate/tell_html.h"
#include "prove/files.h"
#include "stage/interrupt.h"

enum {
    STRETCHES = 10,       /* that are compared one by one, unless another number is given */
    VERSION_SECONDS = 20, /* that SEC has to say which one it is */
    SHORT_SEARCH = 20,    /* for the smallest case of a difference */
    LONG_SEARCH = 300     /* the same, if it is asked for */
};

static bool open_lines(struct course *course)
{
    const struct migrate_options *options = course->options;
    bool open = lines_open(&course->lines, options->inputs, options->input_count, &options->lines,
                           &course->engine_options->intcontexts, &course->why);
    course->lines.from = options->from;
    course->lines.until = options->until;
    return open;
}

/* The differences that SEC itself has between two runs, in which only the order of Perl's hashes is
 * another one, are marked as chance: it runs twice more, up to the last one that is kept. */
static bool judge(struct course *course)
{
    struct comparison *comparison = &course->comparison;
    struct course again = {.options = course->options,
                           .engine_options = course->engine_options,
                           .folder = course->folder,
                           .twice = true,
                           .most = comparison->items[comparison->count - 1].place.line + 1};
    bool open = open_lines(&again);
    lines_choose(&again.lines, &course->lines.stretches, course->lines.first, course->lines.last);
    bool whole = open && course_run(&again);
    for (size_t i = 0; whole && i < comparison->count; i++)
        comparison->items[i].chance = comparison_explains(&again.comparison, &comparison->items[i]);
    if (!whole)
        buf_cat(&course->why, B("Could not check whether SEC does the same each time: "),
                buf_bytes(&again.why));
    course_free(&again);
    return whole;
}

/* The first one that is none of chance; NULL: there is none. */
static const struct difference *first_real(const struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->count; i++)
        if (!comparison->items[i].chance)
            return &comparison->items[i];
    return NULL;
}

/* The smallest case of the first difference, and the report, without secrets if that is wanted;
 * false: it could not be written where it is to be. */
static bool find_case(struct course *course, bool whole, struct minimal *minimal,
                      struct masking *masking, bool *found)
{
    const struct difference *difference = first_real(&course->comparison);
    const char *folder = course->options->case_folder;
    double seconds = folder ? LONG_SEARCH : SHORT_SEARCH;
    bool wanted = whole && difference && !interrupted;
    if (wanted)
        pace_say(folder ? B("Searching for the smallest case, for at most five minutes")
                        : B("Searching for the smallest case, for at most 20 seconds"),
                 course->options->quiet);
    *found = wanted && minimal_find(course, difference, seconds, minimal, &course->why);
    if (course->options->mask) {
        masking_run(masking, course, *found ? minimal : NULL, difference, seconds);
        course->masking = masking;
    }
    if (wanted)
        pace_say(B(""), course->options->quiet);
    return !folder || !*found || minimal_write(minimal, course, folder, &course->why);
}

/* false: it could not be written. */
static bool tell(struct course *course, struct bytes version, const struct minimal *minimal)
{
    struct buf text = {0};
    if (course->options->json) {
        tell_json(course, version, minimal, &text);
    } else {
        tell_text(course, version, &text);
        if (minimal)
            tell_minimal(minimal, course, &text);
        if (course->masking)
            masking_tell(course->masking, &text);
    }
    bool written = fwrite(text.ptr, 1, text.len, stdout) == text.len && fflush(stdout) == 0;
    if (!written)
        buf_cat(&course->why, B("Can't write the report ("), error_text(errno), B(")\n"));
    buf_free(&text);
    return written;
}

/* How many lines there are, and a hash of them. */
static uint64_t count_lines(struct course *course, uint64_t *hash)
{
    struct course counted = {.options = course->options, .engine_options = course->engine_options};
    uint64_t count = 0;
    pace_say(B("Counting lines"), course->options->quiet);
    if (open_lines(&counted))
        count = lines_count(&counted.lines, hash);
    pace_say(B(""), course->options->quiet);
    course_free(&counted);
    return count;
}

/* The lines, or as much of them as is wanted, in stretches if that is wanted. */
static bool choose_lines(struct course *course, uint64_t *hash)
{
    const struct migrate_options *options = course->options;
    const struct sample *sample = &options->sample;
    bool sampled = sample->lines > 0 || sample->part > 0;
    if (!open_lines(course))
        return false;
    if (!sampled && !options->resume_file)
        return true;
    uint64_t count = count_lines(course, hash);
    uint64_t most = options->stretches > 0 ? options->stretches : STRETCHES;
    struct stretches stretches = sampled ? stretches_sample(sample, count) : (struct stretches){0};
    if (options->resume_file && stretches.count == 0)
        stretches = (struct stretches){most < count ? most : count, 0, count};
    lines_choose(&course->lines, &stretches, 0, stretches.count);
    return !interrupted;
}

/* A page that is there may be replaced, but no log or rule file whose name was given by mistake. */
static bool is_page(const char *path)
{
    struct buf text = {0};
    bool page = !file_read(path, &text) || text.len == 0 ||
                bytes_starts(buf_bytes(&text), B("<!DOCTYPE html>"));
    buf_free(&text);
    return page;
}

/* Known before the run, which may take hours. */
static bool can_write_page(struct course *course)
{
    const char *path = course->options->html;
    if (!path)
        return true;
    bool other = !is_page(path), fine = !other && file_replaceable(bytes_of(path));
    if (!fine)
        buf_cat(&course->why, B("--html: can't write to "), bytes_of(path), B(" ("),
                other ? B("it exists, and is not HTML") : error_text(errno), B(")\n"));
    return fine;
}

static bool write_page(struct course *course, struct bytes version, const struct minimal *minimal,
                       bool whole)
{
    const char *path = course->options->html;
    struct buf page = {0};
    if (!path)
        return true;
    tell_html(course, version, minimal, whole, &page);
    bool written = file_replace(bytes_of(path), buf_bytes(&page));
    if (!written)
        buf_cat(&course->why, B("--html: can't write to "), bytes_of(path), B(" ("),
                error_text(errno), B(")\n"));
    buf_free(&page);
    return written;
}

static bool compare_once(struct course *course)
{
    return course_run(course) && (course->comparison.found == 0 || interrupted || judge(course));
}

/* Up to the first stretch that is not equal, or is not compared to its end. */
static bool compare_stretches(struct course *course, struct resume *resume, struct bytes version,
                              uint64_t hash)
{
    bool whole = resume_open(resume, course, version, hash, &course->why), kept = true;
    if (!whole)
        return false;
    while (whole && kept && resume_next(resume, course)) {
        course_rewind(course);
        whole = compare_once(course);
        kept = whole && !interrupted && !first_real(&course->comparison) &&
               course->comparison.found <= MOST_DIFFERENCES;
        if (kept)
            whole = resume_keep(resume, course, &course->why);
    }
    resume_give(resume, course, kept);
    course->resume = resume;
    return whole;
}

/* Where there is none, SEC and Secant do nothing, which is equal. */
static bool has_rule_files(struct course *course)
{
    const struct string_list *conf = &course->engine_options->conf;
    bool has = false;
    for (size_t i = 0; i < conf->count; i++) {
        struct file_names files = {0};
        glob_names(conf->items[i], &files);
        for (size_t k = 0; k < files.count; k++)
            has |= access(files.names[k].ptr, R_OK) == 0;
        file_names_free(&files);
    }
    for (size_t i = 0; i < conf->count && !has; i++)
        buf_cat(&course->why, B("No rules: no file can be read that matches --conf="),
                conf->items[i], B("\n"));
    return has;
}

static bool compare(struct course *course, struct resume *resume, struct bytes version)
{
    uint64_t hash = 0;
    if (!has_rule_files(course))
        return false;
    course->folder = files_folder(B(""));
    if (course->folder.len == 0) {
        buf_cat(&course->why, B("No folder for temporary files: "), error_text(errno), B("\n"));
        return false;
    }
    if (!choose_lines(course, &hash))
        return false;
    return course->options->resume_file && course->lines.stretches.count > 0
               ? compare_stretches(course, resume, version, hash)
               : compare_once(course);
}

int migrate_run(const struct migrate_options *options, struct options *engine_options)
{
    struct course course = {.options = options, .engine_options = engine_options};
    struct buf version = {0}, why = {0};
    struct minimal minimal = {0};
    struct masking masking = {0};
    struct resume resume = {0};
    bool found = false;
    catch_interrupts();
    bool known = can_write_page(&course) &&
                 upstream_version(options->reference, VERSION_SECONDS, &version, &why);
    if (why.len > 0)
        buf_cat(&course.why, B("--ref: "), buf_bytes(&why), B("\n"));
    course.version = buf_bytes(&version);
    bool whole = known && compare(&course, &resume, buf_bytes(&version));
    whole = find_case(&course, whole, &minimal, &masking, &found) && whole;
    if (course.given > 0)
        whole &= write_page(&course, buf_bytes(&version), found ? &minimal : NULL, whole);
    course.unfinished = !whole || interrupted;
    if (course.given > 0)
        whole &= tell(&course, buf_bytes(&version), found ? &minimal : NULL);
    if (course.why.len > 0)
        fwrite(course.why.ptr, 1, course.why.len, stderr);
    int status = tell_real(&course) > 0 ? MIGRATE_DIFFERS : MIGRATE_EQUAL;
    if (course.folder.len > 0)
        files_remove_folder(course.folder);
    bytes_free(course.folder);
    masking_free(&masking);
    resume_free(&resume);
    course_free(&course);
    buf_free(&version);
    minimal_free(&minimal);
    buf_free(&why);
    return interrupted ? 128 + interrupted : whole ? status : MIGRATE_FAILED;
}
