/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program's life: start, and end.  In between the engine runs (engine/life.c). */
#include "cli/run.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/huge_pages.h"
#include "base/mem.h"
#include "base/unwritten.h"
#include "base/version.h"
#include "cli/advice.h"
#include "cli/options.h"
#include "cli/usage.h"
#include "io/privilege.h"
#include "store/load.h"
#include "surface/surface.h"

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
    huge_pages_look();
    bool sound = engine_load_rules(engine);
    advise_on_rules(engine);
    if (engine->options->testonly) {
        advise_in_sum(engine);
        finish(engine, sound ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    engine_prepare(engine);
}

/* --state: a file is what an import has made, anything else the folder in which state is kept. */
static bool has_folder(const struct options *options)
{
    struct stat status;
    return options->state && !(stat(options->state, &status) == 0 && S_ISREG(status.st_mode));
}

static bool keeps_state(const struct options *options)
{
    return has_folder(options) && !options->testonly;
}

/* Without the state that it is to go on with, it does not start. */
static void read_state(struct program *program)
{
    struct engine *engine = program->engine;
    const char *path = engine->options->state;
    struct buf why = {0};
    if (keeps_state(engine->options)) {
        program->durable = durable_open(engine, path);
        if (!program->durable)
            finish(engine, EXIT_FAILURE);
        return;
    }
    if (!path || has_folder(engine->options))
        return;
    program->state = state_read(path, &why);
    if (!program->state)
        log_msg(engine->log, LOG_CRITICAL, B("Can't read the state "), bytes_of(path), B(" ("),
                buf_bytes(&why), B(")"));
    buf_free(&why);
    if (!program->state)
        finish(engine, EXIT_FAILURE);
}

static void take_state(void *arg, struct engine *engine)
{
    struct program *program = arg;
    state_take(engine, engine->options->state, program->state);
    json_decref(program->state);
}

static void open_inputs(struct program *program)
{
    struct engine *engine = program->engine;
    const struct options *options = engine->options;
    struct arena places;
    arena_init(&places);
    if (program->state)
        state_expect_inputs(engine, options->state, program->state, &places);
    int64_t offset = options->fromstart || !options->in.tail ? 0 : -1;
    if (program->durable)
        durable_open_inputs(program->durable, offset);
    else
        engine_open_inputs(engine, offset, false);
    arena_free(&places);
}

static void become_daemon(struct program *program)
{
    struct engine *engine = program->engine;
    engine_flush(engine);
    perl_flush_stdio();
    if (!privilege_daemonize(engine->log, inputs_find(engine->io.inputs, B("-")) != NULL))
        finish(engine, EXIT_FAILURE);
    loop_forked(engine->io.loop);
    engine->run.pid = getpid();
    unwritten_own();
    log_set_level(engine->log, log_level(engine->log)); /* the terminal is gone */
    if (program->durable && !durable_forked(program->durable))
        finish(engine, EXIT_FAILURE);
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
    struct engine *engine = program->engine;
    const struct options *options = engine->options;
    surface_start(engine);
    take_identity(engine);
    /* Why it cannot start or what is wrong with rules under test is said even without a log. */
    log_grave(engine->log, options->testonly ? LOG_WARN : LOG_CRITICAL);
    engine_open_log(engine);
    log_msg(engine->log, LOG_NOTE, B(VERSION_TEXT));
    read_state(program);
    if (options->detach) {
        log_msg(engine->log, LOG_NOTE, B("Changing working directory to /"));
        if (chdir("/") != 0)
            log_msg(engine->log, LOG_WARN, B("Can't change working directory to /"));
    }
    load_rules(engine);
    open_inputs(program);
    if (options->detach) {
        advise_on_inputs(engine); /* while there may be a terminal */
        become_daemon(program);
    }
    write_pidfile(engine);
    listen_to_signals(engine);
    if (!options->detach)
        advise_on_inputs(engine); /* whoever reads it may send a signal */
    engine_fit_windows(engine);
    variables_reset(engine->state.variables);
    log_grave(engine->log, -1);
}

/* What the engine asks of us. */

static void read_options(void *arg)
{
    struct program *program = arg;
    options_read_again(program->engine->options, program->argc, program->argv);
}

static void reloading(void *arg)
{
    struct program *program = arg;
    notify_reloading();
    if (program->durable)
        durable_reloading(program->durable);
}

static void ready(void *arg)
{
    struct program *program = arg;
    notify_ready(&program->notify, program->engine);
    if (program->durable)
        durable_ready(program->durable);
}

static void stopping(void *arg)
{
    (void)arg;
    notify_stopping();
}

static void news(void *arg)
{
    struct program *program = arg;
    notify_news(&program->notify, program->engine);
    if (program->durable)
        durable_news(program->durable);
}

static int wait_limit(void *arg)
{
    const struct program *program = arg;
    int alive = notify_wait_limit(&program->notify);
    int due = program->durable ? durable_wait_limit(program->durable) : -1;
    return due < 0 || (alive >= 0 && alive < due) ? alive : due;
}

static void describe_host(struct program *program)
{
    program->host = (struct host){
        .arg = program,
        .name = program->argv[0],
        .read_options = read_options,
        .reloading = reloading,
        .ready = ready,
        .stopping = stopping,
        .news = news,
        .wait_limit = wait_limit,
    };
}

static void begin(struct program *program)
{
    struct engine *engine = program->engine;
    if (program->durable) {
        log_grave(engine->log, LOG_CRITICAL); /* why it cannot go on */
        if (!durable_begin(program->durable))
            finish(engine, EXIT_FAILURE);
        log_grave(engine->log, -1);
    } else if (program->state) {
        engine_begin_from(engine, take_state, program);
    } else {
        engine_begin(engine);
    }
}

/* What runs inside perl. */
static void live(void *arg)
{
    struct program *program = arg;
    struct engine *engine = program->engine;
    start(program);
    ready(program);
    begin(program);
    engine_run(engine);
    if (program->durable)
        durable_end(program->durable);
    finish(engine, EXIT_SUCCESS);
}

/* A closed standard input, output or error would be the next file that is opened, and what is meant
 * for it would end there.  In its place is /dev/null, which is at its end and not writable. */
static void hold_standard_descriptors(void)
{
    int fd;
    do {
        fd = open("/dev/null", O_RDONLY);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

void run_prepare(void)
{
    hold_standard_descriptors();
    signal(SIGPIPE, SIG_IGN);
    unwritten_own();
    unwritten_catch_signals();
}

int run_flush_stdout(void)
{
    if (fflush(stdout) == 0)
        return EXIT_SUCCESS;
    fprintf(stderr, "Unable to flush stdout: %s\n", error_text(errno).ptr);
    return EXIT_FAILURE;
}

/* --help and --version. */
static int inform(const struct options *options, const char *name)
{
    if (options->help)
        usage_print(name);
    else
        version_print();
    return run_flush_stdout();
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
    huge_pages_start();
    program->argv = copy_arguments(program->argc, argv); /* user code may write over argv */
    run_prepare();
    struct options *options = options_read(program->argc, program->argv);
    if (options->help || options->version) {
        int status = inform(options, program->argv[0]);
        options_free(options);
        return status;
    }
    if (options->keep.wrong) {
        complain(B("Not started: the state could not be kept as requested\n"));
        options_free(options);
        return EXIT_FAILURE;
    }
    describe_host(program);
    bool durable = keeps_state(options);
    if (durable)
        durable_prepare();
    program->engine =
        engine_new(options, durable ? clock_stepping() : clock_wall(), &program->host);
    int status = perl_run_main(program->argc, argv, env, live, program);
    /* END blocks may have written; a child that user code forked leaves that to its parent. */
    if (getpid() == program->engine->run.pid) {
        children_leave_feeds(program->engine->io.children);
        engine_finish(program->engine);
        durable_close(program->durable);
    }
    return status;
}
