/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each signal does. */
#include <stdlib.h>

#include "engine/engine.h"
#include "report/dump.h"
#include "surface/surface.h"

#define LEVELS 6

static void close_outputs(struct engine *engine)
{
    outputs_close_all(engine->io.outputs);
    sockets_close_all(engine->io.sockets);
}

static void read_options_again(struct engine *engine)
{
    engine_tell(engine, engine->host->read_options);
    engine->rules.parse_env.bufsize = (size_t)engine->options->bufsize;
    log_set_level(engine->log, engine->options->debug);
}

static void reopen_log(struct engine *engine, bool options_too)
{
    log_close(engine->log);
    if (options_too)
        read_options_again(engine);
    engine_open_log(engine);
}

/* Nothing may point into the blocks of inputs and into rules that are about to go. */
static void let_go(struct engine *engine)
{
    engine_settle(engine);
    cache_clear(engine->state.cache);
}

/* SIGHUP. */
static void restart(struct engine *engine)
{
    log_msg(engine->log, LOG_NOTE, B("SIGHUP received: full restart of SEC"));
    engine_tell(engine, engine->host->reloading);
    engine_announce(engine, B("SEC_PRE_RESTART"));
    close_outputs(engine);
    if (engine->options->childterm)
        children_terminate(engine->io.children);
    let_go(engine);
    operations_clear(engine);
    contexts_clear(engine);
    variables_reset(engine->state.variables);
    events_clear_pending(engine->state.events);
    inputs_forget_dynamic(engine->io.inputs);
    reopen_log(engine, true);
    engine_load_rules(engine);
    engine_prepare(engine);
    engine_open_inputs(engine, -1, false);
    engine_fit_windows(engine);
    engine_tell(engine, engine->host->ready);
    engine_announce(engine, B("SEC_RESTART"));
}

/* Operations of rules that are gone or have changed. */
static void end_operations(struct engine *engine, const struct bytes *files, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t ended = operations_end_file(engine, files[i]);
        log_msg(engine->log, LOG_DETAIL,
                B("Terminating all event correlation operations started from "), files[i],
                B(", number of operations: "), NUM(ended));
    }
}

static void reload_rules(struct engine *engine)
{
    const struct string_list *conf = &engine->options->conf;
    struct bytes *changed = NULL;
    size_t count = 0;
    ruleset_reload(engine->rules.set, &engine->rules.parse_env, conf->items, conf->count, &changed,
                   &count);
    engine_prepare(engine);
    end_operations(engine, changed, count);
    free(changed);
}

/* SIGABRT. */
static void soft_restart(struct engine *engine)
{
    log_msg(engine->log, LOG_NOTE, B("SIGABRT received: soft restart of SEC"));
    engine_tell(engine, engine->host->reloading);
    engine_announce(engine, B("SEC_PRE_SOFTRESTART"));
    close_outputs(engine);
    let_go(engine);
    if (engine->options->in.rescan > 0)
        engine_rescan_inputs(engine); /* or it would begin at the end of files that are new */
    reopen_log(engine, true);
    reload_rules(engine);
    engine_open_inputs(engine, -1, engine->options->keepopen);
    engine_fit_windows(engine);
    engine_tell(engine, engine->host->ready);
    engine_announce(engine, B("SEC_SOFTRESTART"));
}

/* SIGUSR1. */
static void dump(struct engine *engine)
{
    log_msg(engine->log, LOG_NOTE, B("SIGUSR1 received: dumping performance and debug data"));
    dump_state(engine);
}

/* SIGUSR2. */
static void rotate(struct engine *engine)
{
    log_msg(engine->log, LOG_NOTE, B("SIGUSR2 received: closing outputs and restarting logging"));
    engine_announce(engine, B("SEC_PRE_LOGROTATE"));
    close_outputs(engine);
    reopen_log(engine, false);
    engine_announce(engine, B("SEC_LOGROTATE"));
}

/* SIGINT. */
static void cycle_level(struct engine *engine, int steps)
{
    int level = log_level(engine->log), next = (level + steps % LEVELS - 1) % LEVELS + 1;
    log_msg(engine->log, LOG_WITHOUT_LEVEL, NUM(steps),
            B(" SIGINT signal(s) received: setting debuglevel from "), NUM(level), B(" to "),
            NUM(next));
    log_set_level(engine->log, next);
}

/* Has this signal come by now?  Perhaps from user code that an earlier one ran. */
static bool came(struct engine *engine, const bool *flag)
{
    surface_signals_pending(engine);
    return *flag;
}

static void handle(struct engine *engine, const bool *flag, void (*action)(struct engine *engine))
{
    if (came(engine, flag))
        action(engine);
}

bool engine_handle_signals(struct engine *engine)
{
    const struct pending_signals *signals = &engine->run.signals;
    handle(engine, &signals->refresh, restart);
    handle(engine, &signals->softrefresh, soft_restart);
    handle(engine, &signals->dumpdata, dump);
    handle(engine, &signals->openlog, rotate);
    surface_signals_pending(engine);
    if (signals->debuglevelinc > 0)
        cycle_level(engine, signals->debuglevelinc);
    bool ends = came(engine, &signals->terminate);
    if (ends) {
        log_msg(engine->log, LOG_NOTE, B("SIGTERM received: shutting down SEC"));
        engine_shutdown(engine);
        engine->run.ending = true;
    }
    surface_signals_done(engine);
    return !ends;
}
