/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine's parts and how they are tied to each other. */
#include <unistd.h>

#include "act/act.h"
#include "base/mem.h"
#include "correlate/correlate.h"
#include "correlate/script.h"
#include "engine/engine.h"
#include "engine/process.h"
#include "engine/walk.h"
#include "perl/interp.h"
#include "surface/surface.h"

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
    journal_note(&engine->journal, .cause = CAUSE_OUTPUT, .text = line, .context = child->context);
    events_push(engine->state.events, line, child->context);
}

static void child_ended(void *arg, struct child *child, int exit_code)
{
    struct engine *engine = arg;
    if (child->owner) {
        journal_note(&engine->journal, .cause = CAUSE_SCRIPT, .child = child,
                     .exit_code = exit_code);
        script_ended(engine, child, exit_code);
    } else if (exit_code != 0)
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
    struct effect effect = {EFFECT_RUN, .command = &command, .aside = true};
    effects_take(engine->effects, &effect);
    buf_free(&text);
}

static struct outlets outlets_of(const struct engine *engine)
{
    return (struct outlets){engine->log, engine->io.outputs, engine->io.sockets,
                            engine->io.children};
}

static void make_io(struct engine *engine)
{
    struct options *options = engine->options;
    engine->io.loop = loop_new();
    engine->io.inputs = inputs_new(engine->io.loop, engine->log, engine->wall, &options->in,
                                   run_timeout_script, engine);
    engine->feed = inputs_feed(engine->io.inputs);
    engine->io.outputs = outputs_new(engine->log, &perls_stdout, &engine->io.patience);
    engine->io.sockets =
        sockets_new(engine->log, engine->wall, &options->socket_timeout, &options->in.blocksize);
    engine->io.children =
        children_new(engine->io.loop, engine->log, &options->in.blocksize, &child_events, engine);
    struct outlets outlets = outlets_of(engine);
    engine->effects = effects_perform(&outlets);
    engine->effects->observers = &engine->observers;
}

static void make_state(struct engine *engine)
{
    int64_t now = engine->run.started;
    engine->rules.names = names_new();
    engine->rules.set = ruleset_new();
    engine->state.cache = cache_new();
    engine->state.contexts = contexts_new(now, &engine->observers);
    engine->state.operations = operations_new(now);
    engine->state.variables = variables_new(engine->rules.names, engine->clock);
    engine->state.events = events_new(now, &engine->observers);
    arena_init(&engine->line.arena);
    /* Code in rule files may look at the window while they are loaded. */
    engine->windows.joint = true;
    engine->windows.bufsize = 1;
    engine->windows.all = window_new(engine->windows.bufsize);
    engine->rules.parse_env = (struct parse_env){
        .log = engine->log,
        .clock = engine->clock,
        .names = engine->rules.names,
        .rule_types = rule_types,
        .action_types = action_types,
        .hidden = &surface_hidden,
        .bufsize = (size_t)engine->options->bufsize,
    };
}

static const struct host nobody;

struct engine *engine_new(struct options *options, struct clock *clock, const struct host *host)
{
    struct engine *engine = mem_zalloc(sizeof(*engine));
    engine->options = options;
    engine->host = host ? host : &nobody;
    engine->clock = clock;
    engine->wall = clock_wall();
    engine->log = log_new(engine->clock);
    log_set_level(engine->log, options->debug);
    engine->io.patience = (struct patience){
        .signalled = surface_signal_waits, .exhausted = surface_wait_over, .arg = engine};
    log_set_patience(engine->log, &engine->io.patience);
    log_flush_first(engine->log, perl_flush_stdio);
    engine->run.started = engine_now(engine);
    engine->run.pid = getpid();
    make_io(engine);
    make_state(engine);
    return engine;
}

void engine_record_effects(struct engine *engine, effect_listener *listener, void *arg)
{
    struct outlets outlets = outlets_of(engine);
    effects_free(engine->effects);
    engine->effects = effects_record(&outlets, engine->clock, listener, arg);
    engine->effects->observers = &engine->observers;
    effects_hold_perl(engine->effects);
}

void engine_choose_effects(struct engine *engine,
                           struct effects *(*make)(const struct outlets *outlets,
                                                   const struct clock *clock))
{
    struct outlets outlets = outlets_of(engine);
    effects_free(engine->effects);
    engine->effects = make(&outlets, engine->clock);
    engine->effects->observers = &engine->observers;
}

/* Rules last: operations, contexts and variables keep lists and code of their files. */
static void free_state(struct engine *engine)
{
    children_free(engine->io.children); /* may hold lists of rules */
    operations_free(engine->state.operations);
    contexts_free(engine->state.contexts);
    variables_free(engine->state.variables);
    events_free(engine->state.events);
    cache_free(engine->state.cache);
    file_states_free(&engine->state.files);
    walk_free(engine);
    ruleset_free(engine->rules.set);
    names_free(engine->rules.names);
}

void engine_free(struct engine *engine)
{
    if (!engine)
        return;
    surface_stop(engine);
    free_state(engine);
    inputs_free(engine->io.inputs);
    window_free(engine->windows.all);
    window_free(engine->windows.synthetic);
    buf_free(&engine->line.scratch);
    arena_free(&engine->line.arena);
    effects_free(engine->effects);
    outputs_free(engine->io.outputs);
    sockets_free(engine->io.sockets);
    loop_free(engine->io.loop);
    log_free(engine->log);
    clock_free(engine->wall);
    clock_free(engine->clock);
    free(engine);
}

bool engine_open_log(struct engine *engine)
{
    const struct options *options = engine->options;
    bool open = true;
    if (options->log)
        open = log_open_file(engine->log, options->log);
    if (options->syslog)
        open = log_open_syslog(engine->log, engine->host->name, options->syslog) && open;
    return open;
}

bool engine_load_rules(struct engine *engine)
{
    const struct string_list *conf = &engine->options->conf;
    return ruleset_load(engine->rules.set, &engine->rules.parse_env, conf->items, conf->count);
}

static void choose_windows(struct engine *engine)
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

void engine_prepare(struct engine *engine)
{
    process_prepare(engine);
    choose_windows(engine);
}

void engine_open_inputs(struct engine *engine, int64_t offset, bool keep_open)
{
    const struct string_list *patterns = &engine->options->input;
    inputs_open(engine->io.inputs, patterns->items, patterns->count, offset, keep_open,
                &engine->options->intcontexts);
}

void engine_rescan_inputs(struct engine *engine)
{
    const struct string_list *patterns = &engine->options->input;
    if (inputs_rescan(engine->io.inputs, patterns->items, patterns->count,
                      &engine->options->intcontexts))
        engine_fit_windows(engine);
}

void engine_fit_windows(struct engine *engine)
{
    size_t size = engine->windows.bufsize, own = engine->windows.joint ? 0 : size;
    window_fit(&engine->windows.all, size);
    window_fit(&engine->windows.synthetic, own);
    for (size_t i = 0; i < inputs_count(engine->io.inputs); i++)
        window_fit(&inputs_at(engine->io.inputs, i)->source.window, own);
}
