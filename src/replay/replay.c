/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The course of a replay: the inputs are opened and surveyed, the engine starts at the second of
 * the first line, and its clock is set to the second of each line before the line is processed.
 *
 * What rules do is recorded and shown.  Nothing here depends on the machine's clock, so that the
 * same inputs give the same output.
 */
#include "replay/replay.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/huge_pages.h"
#include "base/mem.h"
#include "base/version.h"
#include "engine/engine.h"
#include "engine/process.h"
#include "perl/held.h"
#include "perl/interp.h"
#include "replay/merge.h"
#include "replay/progress.h"
#include "replay/show.h"
#include "replay/summary.h"
#include "stage/determinism.h"
#include "stage/interrupt.h"
#include "store/load.h"
#include "surface/surface.h"

struct replay {
    const struct replay_options *options;
    json_t *state; /* to go on with; NULL: none */
    struct engine *engine;
    struct file_sets sets;
    struct replay_input *inputs; /* one for each set */
    struct merge merge;
    struct bytes line; /* the next one, */
    struct line_source *source;
    bool any; /* if there is one */
    struct show show;
    struct tally tally;
    struct progress progress;
    bool running; /* neither at its end, nor before its start */
    int status;
};

/* There is one command line, and one replay. */
static struct replay replay;

static bool is_interrupted(struct engine *engine)
{
    (void)engine;
    return interrupted || replay.show.broken;
}

/* Effects. */

static void listen(void *arg, const struct effect *effect, struct effect_answer *answer)
{
    struct replay *r = arg;
    if (effect->second < r->options->from)
        return;
    answer->perform = r->options->perform && !show_is_plain(effect);
    if (!answer->perform)
        effect_log(r->engine->log, effect);
    r->tally.effects++;
    show_effect(&r->show, effect);
    if (r->options->perform) /* others write there, too */
        show_flush(&r->show);
}

/* The log may be standard output. */
static void before_message(void)
{
    show_flush(&replay.show);
}

/* Inputs. */

static void complain(struct replay *r, struct bytes text)
{
    buf_add(&r->tally.troubles, text);
    progress_hide(&r->progress);
    fprintf(stderr, "%.*s", (int)text.len, text.ptr);
}

static void collect_troubles(struct replay *r)
{
    for (size_t i = 0; i < r->sets.count; i++) {
        struct replay_input *input = &r->inputs[i];
        if (input->troubles.len == 0)
            continue;
        complain(r, buf_bytes(&input->troubles));
        buf_clear(&input->troubles);
        r->status = REPLAY_FLAWED;
    }
}

/* Each input has a file open; so have rules, log, loop and Perl. */
static bool make_room(struct replay *r)
{
    enum { OTHERS = 24 };
    struct rlimit limit;
    rlim_t wanted = r->sets.count + OTHERS;
    struct buf why = {0};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return true;
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= wanted)
        return true;
    buf_cat(&why, B("Too many inputs: "), NUM(r->sets.count), B(", but only "), NUM(limit.rlim_cur),
            B(" files may be open at once (ulimit -n)\n"));
    complain(r, buf_bytes(&why));
    buf_free(&why);
    return false;
}

static bool open_inputs(struct replay *r, struct options *options)
{
    bool sound = true;
    file_sets_find(&r->sets, options->input.items, options->input.count, &options->intcontexts);
    if (r->sets.count == 0) {
        complain(r, options->input.count == 0 ? B("No input: --input is missing\n")
                                              : B("No file matches --input\n"));
        return false;
    }
    if (!make_room(r))
        return false;
    r->inputs = mem_zalloc(r->sets.count * sizeof(*r->inputs));
    for (size_t i = 0; i < r->sets.count; i++) {
        replay_input_open(&r->inputs[i], &r->sets.items[i], &r->options->lines);
        sound = replay_input_survey(&r->inputs[i]) && sound;
    }
    if (sound)
        merge_start(&r->merge, r->inputs, r->sets.count);
    collect_troubles(r);
    return sound;
}

/* The next line, or none; the text of the one before may move. */
static void fetch(struct replay *r)
{
    struct feed *feed = &r->merge.feed;
    enum feed_result result;
    do {
        if (!feed_has_line(feed)) {
            if (r->engine) {
                engine_settle(r->engine);
                engine_flush(r->engine);
                huge_pages_look();
            }
            progress_look(&r->progress, r->tally.lines, r->tally.effects,
                          r->engine ? engine_now(r->engine) : 0);
        }
        result = feed_next(feed, &r->line, &r->source);
    } while (result == FEED_PARTIAL && !interrupted);
    r->any = result == FEED_LINE;
}

/* To the first line that is replayed. */
static bool find_first(struct replay *r)
{
    fetch(r);
    while (r->any && !r->options->warm && merge_input(&r->merge)->order < r->options->from) {
        r->tally.before++;
        r->tally.begun = merge_input(&r->merge)->order;
        fetch(r);
    }
    return r->any && merge_input(&r->merge)->order < r->options->until;
}

static void tell_no_line(struct replay *r)
{
    char date[48];
    struct buf text = {0};
    if (!r->any && r->tally.before == 0)
        buf_add(&text, B("No line to replay\n"));
    else if (!r->any)
        buf_cat(&text, B("No line at --from or later: the last one is at "),
                show_date(date, r->tally.begun, false), B("\n"));
    else
        buf_cat(&text,
                r->tally.before > 0 ? B("No line between --from and --until: the next one is at ")
                                    : B("No line before --until: the first one is at "),
                show_date(date, merge_input(&r->merge)->order, false), B("\n"));
    complain(r, buf_bytes(&text));
    buf_free(&text);
}

/* An input of that name, for actions that look for one. */
static struct line_source *find_source(struct engine *engine, struct bytes name)
{
    (void)engine;
    for (size_t i = 0; i < replay.sets.count; i++)
        if (bytes_eq(replay.inputs[i].source.name, name))
            return &replay.inputs[i].source;
    return NULL;
}

/* The course. */

/* false: it has ended. */
static bool go_to(struct replay *r, int64_t second)
{
    return advance_to(r->engine, second);
}

static void replay_line(struct replay *r)
{
    struct replay_input *input = merge_input(&r->merge);
    struct engine *engine = r->engine;
    int64_t now = engine_now(engine);
    uint64_t before = engine->run.matches;
    if (input->line.own && input->line.second < now)
        time_reader_late(input->times, input->line.second, now);
    engine->run.borrowed = true;
    process_line(engine, r->line, r->source);
    if (input->order >= r->options->from)
        tally_line(&r->tally, r->line, input->line.time, engine->run.matches > before);
    else
        r->tally.warm++;
}

/* false: it has ended. */
static bool replay_lines(struct replay *r)
{
    while (r->any) {
        int64_t second = merge_input(&r->merge)->order;
        if (second >= r->options->until)
            return go_to(r, r->options->until - 1);
        if (!go_to(r, second))
            return false;
        replay_line(r);
        fetch(r);
    }
    return go_to(r, engine_now(r->engine));
}

static bool drain(struct replay *r)
{
    int64_t last = engine_now(r->engine), limit = r->options->drain_limit;
    if (limit >= 0)
        return go_to(r, clock_later(last, limit));
    int64_t end = clock_later(last, DRAIN_LIMIT), due;
    while ((due = engine_next_end(r->engine)) <= end)
        if (!go_to(r, due > engine_now(r->engine) ? due : engine_now(r->engine) + 1))
            return false;
    return true;
}

/* Commands that are performed end before the replay does, and what they write is heard. */
static bool wait_for_children(struct replay *r)
{
    while (children_any(r->engine->io.children)) {
        engine_flush(r->engine);
        show_flush(&r->show);
        loop_wait(r->engine->io.loop, 1000);
        if (!go_to(r, engine_now(r->engine)))
            return false;
    }
    return true;
}

/* Start and end. */

/* New files appear in the time of the clock on the wall. */
static void look_at_rescan(struct replay *r)
{
    if (r->engine->options->in.rescan > 0)
        complain(r, B("--input-rescan has no effect: a replay reads the files that are there when "
                      "it starts\n"));
}

static void look_at_start(struct replay *r)
{
    struct buf missed = {0};
    if (engine_misses_start(r->engine, &missed)) {
        buf_char(&missed, '\n');
        complain(r, buf_bytes(&missed));
    }
    buf_free(&missed);
}

static void start_engine(struct replay *r)
{
    struct engine *engine = r->engine;
    const struct options *options = engine->options;
    look_at_rescan(r);
    surface_start(engine);
    pin_perl();
    engine->hooks.interrupted = is_interrupted;
    engine->hooks.source = find_source;
    if (!options->log && !options->syslog && options->debug > LOG_WARN)
        log_set_level(engine->log, LOG_WARN);
    if (options->log || options->syslog)
        log_leave_terminal(engine->log);
    log_grave(engine->log, LOG_WARN);
    if (!engine_open_log(engine))
        r->status = REPLAY_FLAWED;
    log_flush_first(engine->log, before_message);
    log_msg(engine->log, LOG_NOTE, B(VERSION_TEXT));
    huge_pages_look();
    if (!engine_load_rules(engine)) {
        r->status = REPLAY_FLAWED;
        complain(r, B("Some rules were not loaded\n"));
    }
    look_at_start(r);
    engine_prepare(engine);
    for (size_t i = 0; i < r->sets.count; i++)
        log_msg(engine->log, LOG_NOTE, B("Opening input file "), r->inputs[i].source.name);
    engine_fit_windows(engine);
    variables_reset(engine->state.variables);
}

static void take_state(void *arg, struct engine *engine)
{
    struct replay *r = arg;
    struct state_load load = {.engine = engine, .file = bytes_of(engine->options->state)};
    state_load(&load, r->state);
    if (load.problems.len > 0) {
        complain(r, buf_bytes(&load.problems));
        r->status = REPLAY_FLAWED;
    }
    buf_free(&load.problems);
}

/* The state that the replay goes on with; lines before its second are passed over.  false: it
 * cannot be read. */
static bool read_state(struct replay *r, const char *path, struct replay_options *options)
{
    struct buf why = {0}, text = {0};
    if (!path)
        return true;
    r->state = state_read(path, &why);
    if (!r->state) {
        buf_cat(&text, bytes_of(path), B(": "), buf_bytes(&why), B("\n"));
        complain(r, buf_bytes(&text));
    } else if (options->from == INT64_MIN) {
        options->from = state_second(r->state);
    }
    buf_free(&why);
    buf_free(&text);
    return r->state != NULL;
}

static bool is_replayed(const struct replay *r, struct bytes file)
{
    for (size_t i = 0; i < r->sets.count; i++)
        for (size_t j = 0; j < r->sets.items[i].count; j++)
            if (bytes_eq(r->sets.items[i].files[j], file))
                return true;
    return false;
}

/* Inputs that rules have added are open, but nobody asks for their lines. */
static void look_at_added(struct replay *r)
{
    const struct inputs *inputs = r->engine->io.inputs;
    for (size_t i = 0; i < inputs_count(inputs); i++) {
        struct bytes name = inputs_at(inputs, i)->source.name;
        struct buf text = {0};
        if (is_replayed(r, name))
            continue;
        buf_cat(&text, B("A rule has added the input "), name,
                B(", which is not replayed; to replay it, name it with --input\n"));
        complain(r, buf_bytes(&text));
        buf_free(&text);
        r->status = REPLAY_FLAWED;
    }
}

static void tell_summary(struct replay *r)
{
    struct summary summary = {&r->tally, r->engine, r->options, r->inputs, r->sets.count};
    struct buf text = {0};
    progress_hide(&r->progress);
    if (r->options->json)
        summary_write_json(&summary, &r->show.out);
    show_flush(&r->show);
    if (r->options->json || r->options->quiet || r->show.broken)
        return;
    summary_write(&summary, &text);
    fwrite(text.ptr, 1, text.len, stderr);
    buf_free(&text);
}

/* A reader who has seen enough need not be told. */
static void tell_broken(struct replay *r)
{
    struct buf text = {0};
    r->status = REPLAY_FAILED;
    if (r->show.broken == EPIPE)
        return;
    buf_cat(&text, B("Can't write to standard output ("), bytes_of(strerror(r->show.broken)),
            B(")\n"));
    complain(r, buf_bytes(&text));
    buf_free(&text);
}

static void finish(struct replay *r, bool whole)
{
    struct engine *engine = r->engine;
    if (whole && r->options->drain)
        whole = drain(r);
    if (whole && r->options->perform)
        wait_for_children(r);
    if (!interrupted && !engine->run.signals.terminate)
        engine_shutdown(engine);
    engine_flush(engine);
    look_at_added(r);
    collect_troubles(r);
    tell_summary(r);
    if (interrupted)
        r->status = 128 + interrupted;
    else if (r->show.broken)
        tell_broken(r);
}

/* Code of a rule has called exit: what there is by now is told.  The status is the code's, unless
 * it says that all is well. */
static int finish_early(struct replay *r, int status)
{
    struct buf text = {0};
    buf_cat(&text, B("Perl code in the rules ended the replay with exit status "), NUM(status),
            B("\n"));
    complain(r, buf_bytes(&text));
    buf_free(&text);
    tell_summary(r);
    return status == 0 ? REPLAY_FLAWED : status;
}

/* What runs inside perl. */
static void body(void *arg)
{
    struct replay *r = arg;
    r->tally.begun = engine_now(r->engine);
    r->running = true;
    start_engine(r);
    if (ruleset_rules(r->engine->rules.set) == 0) {
        complain(r, B("No rules\n"));
        r->status = REPLAY_FAILED;
    } else {
        if (r->state)
            engine_begin_from(r->engine, take_state, r);
        else
            engine_begin(r->engine);
        finish(r, replay_lines(r));
    }
    engine_flush(r->engine);
    r->running = false;
    perl_exit(r->status);
}

int replay_run(const struct replay_options *given, struct options *engine_options, int argc,
               char **argv)
{
    struct replay *r = &replay;
    static struct replay_options options;
    static struct host host;
    options = *given;
    r->options = &options;
    templates_init(&r->tally.unmatched);
    r->show.json = options.json;
    r->show.quiet = options.quiet;
    r->show.colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
    huge_pages_start();
    catch_interrupts();
    stream_interrupt(&interrupted);
    pin_hashes(&r->tally.seed);
    if (!read_state(r, engine_options->state, &options) || !open_inputs(r, engine_options))
        return REPLAY_FAILED;
    progress_start(&r->progress, r->inputs, r->sets.count, options.quiet);
    if (!find_first(r)) {
        tell_no_line(r);
        return interrupted ? 128 + interrupted : REPLAY_FAILED;
    }
    int64_t second = r->state ? state_second(r->state) : merge_input(&r->merge)->order;
    surface_expect_event_clock(second);
    if (!options.perform)
        perl_hold_outside();
    engine_options->pid = NULL;
    engine_options->childterm = engine_options->childterm && options.perform;
    host.name = argv[0];
    r->engine = engine_new(engine_options, clock_event(second), &host);
    engine_record_effects(r->engine, listen, r);
    int status = perl_run_main(argc, argv, environ, body, r);
    if (getpid() == r->engine->run.pid) {
        if (r->running)
            status = finish_early(r, status);
        show_flush(&r->show);
        engine_finish(r->engine);
    }
    return status;
}
