/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inputs are those of a replay (src/replay), the engine is a stage. */
#include "explain/course.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "act/act.h"
#include "base/errors.h"
#include "base/mem.h"
#include "base/write_whole.h"
#include "explain/ended.h"
#include "io/inputs.h"
#include "lang/ruleset.h"
#include "perl/interp.h"
#include "replay/merge.h"
#include "replay/show.h"
#include "replay/stream.h"
#include "stage/stage.h"

enum {
    MOST_LINES = 1000, /* events that a line may make, and that these may make */
    MOST_SECONDS = 10, /* of processor time for the line; the patterns of rules have no limit */
};

struct course {
    const struct explain_options *options;
    struct options *engine_options;
    struct file_sets sets;
    struct replay_input *inputs; /* one for each set */
    struct merge merge;
    struct bytes line;                 /* the next one, */
    bool any;                          /* if there is one */
    const struct replay_input *wanted; /* NULL: the line may be of any input */
    uint64_t number;                   /* its number there, counted over all files; 0: a time */
    struct line_source given;          /* of lines that were given */
    struct stage *stage;
    struct story *story;
    struct observer counter; /* of lines, while the one in question and its events are processed */
    size_t lines;            /* that one, and its events */
    struct buf out;
    int64_t first; /* second of the first line */
    int status;
    bool ended; /* as it ends of itself */
};

/* There is one command line. */
static struct course course;

static void complain(struct bytes text)
{
    fprintf(stderr, "%.*s\n", (int)text.len, text.ptr);
}

/* Inputs. */

/* Its lines; of a compressed file what it holds. */
static bool count_lines(struct bytes file, uint64_t *lines)
{
    char block[16384];
    struct stream *stream = stream_open(file);
    if (!stream)
        return false;
    for (ptrdiff_t got; (got = stream_read(stream, block, sizeof(block))) > 0;)
        for (ptrdiff_t i = 0; i < got; i++)
            *lines += block[i] == '\n';
    stream_close(stream);
    return true;
}

/* The line's number in the input, for one in this file of the set; 0: it is none of its files. */
static uint64_t number_in(const struct file_set *set, struct bytes file, uint64_t number)
{
    uint64_t before = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (bytes_eq(set->files[i], file))
            return before + number;
        if (!count_lines(set->files[i], &before))
            return 0;
    }
    return 0;
}

static bool find_wanted(struct course *c)
{
    const struct explain_options *options = c->options;
    if (!options->at_line)
        return true;
    if (options->at_file.len == 0 && (c->sets.count > 1 || c->sets.items[0].count > 1)) {
        complain(B("There are several input files: --at=FILE:N says which line is meant"));
        return false;
    }
    for (size_t i = 0; i < c->sets.count && !c->wanted; i++) {
        c->number = options->at_file.len == 0
                        ? options->at_number
                        : number_in(&c->sets.items[i], options->at_file, options->at_number);
        if (c->number > 0)
            c->wanted = &c->inputs[i];
    }
    if (!c->wanted)
        fprintf(stderr, "There is no input file %.*s\n", (int)options->at_file.len,
                options->at_file.ptr);
    return c->wanted != NULL;
}

/* What inputs have to complain of since the last call; true: something. */
static bool tell_troubles(struct course *c)
{
    bool any = false;
    for (size_t i = 0; i < c->sets.count; i++) {
        struct buf *troubles = &c->inputs[i].troubles;
        if (troubles->len == 0)
            continue;
        any = true;
        fwrite(troubles->ptr, 1, troubles->len, stderr);
        buf_clear(troubles);
    }
    return any;
}

/* A device has no end; logs are read twice. */
static bool are_files(const struct file_sets *sets)
{
    struct stat st;
    for (size_t i = 0; i < sets->count; i++)
        for (size_t f = 0; f < sets->items[i].count; f++)
            if (stat(sets->items[i].files[f].ptr, &st) == 0 &&
                (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode))) {
                fprintf(stderr, "Can't read input file %s (it is a device)\n",
                        sets->items[i].files[f].ptr);
                return false;
            }
    return true;
}

static bool open_inputs(struct course *c)
{
    struct options *sec = c->engine_options;
    bool sound = true;
    file_sets_find(&c->sets, sec->input.items, sec->input.count, &sec->intcontexts);
    if (c->sets.count == 0) {
        complain(B("No file matches --input"));
        return false;
    }
    if (!are_files(&c->sets))
        return false;
    c->inputs = mem_zalloc(c->sets.count * sizeof(*c->inputs));
    for (size_t i = 0; i < c->sets.count; i++) {
        replay_input_open(&c->inputs[i], &c->sets.items[i], &c->options->reading);
        sound = replay_input_survey(&c->inputs[i]) && sound;
    }
    tell_troubles(c);
    if (!sound || !find_wanted(c))
        return false;
    merge_start(&c->merge, c->inputs, c->sets.count);
    return true;
}

static void fetch(struct course *c)
{
    struct line_source *source;
    enum feed_result result;
    do
        result = feed_next(&c->merge.feed, &c->line, &source);
    while (result == FEED_PARTIAL);
    c->any = result == FEED_LINE;
}

/* Is the line at hand the one in question? */
static bool is_wanted(const struct course *c)
{
    const struct replay_input *input = merge_input(&c->merge);
    if (c->options->lines.ptr)
        return false;
    if (c->wanted)
        return input == c->wanted && input->source.lines + 1 == c->number;
    return input->order >= c->options->at_second;
}

/* Lines that were given. */

/* The second that the line tells; `now` if it tells none. */
static int64_t second_of(const struct course *c, struct bytes line, int64_t now)
{
    struct timestamp stamp;
    struct time_reader *reader = time_reader_new(c->options->reading.times);
    time_reader_survey(reader, line);
    time_reader_survey_end(reader, now);
    bool told = time_reader_settle(reader);
    if (told) {
        time_reader_read(reader, line, &stamp);
        told = (stamp.flags & TIMESTAMP_OWN) && !(stamp.flags & TIMESTAMP_REFUSED);
    }
    time_reader_free(reader);
    return told ? stamp.second : now;
}

static struct bytes take_line(struct bytes *rest)
{
    struct bytes line = *rest; /* which may be empty */
    bytes_piece(rest, '\n', &line);
    return line;
}

static struct line_source *given_source(struct course *c)
{
    if (c->sets.count > 0)
        return &c->inputs[0].source;
    if (!c->given.name.ptr) {
        c->given.name = bytes_dup(B("-"));
        c->given.context = bytes_dup(B(INPUT_CONTEXT_PREFIX "-"));
    }
    return &c->given;
}

/* The course. */

/* The rule that is tried, for the handler. */
static char trying[200];

_Noreturn static void give_up(int number)
{
    static const char head[] = "The rules take too long with this line, and were left: ",
                      tail[] = " was being tried\n";
    (void)number;
    if (write(STDERR_FILENO, head, sizeof(head) - 1) > 0 &&
        write(STDERR_FILENO, trying, strlen(trying)) > 0)
        (void)!write(STDERR_FILENO, tail, sizeof(tail) - 1);
    _exit(EXPLAIN_FAILED);
}

/* No match of the engine's can be ended, so the program is.  seconds: 0 is no limit any more. */
static void limit_time(time_t seconds)
{
    struct itimerval limit = {.it_value = {.tv_sec = seconds}};
    signal(SIGVTALRM, give_up);
    setitimer(ITIMER_VIRTUAL, &limit, NULL);
}

static void note_try(const struct rule *rule)
{
    snprintf(trying, sizeof(trying), "%.*s:%zu", (int)rule->file->name.len, rule->file->name.ptr,
             rule->line);
}

/* Events may make events for ever: the program is told to end. */
static void count_line(struct observer *observer, const struct record *record)
{
    struct engine *engine = stage_engine(course.stage);
    (void)observer;
    if (record->kind == RECORD_TRY)
        note_try(record->rule->rule);
    if (record->kind == RECORD_LINE && ++course.lines > MOST_LINES)
        signal_emulate(&engine->run.signals, B("TERM"));
}

/* The story of the line; the time before it has passed. */
static void explain(struct course *c, int64_t second, struct bytes line, struct line_source *source)
{
    struct engine *engine = stage_engine(c->stage);
    stage_advance(c->stage, second);
    observers_add(&engine->observers, story_observer(c->story, engine));
    c->counter.hear = count_line;
    observers_add(&engine->observers, &c->counter);
    limit_time(MOST_SECONDS);
    stage_line(c->stage, second, line, source);
    limit_time(0);
    observers_remove(&engine->observers, &c->counter);
    observers_remove(&engine->observers, story_observer(c->story, engine));
    if (c->lines > MOST_LINES)
        complain(B("The line has made a thousand events; those that come after them are left out"));
    const struct story_line *told = story_lines(c->story);
    if (!told) {
        complain(B("The rules have ended the program before the line"));
        c->status = EXPLAIN_FAILED;
        return;
    }
    c->status = EXPLAIN_NOT_FIRED;
    for (const struct decision *d = told->decisions; d; d = d->next)
        if (decision_fired(d))
            c->status = EXPLAIN_FIRED;
    if (c->options->json)
        explain_tell_json(engine, told, &c->out);
    else
        explain_tell(engine, told, c->options->depth, &c->out);
}

/* Time does not go back. */
static void tell_moved(int64_t second, int64_t now)
{
    char told[48], moved[48];
    if (second >= now)
        return;
    fprintf(stderr,
            "The line's time, %s, is before that of the lines before it: it happens at %s\n",
            show_date(told, second, false).ptr, show_date(moved, now, false).ptr);
}

static void explain_given(struct course *c)
{
    struct bytes rest = c->options->lines;
    for (;;) {
        struct bytes line = take_line(&rest);
        int64_t now = engine_now(stage_engine(c->stage)), second = second_of(c, line, now);
        if (rest.len == 0) {
            tell_moved(second, now);
            second = second > now ? second : now;
            explain(c, second, line, given_source(c));
            return;
        }
        stage_line(c->stage, second > now ? second : now, line, given_source(c));
    }
}

static void say_not_there(const struct course *c)
{
    if (c->wanted)
        fprintf(stderr, "%.*s has no line %llu\n", (int)c->wanted->set->name.len,
                c->wanted->set->name.ptr, (unsigned long long)c->options->at_number);
    else
        complain(B("No line is at that time or later"));
}

static void go_through(struct course *c)
{
    for (; c->any; fetch(c)) {
        struct replay_input *input = merge_input(&c->merge);
        if (is_wanted(c)) {
            explain(c, input->order, c->line, &input->source);
            return;
        }
        if (!stage_line(c->stage, input->order, c->line, &input->source))
            break;
    }
    if (c->options->lines.ptr)
        explain_given(c);
    else
        say_not_there(c);
}

/* While rules are read, what is wrong with them is said; later it is part of the story. */
static void hear_message(void *arg, int level, struct bytes text)
{
    const struct course *c = arg;
    if (c->story && c->lines <= MOST_LINES)
        story_hear_message(c->story, level, text);
}

static void hear_loading(void *arg, int level, struct bytes text)
{
    (void)arg;
    if (level <= LOG_WARN && level != LOG_WITHOUT_LEVEL)
        complain(text);
}

static void load(struct course *c)
{
    log_listen(stage_engine(c->stage)->log, hear_loading, c);
    bool all = stage_load(c->stage);
    if (!all && ruleset_rules(stage_engine(c->stage)->rules.set) > 0)
        complain(B("Some rules were not loaded"));
    log_listen(stage_engine(c->stage)->log, hear_message, c);
}

/* What runs inside perl. */
static void body(void *arg)
{
    struct course *c = arg;
    static const struct stage_ears ears = {.message = hear_message, .arg = &course};
    c->stage = stage_new(c->engine_options, c->first, &ears);
    load(c);
    c->status = EXPLAIN_FAILED;
    if (ruleset_rules(stage_engine(c->stage)->rules.set) == 0) {
        complain(B("No rules"));
    } else {
        stage_begin(c->stage);
        c->story = story_new(true, true);
        ended_listen(stage_engine(c->stage));
        go_through(c);
    }
    c->ended = true;
    perl_exit(c->status);
}

static bool write_out(struct bytes text)
{
    bool written = write_whole(STDOUT_FILENO, text);
    if (!written)
        fprintf(stderr, "Can't write: %s\n", error_text(errno).ptr);
    return written;
}

int explain_run(const struct explain_options *options, struct options *engine_options, int argc,
                char **argv)
{
    struct course *c = &course;
    c->options = options;
    c->engine_options = engine_options;
    if (engine_options->input.count > 0) {
        if (!open_inputs(c))
            return EXPLAIN_FAILED;
        fetch(c);
    }
    if (c->any) {
        c->first = merge_input(&c->merge)->order;
    } else if (options->lines.ptr) {
        struct bytes rest = options->lines;
        c->first = second_of(c, take_line(&rest), (int64_t)time(NULL));
    } else {
        if (!tell_troubles(c))
            complain(B("There are no lines in the input"));
        return EXPLAIN_FAILED;
    }
    stage_expect(c->first);
    int status = perl_run_main(argc, argv, environ, body, c);
    if (!c->ended) {
        fprintf(stderr, "Perl code of the rules has ended the program with exit status %d\n",
                status);
        return EXPLAIN_FAILED;
    }
    return write_out(buf_bytes(&c->out)) ? status : EXPLAIN_FAILED;
}
