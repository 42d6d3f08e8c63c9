/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "migrate/course.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/monotonic.h"
#include "migrate/own.h"
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

static char *conf_word(struct bytes pattern)
{
    struct buf word = {0};
    buf_cat(&word, B("--conf="), pattern, B("\0"));
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
    const struct string_list *confs = &course->engine_options->conf;
    size_t first = count_words(options->reference), others = count_words(options->others);
    size_t count = *own = first + others;
    char **words = mem_zarray(count + confs->count + course->lines.input_count + 1, sizeof(*words));
    memcpy(words, options->reference, first * sizeof(*words));
    memcpy(words + first, options->others, others * sizeof(*words));
    for (size_t i = 0; i < confs->count; i++)
        words[count++] = conf_word(confs->items[i]);
    for (size_t i = 0; i < course->lines.input_count; i++)
        words[count++] = upstream_input(
            course->lines.inputs[i].name,
            course->engine_options->intcontexts ? course->lines.inputs[i].context : B(""));
    return words;
}

static void free_words(char **words, size_t own)
{
    for (size_t i = own; words[i]; i++)
        free(words[i]);
    free(words);
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
    free_words(words, own);
    return started;
}

/* Code in rules sees the command line of SEC. */
static bool start_secant(struct course *course)
{
    size_t own, before = count_words(course->options->reference) - 1;
    char **words = make_words(course, &own);
    words[before] = course->options->argv[0];
    struct own_start start = {
        .options = course->engine_options,
        .second = course->begun,
        .inputs = course->lines.inputs,
        .input_count = course->lines.input_count,
        .folder = course->folder,
        .version = course->version,
        .argc = (int)count_words(words + before),
        .argv = words + before,
    };
    bool started = own_start(&course->sides[OURS], &start);
    if (!started)
        complain(course, B("Secant's process cannot be started: "), error_text(errno));
    free_words(words, own);
    return started;
}

/* -- Lines -- */

/* false: there is no more. */
static bool next_line(struct course *course)
{
    return (course->most == 0 || course->given < course->most) &&
           lines_next(&course->lines, &course->line);
}

#define SAY_BOTH(course, ...)                                                                      \
    do {                                                                                           \
        SIDE_SAY(&(course)->sides[THEIRS], __VA_ARGS__);                                           \
        SIDE_SAY(&(course)->sides[OURS], __VA_ARGS__);                                             \
    } while (0)

static void give_line(struct course *course)
{
    const struct given_line *line = &course->line;
    struct bytes input = course->lines.inputs[line->input].name;
    if (line->second != course->ended || course->given == 0)
        SAY_BOTH(course, B("now"), NUM(line->second));
    course->ended = line->second;
    course->given++;
    flight_add(&course->flight, line->text, line->second);
    SAY_BOTH(course, B("line"), line->text, input);
    if (course->options->states > 0 && course->given % course->options->states == 0)
        SAY_BOTH(course, B("state"));
    if (course->given % EACH_LOOK == 0)
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
                (struct found_line){bytes_dup(line->text), line->second};
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
    pace_start(&course->pace, &course->comparison, &course->lines, course->begun,
               course->options->quiet);
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
        pace_look(&course->pace, course->given, course->ended);
        compare(course);
    }
    compare(course);
    pace_end(&course->pace);
}

/* Of the lines that both were given, those that both have answered. */
static void drop_unanswered(struct course *course)
{
    uint64_t line = course->comparison.place.line, answered = line > 0 ? line - 1 : 0;
    const struct flight_line *next = flight_find(&course->flight, line);
    if (answered >= course->given)
        return;
    course->given = answered;
    if (next)
        course->ended = next->second;
}

/* Has a side ended as it should? */
static void look_at_end(struct course *course, int number, struct bytes name)
{
    struct side *side = &course->sides[number];
    const struct reader *reader = &course->comparison.readers[number];
    if (reader->stranger)
        complain(course, name, B(" is not a known SEC"));
    else if (!reader->ended) {
        struct buf end = {0};
        buf_add(&end, B(" "));
        upstream_add_end(&side->process, &end);
        complain(course, name, buf_bytes(&end));
        buf_free(&end);
    }
}

/* Does the kernel keep both inside, or need it not? */
static bool is_guarded(struct course *course)
{
    for (int i = 0; i < 2; i++) {
        const struct upstream *process = &course->sides[i].process;
        if (process->guard || course->options->unguarded)
            continue;
        complain(course, B("The kernel cannot block what code in rules does below Perl: "),
                 error_text(process->unguarded));
        complain(course, B("--unguarded runs without it"), B(""));
        return false;
    }
    return true;
}

/* Both sides from their start to their end. */
static void play(struct course *course)
{
    double begin = monotonic_seconds();
    course->clock = time(NULL);
    course->begun = course->ended = course->line.second;
    bool part = course->most == 0 && course->lines.stretches.count > 0;
    course->pace = (struct pace){
        .most = part ? stretches_lines(&course->lines.stretches) : course->most,
        .sides = {{.name = B("SEC")}, {.name = course->twice ? B("SEC again") : B("Secant")}}};
    comparison_start(&course->comparison, &course->sides[THEIRS], &course->sides[OURS]);
    if (start_sec(course, THEIRS, "0") &&
        (course->twice ? start_sec(course, OURS, "1") : start_secant(course)) &&
        is_guarded(course)) {
        run(course);
        if (!course->comparison.readers[THEIRS].ended || !course->comparison.readers[OURS].ended)
            drop_unanswered(course);
        if (interrupted) {
            complain(course, B("Interrupted"), B(""));
        } else {
            look_at_end(course, THEIRS, B("SEC"));
            look_at_end(course, OURS, course->twice ? B("SEC") : B("Secant"));
        }
    }
    course->seconds = monotonic_seconds() - begin;
}

bool course_run(struct course *course)
{
    if (!next_line(course))
        complain(course, B("No line to compare"), B(""));
    else
        play(course);
    if (!lines_whole(&course->lines))
        complain(course, B("Nothing is proven about lines that could not be read"), B(""));
    return course->why.len == 0;
}

void course_rewind(struct course *course)
{
    for (int i = 0; i < 2; i++) {
        side_end(&course->sides[i]);
        course->sides[i] = (struct side){0};
    }
    comparison_free(&course->comparison);
    course->comparison = (struct comparison){0};
    flight_free(&course->flight);
    course->flight = (struct flight){0};
    for (size_t i = 0; i < course->found_count; i++)
        bytes_free(course->found[i].text);
    free(course->found);
    course->found = NULL;
    course->found_count = 0;
    course->given = 0;
}

void course_free(struct course *course)
{
    course_rewind(course);
    lines_close(&course->lines);
    buf_free(&course->why);
}
