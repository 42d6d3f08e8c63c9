/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An engine from its making to its end.
 *
 *     struct engine *engine = engine_new(options, clock_wall(), &host);
 *     surface_start(engine);              inside Perl: code in rules finds its names
 *     engine_load_rules(engine);
 *     engine_prepare(engine);
 *     engine_open_inputs(engine, ...); engine_fit_windows(engine);
 *     engine_run(engine);
 *     engine_free(engine);
 *
 * There may be any number of engines in a process, one after another or side by side; the names
 * in main:: show the one that surface_start was called for last.
 */
#ifndef SECANT_ENGINE_ENGINE_H
#define SECANT_ENGINE_ENGINE_H

#include "state/engine.h"

/* The program around the engine.  Each function may be NULL; arg is the program's own. */
struct host {
    void *arg;
    const char *name; /* for syslog, which needs it; argv[0] */
    /* A restart reads the options again, into engine->options. */
    void (*read_options)(void *arg);
    void (*reloading)(void *arg); /* a restart begins; ready follows */
    void (*ready)(void *arg);
    void (*stopping)(void *arg);
    /* Between two lines, once a second at the most, and before each wait. */
    void (*news)(void *arg);
    /* Milliseconds until `news` must be called again; -1: whenever there is something else. */
    int (*wait_limit)(void *arg);
};

/* Calls a function of the program's, if it has it. */
static inline void engine_tell(const struct engine *engine, void (*what)(void *arg))
{
    if (what)
        what(engine->host->arg);
}

/* options and host (NULL: none) are the caller's and outlive the engine; the clock is taken
 * over. */
struct engine *engine_new(struct options *options, struct clock *clock, const struct host *host);
/* Right after that: effects go another way; what `make` returns is taken over. */
void engine_choose_effects(struct engine *engine,
                           struct effects *(*make)(const struct outlets *outlets,
                                                   const struct clock *clock));
/* Right after that: effects do not happen, the listener hears of them (effect/effect.h); those of
 * Perl's operators as well, if perl_hold_outside was called before Perl started. */
void engine_record_effects(struct engine *engine, effect_listener *listener, void *arg);
/* To the last byte.  Perl must still be there if rules were loaded. */
void engine_free(struct engine *engine);

/* Opens log file and syslog, as far as they are asked for; false: one of them cannot be, which
 * standard error has been told. */
bool engine_open_log(struct engine *engine);
/* Reads the rule files; true when every rule of every file is sound. */
bool engine_load_rules(struct engine *engine);
/* After that: the tables of the walk, and how many lines windows have. */
void engine_prepare(struct engine *engine);
/* Opens the input files; offset and keep_open as in inputs_open. */
void engine_open_inputs(struct engine *engine, int64_t offset, bool keep_open);
/* --input-rescan: files that match its patterns now and did not before, and those that are gone; as
 * inputs_rescan. */
void engine_rescan_inputs(struct engine *engine);
/* Makes the windows, or changes their size. */
void engine_fit_windows(struct engine *engine);

/* SEC_STARTUP, and the first clean-up. */
void engine_begin(struct engine *engine);
/* The same, and between the two the engine takes over the state of an earlier run, with the second
 * of its last clean-up. */
void engine_begin_from(struct engine *engine, void (*take)(void *arg, struct engine *engine),
                       void *arg);
/* Lines, events, children, signals, and what is due, until the input (with --notail) or SIGTERM
 * ends it; the children of rules are gone then. */
void engine_run(struct engine *engine);
/* Event clock: goes to that second, and has everything that ends on the way end in its own
 * second, in order, with the events that come of it.  false: a signal came, user code's own
 * included; the clock is where it came. */
bool engine_advance(struct engine *engine, int64_t second);
/* The second at which the first context, operation or event of those that are there now ends or
 * comes; Calendar rules, which go on for ever, do not count.  INT64_MAX: there are none. */
int64_t engine_next_end(const struct engine *engine);
/* The internal event (SEC_STARTUP and similar), when --intevents asks for it. */
void engine_announce(struct engine *engine, struct bytes event);
/* Is there a rule for SEC_STARTUP that waits in vain, without --intevents?  The text says which. */
bool engine_misses_start(const struct engine *engine, struct buf *text);
/* SEC_SHUTDOWN and the end of the child processes. */
void engine_shutdown(struct engine *engine);
/* Deals with the signals that have come, user code's included; false: the program is to end. */
bool engine_handle_signals(struct engine *engine);

/* Writes what is batched. */
void engine_flush(struct engine *engine);
/* The last time, after Perl's end: outputs and the log get what they take. */
void engine_finish(struct engine *engine);
/* What keeps the present line takes a copy: blocks of inputs are about to change. */
void engine_settle(struct engine *engine);

#endif
