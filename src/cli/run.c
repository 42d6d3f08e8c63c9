/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program's life: start, main loop, end.
 *
 * The main loop takes one line a turn, a synthetic event before new input, and does between lines
 * what upstream does there.  When there is nothing to do it waits: for input, for a child, for a
 * signal, or for the second at which something is due.
 */
#include "cli/run.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/heap.h"
#include "base/mem.h"
#include "base/unwritten.h"
#include "base/version.h"
#include "cli/advice.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "cli/usage.h"
#include "engine/expire.h"
#include "engine/process.h"
#include "io/privilege.h"
#include "surface/surface.h"

/* The main loop. */

enum turn {
    TURN_LINE,    /* a line or an event was processed */
    TURN_PARTIAL, /* bytes came, but no line */
    TURN_NOTHING,
};

static enum turn take_line(struct program *program)
{
    struct engine *engine = &program->engine;
    struct bytes line;
    struct input *from;
    if (events_any(engine->state.events)) {
        process_event(engine);
        return TURN_LINE;
    }
    /* Asking for a line may move the bytes of the one before.  What was written by now is to be
     * seen even while input comes without end, and must not get lost with us. */
    if (!inputs_buffered(engine->io.inputs)) {
        program_settle(program);
        engine_flush(engine);
        heap_look();
    }
    switch (inputs_next(engine->io.inputs, &line, &from)) {
    case INPUT_LINE:
        program->borrowed = true;
        process_line(engine, line, from);
        return TURN_LINE;
    case INPUT_PARTIAL:
        return TURN_PARTIAL;
    default:
        return TURN_NOTHING;
    }
}

/* The second of the next clean-up that has something to do: clean-ups are --cleantime apart. */
static int64_t next_cleanup(const struct engine *engine)
{
    int64_t due = expire_next(engine), period = engine->options->cleantime;
    int64_t last = engine->run.last_cleanup;
    if (due == INT64_MAX || period == 0)
        return due;
    if (due <= last + period)
        return last + period;
    return last + (due - last + period - 1) / period * period;
}

/* Clean-ups that would have come during a wait had nothing to do; the next one keeps their beat. */
static void skip_cleanups(struct engine *engine)
{
    int64_t period = engine->options->cleantime, last = engine->run.last_cleanup;
    int64_t waited = engine_now(engine) - last - 1;
    if (period == 0 || waited < period)
        return;
    last += waited / period * period;
    if (expire_next(engine) > last)
        engine->run.last_cleanup = last;
}

/* The earlier of two ends of a wait; -1 is none. */
static int earlier(int a, int b)
{
    return b < 0 || (a >= 0 && a < b) ? a : b;
}

static void wait_for_work(struct program *program)
{
    struct engine *engine = &program->engine;
    int limit = inputs_wait_limit(engine->io.inputs);
    int64_t due = next_cleanup(engine);
    if (due < INT64_MAX)
        limit = earlier(limit, clock_milliseconds_until(due));
    engine_flush(engine);
    notify_news(&program->notify, engine);
    heap_rest();
    loop_wait(engine->io.loop, earlier(limit, notify_wait_limit(&program->notify)));
    skip_cleanups(engine);
}

/* Lines of one block, or events, may take their user code minutes: what was written waits for
 * none of them longer than for one and a second. */
static void write_out(struct program *program, int64_t now)
{
    if (now == program->written)
        return;
    program->written = now;
    unwritten_catch_signals();
    engine_flush(&program->engine);
    notify_news(&program->notify, &program->engine);
}

static void clean_up(struct engine *engine, int64_t now)
{
    if (now - engine->run.last_cleanup < engine->options->cleantime)
        return;
    expire_due(engine);
    engine->run.last_cleanup = engine_now(engine);
}

/* With --notail the program ends when all input has been read. */
static bool at_end(const struct engine *engine)
{
    return !engine->options->in.tail && !inputs_any_open(engine->io.inputs);
}

/* Output and ends of children; true when output came. */
static bool look_at_children(struct engine *engine)
{
    return children_any(engine->io.children) &&
           children_check(engine->io.children, !events_any(engine->state.events));
}

/* What a child has written just now is not to be missed: a look between
 * two lines need not see it. */
static bool last_look_finds_events(struct engine *engine)
{
    if (!children_any(engine->io.children))
        return false;
    loop_poll(engine->io.loop);
    return look_at_children(engine) || events_any(engine->state.events);
}

/* Standard output took less than there was for it, and still does: a signal has ended the wait. */
static bool output_is_stuck(struct engine *engine)
{
    if (!outputs_wait(engine->io.outputs))
        return false;
    engine_flush(engine);
    return outputs_wait(engine->io.outputs);
}

static void main_loop(struct program *program)
{
    struct engine *engine = &program->engine;
    for (;;) {
        bool stuck = output_is_stuck(engine);
        bool output = look_at_children(engine);
        if (!stuck && take_line(program) == TURN_NOTHING) {
            if (at_end(engine)) {
                if (last_look_finds_events(engine))
                    continue;
                engine_shutdown(engine);
                return;
            }
            /* User code may raise a signal at the start, or while another one is handled. */
            if (!output && !surface_signals_pending(engine))
                wait_for_work(program);
        }
        int64_t now = engine_now(engine);
        write_out(program, now);
        clean_up(engine, now);
        if (surface_signals_pending(engine) && !signals_handle(program))
            return;
    }
}

/* The start. */

_Noreturn static void finish(struct engine *engine, int status)
{
    engine_flush(engine);
    perl_exit(status);
}

/* User, groups and mode mask, before any file is opened. */
static void take_identity(struct engine *engine)
{
    const struct options *options = engine->options;
    if (options->user && !privilege_drop(options->user, options->group.items, options->group.count))
        finish(engine, EXIT_FAILURE);
    if (options->umask >= 0)
        umask((mode_t)options->umask);
}

static void load_rules(struct engine *engine)
{
    const struct string_list *conf = &engine->options->conf;
    heap_look();
    bool sound = ruleset_load(engine->rules.set, &engine->rules.lang, conf->items, conf->count);
    advise_on_rules(engine);
    if (engine->options->testonly) {
        advise_in_sum(engine);
        finish(engine, sound ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    process_prepare(engine);
    setup_bufsize(engine);
}

static void become_daemon(struct engine *engine)
{
    engine_flush(engine);
    perl_flush_stdio();
    if (!privilege_daemonize(engine->log, inputs_find(engine->io.inputs, B("-")) != NULL))
        finish(engine, EXIT_FAILURE);
    loop_forked(engine->io.loop);
    engine->run.pid = getpid();
    unwritten_own();
    log_set_level(engine->log, log_level(engine->log)); /* the terminal is gone */
}

static void listen_to_signals(struct engine *engine)
{
    bool own_sigint = privilege_owns_sigint(engine->log, engine->options->detach);
    if (!own_sigint)
        log_msg(engine->log, LOG_NOTE,
                B("Interactive process, SIGINT can't be used for changing the logging level"));
    surface_signals(own_sigint);
}

static void write_pidfile(struct engine *engine)
{
    if (!engine->options->pid)
        return;
    struct effect effect = {EFFECT_PIDFILE, .target = bytes_of(engine->options->pid)};
    if (!effects_take(engine->effects, &effect))
        finish(engine, EXIT_FAILURE);
}

static void start(struct program *program)
{
    struct engine *engine = &program->engine;
    const struct options *options = engine->options;
    surface_start(engine);
    take_identity(engine);
    /* Why it cannot start or what is wrong with rules under test is said even without a log. */
    log_grave(engine->log, options->testonly ? LOG_WARN : LOG_CRITICAL);
    setup_log(program);
    log_msg(engine->log, LOG_NOTE, B(VERSION_TEXT));
    if (options->detach) {
        log_msg(engine->log, LOG_NOTE, B("Changing working directory to /"));
        if (chdir("/") != 0)
            log_msg(engine->log, LOG_WARN, B("Can't change working directory to /"));
    }
    load_rules(engine);
    setup_inputs(engine, options->fromstart || !options->in.tail ? 0 : -1, false);
    if (options->detach) {
        advise_on_inputs(engine); /* while there may be a terminal */
        become_daemon(engine);
    }
    write_pidfile(engine);
    listen_to_signals(engine);
    if (!options->detach)
        advise_on_inputs(engine); /* whoever reads it may send a signal */
    setup_windows(engine);
    variables_reset(engine->state.variables);
    log_grave(engine->log, -1);
}

/* What runs inside perl. */
static void live(void *arg)
{
    struct program *program = arg;
    struct engine *engine = &program->engine;
    start(program);
    notify_ready(&program->notify, engine);
    engine_announce(engine, B("SEC_STARTUP"));
    expire_due(engine);
    engine->run.last_cleanup = engine_now(engine);
    main_loop(program);
    finish(engine, EXIT_SUCCESS);
}

/* A closed standard input, output or error would be the next file that is opened, and what is meant
 * for it would end there.  In its place stands /dev/null, which is at its end and not writable. */
static void hold_standard_descriptors(void)
{
    int fd;
    do {
        fd = open("/dev/null", O_RDONLY);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

/* --help and --version. */
static int inform(const struct options *options, const char *name)
{
    if (options->help)
        usage_print(name);
    else
        version_print();
    if (fflush(stdout) == 0)
        return EXIT_SUCCESS;
    fprintf(stderr, "Unable to flush stdout: %s\n", error_text(errno).ptr);
    return EXIT_FAILURE;
}

static char **copy_arguments(int argc, char **argv)
{
    char **copy = mem_zalloc(((size_t)argc + 1) * sizeof(*copy));
    for (int i = 0; i < argc; i++)
        copy[i] = bytes_cstr(bytes_of(argv[i]));
    return copy;
}

int run(struct program *program, char **env)
{
    char **argv = program->argv;
    heap_start();
    program->argv = copy_arguments(program->argc, argv); /* user code may write over argv */
    /* Before anything is written. */
    hold_standard_descriptors();
    signal(SIGPIPE, SIG_IGN);
    unwritten_own();
    unwritten_catch_signals();
    struct options *options = options_read(program->argc, program->argv);
    if (options->help || options->version) {
        int status = inform(options, program->argv[0]);
        options_free(options);
        return status;
    }
    setup_engine(&program->engine, options, clock_wall());
    int status = perl_run_main(program->argc, argv, env, live, program);
    /* END blocks may have written; a child that user code forked leaves that to its parent. */
    if (getpid() == program->engine.run.pid) {
        children_leave_feeds(program->engine.io.children);
        engine_finish(&program->engine);
    }
    return status;
}
