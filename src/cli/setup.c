/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine's parts and how they are tied to each other. */
#include "cli/setup.h"

#include <unistd.h>

#include "act/act.h"
#include "cli/options.h"
#include "correlate/correlate.h"
#include "correlate/script.h"
#include "engine/process.h"
#include "surface/surface.h"

#define TERM_PAUSE 3000 /* milliseconds that children of SEC_SHUTDOWN have until SIGTERM */

/* The log first: standard output may take nothing for long, and adds to
 * the log what it cannot write. */
void engine_flush(struct engine *engine)
{
    log_flush(engine->log);
    outputs_flush(engine->io.outputs);
    log_flush(engine->log);
}

void engine_finish(struct engine *engine)
{
    if (engine->run.ending)
        engine->io.patience.until = patience_now() + LAST_WAIT;
    outputs_finish(engine->io.outputs);
    log_close(engine->log);
}

static const struct output_perl perls_stdout = {perl_flush_stdio, perl_unbuffer_stdio,
                                                perl_stdout_fileno, perl_print_failed, perl_print};

/* Child processes. */

static void before_start(void *arg)
{
    engine_flush(arg);
    perl_flush_stdio();
}

static void child_line(void *arg, struct child *child, struct bytes line)
{
    struct engine *engine = arg;
    log_msg(engine->log, LOG_DETAIL, B("Creating event '"), line, B("' (received from child "),
            NUM(child->pid), B(")"));
    events_push(engine->state.events, line, child->context);
}

static void child_ended(void *arg, struct child *child, int exit_code)
{
    struct engine *engine = arg;
    if (child->owner)
        script_ended(engine, child, exit_code);
    else if (exit_code != 0)
        log_msg(engine->log, LOG_WARN, B("Child "), NUM(child->pid),
                B(" terminated with non-zero exitcode "), NUM(exit_code), B(" ( "), child->command,
                B(" )"));
}

static void child_dropped(void *arg, struct child *child)
{
    (void)arg;
    script_forget(child->owner);
}

static const struct child_events child_events = {child_line, child_ended, before_start,
                                                 child_dropped};

/* --timeout-script. */
static void run_timeout_script(void *arg, bool received, struct bytes name)
{
    struct engine *engine = arg;
    struct bytes script = bytes_of(engine->options->timeout_script);
    struct bytes state = received ? B("0") : B("1");
    const struct bytes words[] = {script, state, name};
    struct buf text = {0};
    buf_cat(&text, script, B(" "), state, B(" "), name);
    log_msg(engine->log, LOG_INFORM,
            received ? B("Input received, executing script ") : B("No input, executing script "),
            buf_bytes(&text));
    struct command command = {buf_bytes(&text), words, sizeof(words) / sizeof(*words)};
    effects_take(engine->effects, &(struct effect){EFFECT_RUN, .command = &command});
    buf_free(&text);
}

/* An input has come or is about to go: its own window does so, too. */
static void input_changed(void *arg, struct input *input, bool gone)
{
    struct engine *engine = arg;
    if (gone) {
        bool in_use = engine->line.place.separate == input->window;
        window_free(in_use ? engine->line.dropped_window : input->window);
        if (in_use)
            engine->line.dropped_window = input->window;
        input->window = NULL;
    } else if (!engine->windows.joint && !input->window) {
        input->window = window_new(engine->windows.bufsize);
    }
}

static void setup_io(struct engine *engine)
{
    struct options *options = engine->options;
    engine->io.loop = loop_new();
    engine->io.inputs = inputs_new(engine->io.loop, engine->log, engine->clock, &options->in,
                                   run_timeout_script, engine);
    inputs_on_change(engine->io.inputs, input_changed, engine);
    engine->io.outputs = outputs_new(engine->log, &perls_stdout, &engine->io.patience);
    engine->io.sockets =
        sockets_new(engine->log, engine->clock, &options->socket_timeout, &options->in.blocksize);
    engine->io.children =
        children_new(engine->io.loop, engine->log, &options->in.blocksize, &child_events, engine);
    engine->effects = effects_perform(&(struct outlets){engine->log, engine->io.outputs,
                                                        engine->io.sockets, engine->io.children});
}

static void setup_state(struct engine *engine)
{
    int64_t now = engine->run.started;
    engine->rules.names = names_new();
    engine->rules.set = ruleset_new();
    engine->state.cache = cache_new();
    engine->state.contexts = contexts_new(now);
    engine->state.operations = operations_new(now);
    engine->state.variables = variables_new(engine->rules.names, engine->clock);
    engine->state.events = events_new(now);
    arena_init(&engine->line.arena);
    /* Code in rule files may look at the window while they are loaded. */
    engine->windows.joint = true;
    engine->windows.bufsize = 1;
    engine->windows.all = window_new(engine->windows.bufsize);
    engine->rules.lang = (struct lang){
        .log = engine->log,
        .clock = engine->clock,
        .names = engine->rules.names,
        .rule_types = rule_types,
        .action_types = action_types,
        .hidden = &surface_hidden,
        .bufsize = (size_t)engine->options->bufsize,
    };
}

void setup_engine(struct engine *engine, struct options *options, struct clock *clock)
{
    engine->options = options;
    engine->clock = clock;
    engine->log = log_new(engine->clock);
    log_set_level(engine->log, options->debug);
    engine->io.patience = (struct patience){
        .signalled = surface_signal_waits, .exhausted = surface_wait_over, .arg = engine};
    log_set_patience(engine->log, &engine->io.patience);
    log_flush_first(engine->log, perl_flush_stdio);
    engine->run.started = engine_now(engine);
    engine->run.pid = getpid();
    setup_io(engine);
    setup_state(engine);
}

/* The steps that setup.h tells of. */

void setup_options(struct program *program)
{
    struct engine *engine = &program->engine;
    struct options *fresh = options_read(program->argc, program->argv), old = *engine->options;
    *engine->options = *fresh;
    *fresh = old;
    options_free(fresh);
    engine->rules.lang.bufsize = (size_t)engine->options->bufsize;
    log_set_level(engine->log, engine->options->debug);
}

void setup_log(struct program *program)
{
    const struct options *options = program->engine.options;
    if (options->log)
        log_open_file(program->engine.log, options->log);
    if (options->syslog)
        log_open_syslog(program->engine.log, program->argv[0], options->syslog);
}

void setup_bufsize(struct engine *engine)
{
    engine->windows.bufsize = (size_t)engine->options->bufsize;
    if (engine->windows.bufsize == 0) {
        engine->windows.bufsize = ruleset_lines(engine->rules.set);
        log_msg(engine->log, LOG_DETAIL,
                B("No --bufsize command line option or --bufsize=0, setting --bufsize to "),
                NUM(engine->windows.bufsize));
    }
    engine->windows.joint = engine->options->jointbuf || engine->windows.bufsize == 1;
}

void setup_inputs(struct engine *engine, int64_t offset, bool keep_open)
{
    const struct string_list *patterns = &engine->options->input;
    inputs_open(engine->io.inputs, patterns->items, patterns->count, offset, keep_open,
                &engine->options->intcontexts);
}

static void fit_window(struct window **window, size_t size, bool wanted)
{
    if (!wanted) {
        window_free(*window);
        *window = NULL;
    } else if (!*window) {
        *window = window_new(size);
    } else {
        window_resize(*window, size);
    }
}

void setup_windows(struct engine *engine)
{
    fit_window(&engine->windows.all, engine->windows.bufsize, true);
    fit_window(&engine->windows.synthetic, engine->windows.bufsize, !engine->windows.joint);
    for (size_t i = 0; i < inputs_count(engine->io.inputs); i++) {
        struct input *input = inputs_at(engine->io.inputs, i);
        struct window *own = input->window;
        fit_window(&own, engine->windows.bufsize, !engine->windows.joint);
        input->window = own;
    }
}

void program_settle(struct program *program)
{
    if (program->borrowed)
        process_settle(&program->engine);
    program->borrowed = false;
}

void engine_announce(struct engine *engine, struct bytes event)
{
    if (engine->options->intevents)
        process_internal(engine, event);
}

void engine_shutdown(struct engine *engine)
{
    notify_stopping();
    engine_announce(engine, B("SEC_SHUTDOWN"));
    engine_flush(engine);
    if (!engine->options->childterm)
        return;
    if (engine->options->intevents)
        children_feed_for(engine->io.children, TERM_PAUSE);
    children_terminate(engine->io.children);
}
