/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "migrate/course.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/monotonic.h"
#include "migrate/own.h"
#include "prove/files.h"
#include "stage/interrupt.h"

enum {
    MOST_WAITING = 256 * 1024,      /* bytes that wait for a side */
    MOST_FLYING = 32 * 1024 * 1024, /* bytes of lines that are not compared */
    EACH_LOOK = 500,                /* lines after which a side is asked where it is */
    PATIENCE = 1000                 /* milliseconds */
};

static void complain(struct course *course, struct bytes what, struct bytes why)
{
    buf_cat(&course->why, what, why, B("\n"));
}

/* -- Start -- */

/* As glob takes the name for itself. */
static char *input_word(const struct replay_input *input, bool with_context)
{
    struct buf word = {0};
    struct bytes name = input->source.name;
    buf_add(&word, B("--input="));
    for (size_t i = 0; i < name.len; i++) {
        if (bytes_chr(B("*?[]{}~\\ \"'"), name.ptr[i], 0) >= 0)
            buf_char(&word, '\\');
        buf_char(&word, name.ptr[i]);
    }
    if (with_context)
        buf_cat(&word, B("="), input->set->context);
    buf_char(&word, '\0');
    return word.ptr;
}

static size_t count_words(char *const *words)
{
    size_t count = 0;
    while (words[count])
        count++;
    return count;
}

/* The command line of SEC; owned, as the last words from *own on. */
static char **make_words(const struct course *course, size_t *own)
{
    const struct migrate_options *options = course->options;
    size_t first = count_words(options->reference), others = count_words(options->others);
    char **words = mem_zarray(first + others + course->logs.sets.count + 1, sizeof(*words));
    memcpy(words, options->reference, first * sizeof(*words));
    memcpy(words + first, options->others, others * sizeof(*words));
    *own = first + others;
    for (size_t i = 0; i < course->logs.sets.count; i++)
        words[*own + i] = input_word(&course->logs.inputs[i], course->engine_options->intcontexts);
    return words;
}

static bool start_sec(struct course *course, int number, const char *seed)
{
    size_t own;
    char **words = make_words(course, &own);
    struct upstream_start start = {.argv = words,
                                   .folder = course->folder,
                                   .module = "LockstepFeed",
                                   .setting = NUM(course->begun),
                                   .seed = seed};
    bool started = upstream_start(&course->sides[number].process, &start);
    if (!started)
        complain(course, B("SEC cannot be started: "), error_text(errno));
    for (size_t i = own; words[i]; i++)
        free(words[i]);
    free(words);
    return started;
}

static bool start_secant(struct course *course, int argc, char **argv)
{
    struct own_start start = {
        .options = course->engine_options,
        .second = course->begun,
        .inputs = course->logs.inputs,
        .input_count = course->logs.sets.count,
        .argc = argc,
        .argv = argv,
    };
    bool started = own_start(&course->sides[OURS], &start);
    if (!started)
        complain(course, B("Secant's process cannot be started: "), error_text(errno));
    return started;
}

/* -- Lines -- */

/* Passes over those that are not wanted; false: there is no more. */
static bool next_line(struct course *course)
{
    struct logs *logs = &course->logs;
    do
        logs_next(logs);
    while (logs->any && logs_input(logs)->order < course->options->from);
    return logs->any && logs_input(logs)->order < course->options->until &&
           (course->most == 0 || course->lines < course->most);
}

#define SAY_BOTH(course, ...)                                                                      \
    do {                                                                                           \
        SIDE_SAY(&(course)->sides[THEIRS], __VA_ARGS__);                                           \
        SIDE_SAY(&(course)->sides[OURS], __VA_ARGS__);                                             \
    } while (0)

static void give_line(struct course *course)
{
    const struct logs *logs = &course->logs;
    const struct replay_input *input = logs_input(logs);
    if (input->order != course->ended || course->lines == 0)
        SAY_BOTH(course, B("now"), NUM(input->order));
    course->ended = input->order;
    course->lines++;
    course->bytes += logs->line.len + 1;
    flight_add(&course->flight, logs->line, input->source.name, input->order);
    SAY_BOTH(course, B("line"), logs->line, input->source.name);
    if (course->options->states > 0 && course->lines % course->options->states == 0)
        SAY_BOTH(course, B("state"));
    if (course->lines % EACH_LOOK == 0)
        SAY_BOTH(course, B("look"));
}

static bool has_room(const struct course *course)
{
    return side_waiting(&course->sides[THEIRS]) < MOST_WAITING &&
           side_waiting(&course->sides[OURS]) < MOST_WAITING && course->flight.bytes < MOST_FLYING;
}

/* -- Differences -- */

static void keep_lines(struct course *course)
{
    const struct comparison *comparison = &course->comparison;
    if (comparison->count == course->found_count)
        return;
    course->found = mem_array(course->found, comparison->count, sizeof(*course->found));
    for (; course->found_count < comparison->count; course->found_count++) {
        const struct difference *difference = &comparison->items[course->found_count];
        const struct flight_line *line = flight_find(&course->flight, difference->place.line);
        course->found[course->found_count] = (struct found_line){0};
        if (line)
            course->found[course->found_count] =
                (struct found_line){bytes_dup(line->text), line->input, line->second};
    }
}

static void compare(struct course *course)
{
    comparison_go(&course->comparison);
    keep_lines(course);
    flight_land(&course->flight, course->comparison.place.line);
}

/* -- Course -- */

static bool is_over(const struct course *course)
{
    return course->sides[THEIRS].silent && course->sides[OURS].silent;
}

static void run(struct course *course)
{
    struct side *sides[] = {&course->sides[THEIRS], &course->sides[OURS]};
    bool more = true;
    while (!is_over(course) && !interrupted) {
        while (more && has_room(course)) {
            give_line(course);
            more = next_line(course);
            if (!more) {
                SAY_BOTH(course, B("state"));
                SAY_BOTH(course, B("end"));
            }
        }
        sides_exchange(sides, 2, PATIENCE);
        compare(course);
    }
    compare(course);
}

/* Has a side ended as it should? */
static void look_at_end(struct course *course, int number, struct bytes name)
{
    struct side *side = &course->sides[number];
    const struct reader *reader = &course->comparison.readers[number];
    if (reader->stranger)
        complain(course, name, B(" is no SEC that is known"));
    else if (!reader->ended) {
        struct buf end = {0};
        buf_add(&end, B(" "));
        upstream_add_end(&side->process, &end);
        complain(course, name, buf_bytes(&end));
        buf_free(&end);
    }
}

static bool open_logs(struct course *course)
{
    const struct migrate_options *options = course->options;
    if (options->input_count == 0) {
        complain(course, B("No input: --input is missing"), B(""));
        return false;
    }
    bool sound = logs_open(&course->logs, options->inputs, options->input_count, &options->lines,
                           &course->engine_options->intcontexts);
    bool complained = logs_complain(&course->logs);
    if (sound && course->logs.sets.count == 0)
        complain(course, B("No file matches --input"), B(""));
    else if (sound && !next_line(course))
        complain(course, B("No line to compare"), B(""));
    else
        return sound && !complained;
    return false;
}

/* Both sides from their start to their end. */
static void play(struct course *course, int argc, char **argv)
{
    double begin = monotonic_seconds();
    course->begun = course->ended = logs_input(&course->logs)->order;
    comparison_start(&course->comparison, &course->sides[THEIRS], &course->sides[OURS]);
    if (start_sec(course, THEIRS, "0") &&
        (course->twice ? start_sec(course, OURS, "1") : start_secant(course, argc, argv))) {
        run(course);
        look_at_end(course, THEIRS, B("SEC"));
        look_at_end(course, OURS, course->twice ? B("SEC") : B("Secant"));
    }
    course->seconds = monotonic_seconds() - begin;
}

bool course_run(struct course *course, int argc, char **argv)
{
    if (!open_logs(course))
        return false;
    course->folder = files_folder(B(""));
    if (course->folder.len == 0)
        complain(course, B("No folder for temporary files: "), error_text(errno));
    else
        play(course, argc, argv);
    return course->why.len == 0;
}

static bool is_there(const struct comparison *comparison, const struct difference *difference)
{
    for (size_t i = 0; i < comparison->count; i++)
        if (comparison->items[i].class == difference->class &&
            compare_places(&comparison->items[i].place, &difference->place) == 0)
            return true;
    return false;
}

bool course_judge(struct course *course)
{
    struct comparison *comparison = &course->comparison;
    struct course again = {.options = course->options,
                           .engine_options = course->engine_options,
                           .twice = true,
                           .most = comparison->items[comparison->count - 1].place.line + 1};
    bool whole = course_run(&again, 0, NULL);
    for (size_t i = 0; whole && i < comparison->count; i++)
        comparison->items[i].chance = is_there(&again.comparison, &comparison->items[i]);
    if (!whole)
        complain(course, B("Whether SEC does the same each time could not be seen: "),
                 bytes_trim(buf_bytes(&again.why)));
    course_free(&again);
    return whole;
}

void course_free(struct course *course)
{
    side_end(&course->sides[THEIRS]);
    side_end(&course->sides[OURS]);
    comparison_free(&course->comparison);
    flight_free(&course->flight);
    for (size_t i = 0; i < course->found_count; i++)
        bytes_free(course->found[i].text);
    free(course->found);
    if (course->folder.len > 0)
        files_remove_folder(course->folder);
    buf_free(&course->version);
    buf_free(&course->why);
}
