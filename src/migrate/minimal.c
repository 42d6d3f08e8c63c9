/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Delta debugging: pieces are left out, first large ones, then smaller ones, and each time both
 * engines run what is left.  Pieces of the rules are separated by empty lines and comments; a piece
 * of the log is a line. */
#include "migrate/minimal.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/monotonic.h"
#include "io/glob.h"
#include "io/read_name.h"
#include "migrate/case_files.h"
#include "stage/interrupt.h"

enum { MOST_LINES = 100000 }; /* that are kept */

struct paragraph {
    size_t file;
    struct bytes text; /* in the file's */
};

struct search {
    const struct course *course;
    enum heard_class class;
    double end;              /* when it has to be done */
    struct rule_text *files; /* owned; as they were */
    size_t file_count, file_room;
    struct paragraph *paragraphs; /* owned */
    size_t paragraph_count, paragraph_room;
    struct given_line *lines; /* owned, and their texts */
    size_t line_count, line_room;
};

/* Some of a list, in order. */
struct choice {
    size_t *items; /* owned */
    size_t count;
};

/* -- What there is -- */

/* A line whose end is a backslash goes on. */
static bool goes_on(struct bytes line)
{
    while (line.len > 0 && is_space(line.ptr[line.len - 1]))
        line.len--;
    return line.len > 0 && line.ptr[line.len - 1] == '\\';
}

static bool parts_rules(struct bytes line)
{
    struct bytes text = bytes_trim(line);
    return text.len == 0 || *text.ptr == '#';
}

static void add_paragraph(struct search *search, size_t file, struct bytes text)
{
    if (bytes_trim(text).len == 0)
        return;
    MEM_GROW(search->paragraphs, search->paragraph_count, search->paragraph_room, 64);
    search->paragraphs[search->paragraph_count++] = (struct paragraph){file, text};
}

static void part_file(struct search *search, size_t file)
{
    struct bytes rest = search->files[file].text, line;
    size_t from = 0;
    for (bool inside = false; bytes_piece(&rest, '\n', &line); inside = goes_on(line)) {
        struct bytes text = search->files[file].text;
        size_t at = (size_t)(line.ptr - text.ptr), next = at + line.len + (rest.ptr > line.ptr);
        if (inside || !parts_rules(line))
            continue;
        add_paragraph(search, file, bytes_slice(text, from, at));
        from = next < text.len ? next : text.len;
    }
    add_paragraph(search, file, bytes_from(search->files[file].text, from));
}

static void collect_rules(struct search *search)
{
    const struct string_list *confs = &search->course->engine_options->conf;
    struct file_names names = {0};
    struct buf text = {0};
    for (size_t i = 0; i < confs->count; i++)
        glob_names(confs->items[i], &names);
    for (size_t i = 0; i < names.count; i++) {
        buf_clear(&text);
        if (!read_name(names.names[i], &text))
            continue;
        MEM_GROW(search->files, search->file_count, search->file_room, 8);
        search->files[search->file_count] =
            (struct rule_text){bytes_dup(names.names[i]), bytes_dup(buf_bytes(&text))};
        part_file(search, search->file_count++);
    }
    file_names_free(&names);
    buf_free(&text);
}

static void add_line(struct search *search, const struct given_line *line)
{
    if (search->line_count == MOST_LINES) {
        size_t half = MOST_LINES / 2;
        for (size_t i = 0; i < half; i++)
            bytes_free(search->lines[i].text);
        memmove(search->lines, search->lines + half, half * sizeof(*search->lines));
        search->line_count = half;
    }
    MEM_GROW(search->lines, search->line_count, search->line_room, 1024);
    search->lines[search->line_count] = *line;
    search->lines[search->line_count++].text = bytes_dup(line->text);
}

/* Up to the line at which it is found; or to the first one that is late enough. */
static bool collect_lines(struct search *search, const struct place *place, struct buf *why)
{
    const struct migrate_options *options = search->course->options;
    struct lines lines;
    struct given_line line;
    bool open = lines_open(&lines, options->inputs, options->input_count, &options->lines,
                           &search->course->engine_options->intcontexts, why);
    lines.from = options->from;
    lines.until = options->until;
    lines_choose(&lines, &search->course->lines.stretches, search->course->lines.first,
                 search->course->lines.last);
    for (uint64_t number = 1; open && lines_next(&lines, &line); number++) {
        add_line(search, &line);
        if (number >= place->line && line.second >= place->second)
            break;
    }
    lines_close(&lines);
    return open && search->line_count > 0;
}

/* -- A trial -- */

static void add_rules(const struct search *search, const struct choice *paragraphs, size_t file,
                      struct buf *out)
{
    for (size_t i = 0; i < paragraphs->count; i++) {
        const struct paragraph *paragraph = &search->paragraphs[paragraphs->items[i]];
        if (paragraph->file != file)
            continue;
        buf_add(out, out->len > 0 ? B("\n") : B(""));
        buf_cat(out, bytes_trim(paragraph->text), B("\n"));
    }
}

/* The files of what is chosen. */
static void write_out(const struct search *search, const struct choice *paragraphs,
                      struct minimal *minimal)
{
    minimal->files = mem_zarray(search->file_count + 1, sizeof(*minimal->files));
    for (size_t i = 0; i < search->file_count; i++) {
        struct buf text = {0};
        add_rules(search, paragraphs, i, &text);
        if (text.len > 0)
            minimal->files[minimal->file_count++] =
                (struct rule_text){bytes_dup(search->files[i].name), bytes_dup(buf_bytes(&text))};
        buf_free(&text);
    }
}

/* Are there some of the class that are chance? */
static bool has_chance(const struct comparison *comparison, enum heard_class class)
{
    for (size_t i = 0; i < comparison->count; i++)
        if (comparison->items[i].class == class && comparison->items[i].chance)
            return true;
    return false;
}

/* runs: two of SEC; NULL: no difference is chance. */
static bool is_found(const struct comparison *comparison, enum heard_class class,
                     const struct comparison *runs)
{
    for (size_t i = 0; i < comparison->count; i++) {
        const struct difference *difference = &comparison->items[i];
        if (difference->class == class && difference->place.line > 0 &&
            !(runs && comparison_explains(runs, difference)))
            return true;
    }
    return false;
}

/* Is the difference there, with these rules and the lines that are chosen of some? */
static bool shows(const struct course *course, enum heard_class class, const struct minimal *rules,
                  const struct given_line *lines, const struct choice *chosen)
{
    struct options options = *course->engine_options;
    struct course trial = {.options = course->options,
                           .engine_options = &options,
                           .folder = course->folder,
                           .version = course->version};
    struct course again = trial;
    again.twice = true;
    struct case_files files;
    bool found = false;
    if (case_files_place(&files, rules->files, rules->file_count, course->folder)) {
        options.conf = files.patterns;
        lines_list(&trial.lines, &course->lines, lines, chosen->items, chosen->count);
        course_run(&trial);
        found = is_found(&trial.comparison, class, NULL);
        if (found && has_chance(&course->comparison, class)) {
            lines_list(&again.lines, &course->lines, lines, chosen->items, chosen->count);
            found = course_run(&again) && is_found(&trial.comparison, class, &again.comparison);
        }
        course_free(&trial);
        course_free(&again);
    }
    case_files_free(&files);
    return found && !interrupted;
}

static bool differs(struct search *search, const struct choice *paragraphs,
                    const struct choice *lines)
{
    struct minimal rules = {0};
    write_out(search, paragraphs, &rules);
    bool found = shows(search->course, search->class, &rules, search->lines, lines);
    minimal_free(&rules);
    return found;
}

/* -- The search -- */

static struct choice all_of(size_t from, size_t to)
{
    struct choice choice = {mem_array(NULL, to - from + 1, sizeof(*choice.items)), to - from};
    for (size_t i = from; i < to; i++)
        choice.items[i - from] = i;
    return choice;
}

/* Which of the two lists gets smaller. */
struct reduction {
    struct search *search;
    struct choice paragraphs, lines;
    struct choice *changes; /* one of them */
};

/* Without the items from one to another; true: that is a smaller case, and becomes the choice. */
static bool leave_out(struct reduction *reduction, size_t from, size_t to)
{
    struct choice was = *reduction->changes;
    struct choice less = all_of(0, was.count);
    memcpy(less.items, was.items, from * sizeof(*less.items));
    memcpy(less.items + from, was.items + to, (was.count - to) * sizeof(*less.items));
    less.count = was.count - (to - from);
    *reduction->changes = less;
    bool smaller =
        less.count > 0 && differs(reduction->search, &reduction->paragraphs, &reduction->lines);
    if (!smaller)
        *reduction->changes = was;
    free(smaller ? was.items : less.items);
    return smaller;
}

static bool has_time(const struct reduction *reduction)
{
    return monotonic_seconds() < reduction->search->end && !interrupted;
}

/* Pieces of each size, from half of all down to one; what comes last is most likely needed. */
static void reduce(struct reduction *reduction, struct choice *changes)
{
    reduction->changes = changes;
    for (size_t size = (changes->count + 1) / 2; size > 0; size = size > 1 ? (size + 1) / 2 : 0)
        for (size_t from = 0; from < changes->count && has_time(reduction);) {
            size_t to = from + size < changes->count ? from + size : changes->count;
            if (!leave_out(reduction, from, to))
                from = to;
        }
}

/* The last few lines often do. */
static bool find_last(struct reduction *reduction)
{
    struct search *search = reduction->search;
    for (size_t count = 2; has_time(reduction); count *= 8) {
        size_t from = count < search->line_count ? search->line_count - count : 0;
        free(reduction->lines.items);
        reduction->lines = all_of(from, search->line_count);
        if (differs(search, &reduction->paragraphs, &reduction->lines))
            return true;
        if (from == 0)
            return false;
    }
    return false;
}

static void keep(const struct reduction *reduction, struct minimal *minimal)
{
    const struct search *search = reduction->search;
    const struct choice *lines = &reduction->lines;
    write_out(search, &reduction->paragraphs, minimal);
    minimal->lines = mem_array(NULL, lines->count, sizeof(*minimal->lines));
    for (size_t i = 0; i < lines->count; i++) {
        minimal->lines[i] = search->lines[lines->items[i]];
        minimal->lines[i].text = bytes_dup(minimal->lines[i].text);
    }
    minimal->line_count = lines->count;
}

static void free_search(struct search *search)
{
    for (size_t i = 0; i < search->file_count; i++) {
        bytes_free(search->files[i].name);
        bytes_free(search->files[i].text);
    }
    for (size_t i = 0; i < search->line_count; i++)
        bytes_free(search->lines[i].text);
    free(search->files);
    free(search->paragraphs);
    free(search->lines);
}

bool minimal_find(const struct course *course, const struct difference *difference, double seconds,
                  struct minimal *minimal, struct buf *why)
{
    struct search search = {
        .course = course, .class = difference->class, .end = monotonic_seconds() + seconds};
    *minimal = (struct minimal){0};
    collect_rules(&search);
    bool found = collect_lines(&search, &difference->place, why);
    struct reduction reduction = {.search = &search,
                                  .paragraphs = all_of(0, search.paragraph_count)};
    found = found && find_last(&reduction);
    if (found) {
        reduce(&reduction, &reduction.lines);
        reduce(&reduction, &reduction.paragraphs);
        reduce(&reduction, &reduction.lines);
        keep(&reduction, minimal);
    }
    free(reduction.lines.items);
    free(reduction.paragraphs.items);
    free_search(&search);
    return found;
}

bool minimal_shows(const struct course *course, const struct minimal *minimal,
                   enum heard_class class)
{
    struct choice all = all_of(0, minimal->line_count);
    bool found = shows(course, class, minimal, minimal->lines, &all);
    free(all.items);
    return found;
}

void minimal_free(struct minimal *minimal)
{
    for (size_t i = 0; i < minimal->file_count; i++) {
        bytes_free(minimal->files[i].name);
        bytes_free(minimal->files[i].text);
    }
    for (size_t i = 0; i < minimal->line_count; i++)
        bytes_free(minimal->lines[i].text);
    free(minimal->files);
    free(minimal->lines);
    *minimal = (struct minimal){0};
}
