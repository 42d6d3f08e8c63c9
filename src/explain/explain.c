/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inputs are read as in a replay (src/replay), and the engine runs on a stage (src/stage). */
#include "explain/explain.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "act/act.h"
#include "base/errors.h"
#include "base/mem.h"
#include "base/write_whole.h"
#include "explain/ended.h"
#include "explain/given.h"
#include "io/inputs.h"
#include "lang/ruleset.h"
#include "perl/interp.h"
#include "replay/logs.h"
#include "replay/show.h"
#include "io/stream.h"
#include "stage/stage.h"

enum {
    MOST_LINES = 1000, /* events that a line may make, and that these may make */
    MOST_SECONDS = 10, /* of processor time for the line; the patterns of rules have no limit */
};

struct explanation {
    const struct explain_options *options;
    struct options *engine_options;
    struct logs logs;
    const struct replay_input *wanted; /* NULL: the line may be of any input */
    uint64_t number;                   /* its number there, counted over all files; 0: a time */
    struct given_lines given;
    struct line_source given_source; /* theirs */
    struct stage *stage;
    struct story *story;
    struct observer counter; /* of lines, while the one in question and its events are processed */
    size_t lines;            /* that one, and its events */
    struct buf out;
    int64_t first; /* second of the first line */
    int64_t at;    /* that second or later is wanted */
    int status;
    bool loading; /* rules are being read for the first time */
    bool ended;   /* in its own way, not by Perl code of the rules */
};

/* There is one command line. */
static struct explanation explanation;

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

static bool find_wanted(struct explanation *e)
{
    const struct explain_options *options = e->options;
    if (!options->at_line)
        return true;
    if (options->at_file.len == 0 && (e->logs.sets.count > 1 || e->logs.sets.items[0].count > 1)) {
        complain(B("There are several input files: --at=FILE:N says which line is meant"));
        return false;
    }
    for (size_t i = 0; i < e->logs.sets.count && !e->wanted; i++) {
        e->number = options->at_file.len == 0
                        ? options->at_number
                        : number_in(&e->logs.sets.items[i], options->at_file, options->at_number);
        if (e->number > 0)
            e->wanted = &e->logs.inputs[i];
    }
    if (!e->wanted)
        fprintf(stderr, "There is no input file %.*s\n", (int)options->at_file.len,
                options->at_file.ptr);
    return e->wanted != NULL;
}

static bool open_inputs(struct explanation *e)
{
    struct options *sec = e->engine_options;
    bool sound = logs_open(&e->logs, sec->input.items, sec->input.count, &e->options->reading,
                           &sec->intcontexts);
    if (e->logs.sets.count == 0) {
        complain(B("No file matches --input"));
        return false;
    }
    logs_complain(&e->logs);
    return sound && find_wanted(e);
}

/* Is the line at hand the one in question? */
static bool is_wanted(const struct explanation *e)
{
    const struct replay_input *input = logs_input(&e->logs);
    if (e->options->lines.ptr)
        return false;
    if (e->wanted)
        return input == e->wanted && input->source.lines + 1 == e->number;
    return input->order >= e->at;
}

/* So many seconds of the day, on the day of that second or so many days after it. */
static int64_t on_day_of(int64_t second, int days, int64_t of_day)
{
    struct tm tm;
    time_t at = (time_t)second;
    localtime_r(&at, &tm);
    tm.tm_mday += days;
    tm.tm_hour = (int)(of_day / 3600);
    tm.tm_min = (int)(of_day / 60 % 60);
    tm.tm_sec = (int)(of_day % 60);
    tm.tm_isdst = -1;
    return (int64_t)mktime(&tm);
}

/* Has the log, from the line at hand on, lines of a later day than the first one? */
static bool has_more_days(struct explanation *e)
{
    int64_t end = on_day_of(e->first, 1, 0);
    for (; e->logs.any; logs_next(&e->logs))
        if (logs_input(&e->logs)->order >= end)
            return true;
    return false;
}

/* Lines that were given. */

/* The second that the line tells; `now` if it tells none. */
static int64_t second_of(const struct explanation *e, struct bytes line, int64_t now)
{
    struct timestamp stamp;
    struct time_reader *reader = time_reader_new(e->options->reading.times);
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

static struct line_source *given_source(struct explanation *e)
{
    if (e->logs.sets.count > 0)
        return &e->logs.inputs[0].source;
    if (!e->given_source.name.ptr) {
        e->given_source.name = bytes_dup(B("-"));
        e->given_source.context = bytes_dup(B(INPUT_CONTEXT_PREFIX "-"));
    }
    return &e->given_source;
}

/* The explanation. */

/* The rule that is tried, for the handler. */
static char trying[200];

_Noreturn static void give_up(int number)
{
    static const char head[] = "The rules take too long with this line: gave up while trying ",
                      tail[] = "\n";
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
    struct engine *engine = stage_engine(explanation.stage);
    (void)observer;
    if (record->kind == RECORD_TRY)
        note_try(record->rule->rule);
    if (record->kind == RECORD_LINE && ++explanation.lines > MOST_LINES)
        signal_emulate(&engine->run.signals, B("TERM"));
}

static void say_ended(void)
{
    complain(B("The rules ended the program before the line"));
}

/* The story of the line; the time before it has passed. */
static void explain(struct explanation *e, int64_t second, struct bytes line,
                    struct line_source *source)
{
    struct engine *engine = stage_engine(e->stage);
    stage_advance(e->stage, second);
    observers_add(&engine->observers, story_observer(e->story, engine));
    e->counter.hear = count_line;
    observers_add(&engine->observers, &e->counter);
    limit_time(MOST_SECONDS);
    stage_line(e->stage, second, line, source);
    limit_time(0);
    observers_remove(&engine->observers, &e->counter);
    observers_remove(&engine->observers, story_observer(e->story, engine));
    if (e->lines > MOST_LINES)
        complain(B("The line has created a thousand events; later ones are omitted"));
    const struct story_line *told = story_lines(e->story);
    if (!told) {
        say_ended();
        e->status = EXPLAIN_FAILED;
        return;
    }
    e->status = EXPLAIN_NOT_FIRED;
    for (const struct decision *d = told->decisions; d; d = d->next)
        if (decision_fired(d))
            e->status = EXPLAIN_FIRED;
    if (e->options->json)
        explain_tell_json(engine, told, &e->out);
    else
        explain_tell(engine, told, e->options->depth, &e->out);
}

static void tell_moved(struct bytes told, const char *how, int64_t now)
{
    char moved[48];
    fprintf(stderr, "The line's time, %.*s, is %s; %s is used instead\n", (int)told.len, told.ptr,
            how, show_date(moved, now, false).ptr);
}

/* Time does not go back. */
static void tell_late(int64_t second, int64_t now)
{
    char told[48];
    if (second < now)
        tell_moved(show_date(told, second, false), "earlier than that of the lines before it", now);
}

/* Has the log's line at hand another time than it tells? */
static void tell_taken(const struct replay_input *input)
{
    const struct timed_line *line = &input->line;
    if (line->own)
        tell_late(line->second, input->order);
    else if (line->time.len > 0)
        tell_moved(line->time, "more than a day later than that of all others", input->order);
}

static void explain_given(struct explanation *e)
{
    bool goes_on = true;
    while (goes_on) {
        struct bytes line = buf_bytes(&e->given.line);
        int64_t now = engine_now(stage_engine(e->stage)), told = second_of(e, line, now);
        int64_t second = told > now ? told : now;
        if (e->given.last) {
            tell_late(told, now);
            explain(e, second, line, given_source(e));
            return;
        }
        goes_on = stage_line(e->stage, second, line, given_source(e));
        if (goes_on && !given_next(&e->given))
            return;
    }
    say_ended();
}

static void say_not_there(const struct explanation *e)
{
    if (e->wanted)
        fprintf(stderr, "%.*s has no line %llu\n", (int)e->wanted->set->name.len,
                e->wanted->set->name.ptr, (unsigned long long)e->options->at_number);
    else
        complain(B("No line is at that time or later"));
}

/* Nobody knows which day is meant. */
static void refuse_clock(struct explanation *e)
{
    complain(B("A time needs a date where the log has several days: --at='2024-01-31 08:00:00'"));
    buf_clear(&e->out);
    e->status = EXPLAIN_FAILED;
}

static void go_through(struct explanation *e)
{
    for (; e->logs.any; logs_next(&e->logs)) {
        struct replay_input *input = logs_input(&e->logs);
        if (is_wanted(e)) {
            tell_taken(input);
            explain(e, input->order, e->logs.line, &input->source);
            if (e->options->at_clock && has_more_days(e))
                refuse_clock(e);
            return;
        }
        if (!stage_line(e->stage, input->order, e->logs.line, &input->source))
            break;
    }
    bool complained = logs_complain(&e->logs);
    if (e->options->lines.ptr)
        explain_given(e);
    else if (!complained)
        say_not_there(e);
}

/* While rules are read, what is wrong with them is said; later it is part of the story. */
static void hear_message(void *arg, int level, struct bytes text)
{
    const struct explanation *e = arg;
    if (e->loading && level <= LOG_WARN && level != LOG_WITHOUT_LEVEL)
        complain(text);
    else if (e->story && e->lines <= MOST_LINES)
        story_hear_message(e->story, level, text);
}

static void load(struct explanation *e)
{
    e->loading = true;
    bool all = stage_load(e->stage);
    e->loading = false;
    if (!all && ruleset_rules(stage_engine(e->stage)->rules.set) > 0)
        complain(B("Some rules were not loaded"));
    struct buf missed = {0};
    if (engine_misses_start(stage_engine(e->stage), &missed))
        complain(buf_bytes(&missed));
    buf_free(&missed);
}

static void write_out(struct explanation *e)
{
    if (write_whole(STDOUT_FILENO, buf_bytes(&e->out)))
        return;
    fprintf(stderr, "Can't write: %s\n", error_text(errno).ptr);
    e->status = EXPLAIN_FAILED;
}

/* What runs inside Perl.  Code of the rules may still run when Perl ends. */
static void body(void *arg)
{
    struct explanation *e = arg;
    static const struct stage_ears ears = {.message = hear_message, .arg = &explanation};
    e->stage = stage_new(e->engine_options, e->first, &ears);
    load(e);
    e->status = EXPLAIN_FAILED;
    if (ruleset_rules(stage_engine(e->stage)->rules.set) == 0) {
        complain(B("No rules"));
    } else {
        stage_begin(e->stage);
        e->story = story_new(true, true);
        ended_listen(stage_engine(e->stage));
        go_through(e);
        write_out(e);
    }
    e->ended = true;
    perl_exit(e->status);
}

int explain_run(const struct explain_options *options, struct options *engine_options, int argc,
                char **argv)
{
    struct explanation *e = &explanation;
    e->options = options;
    e->engine_options = engine_options;
    if (engine_options->input.count > 0) {
        if (!open_inputs(e))
            return EXPLAIN_FAILED;
        logs_next(&e->logs);
    }
    if (options->lines.ptr && !given_open(&e->given, options->lines))
        return EXPLAIN_FAILED;
    if (e->logs.any) {
        e->first = logs_input(&e->logs)->order;
    } else if (options->lines.ptr) {
        e->first = second_of(e, buf_bytes(&e->given.line), (int64_t)time(NULL));
    } else {
        if (!logs_complain(&e->logs))
            complain(B("There are no lines in the input"));
        return EXPLAIN_FAILED;
    }
    e->at = options->at_clock ? on_day_of(e->first, 0, options->at_second) : options->at_second;
    stage_expect(e->first);
    int status = perl_run_main(argc, argv, environ, body, e);
    if (!e->ended) {
        fprintf(stderr, "Perl code in the rules ended the program with exit status %d\n", status);
        return EXPLAIN_FAILED;
    }
    return e->status;
}
