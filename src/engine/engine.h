/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An engine, from creation to end.
 *
 *     struct engine *engine = engine_new(options, clock_wall(), &host);
 *     surface_start(engine);              inside Perl: code in rules finds its names
 *     engine_load_rules(engine);
 *     engine_prepare(engine);
 *     engine_open_inputs(engine, ...); engine_fit_windows(engine);
 *     engine_run(engine);
 *     engine_free(engine);
 *
 * A process can have any number of engines, one after another or side by side; the names in main::
 * belong to the engine for which surface_start was called last.
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
    /* Called between two lines, at most once a second, and before each wait. */
    void (*news)(void *arg);
    /* Milliseconds until `news` must be called again; -1: no limit. */
    int (*wait_limit)(void *arg);
};

/* Calls a function of the program, if it is set. */
static inline void engine_tell(const struct engine *engine, void (*what)(void *arg))
{
    if (what)
        what(engine->host->arg);
}

/* options and host (NULL: none) are the caller's and must outlive the engine; the engine takes
 * ownership of the clock. */
struct engine *engine_new(struct options *options, struct clock *clock, const struct host *host);
/* Right after engine_new: replaces the handling of effects; the engine takes ownership of what
 * `make` returns. */
void engine_choose_effects(struct engine *engine,
                           struct effects *(*make)(const struct outlets *outlets,
                                                   const struct clock *clock));
/* Right after engine_new: effects are not carried out but passed to the listener
 * (effect/effect.h), including those of Perl's operators if perl_hold_outside was called before
 * Perl started. */
void engine_record_effects(struct engine *engine, effect_listener *listener, void *arg);
/* Frees everything.  Perl must still be running if rules were loaded. */
void engine_free(struct engine *engine);

/* Opens log file and syslog, if requested; false: one of them could not be opened, and standard
 * error has the reason. */
bool engine_open_log(struct engine *engine);
/* Reads the rule files; true when every rule of every file is sound. */
bool engine_load_rules(struct engine *engine);
/* After loading rules: builds the tables of the walk, and computes the size of windows. */
void engine_prepare(struct engine *engine);
/* Opens the input files; offset and keep_open as in inputs_open. */
void engine_open_inputs(struct engine *engine, int64_t offset, bool keep_open);
/* --input-rescan: adds files that newly match the patterns and drops those that are gone; see
 * inputs_rescan. */
void engine_rescan_inputs(struct engine *engine);
/* Creates the windows, or changes their size. */
void engine_fit_windows(struct engine *engine);

/* SEC_STARTUP, and the first clean-up. */
void engine_begin(struct engine *engine);
/* The same, but between the two the engine takes over the state of an earlier run, with the second
 * of its last clean-up. */
void engine_begin_from(struct engine *engine, void (*take)(void *arg, struct engine *engine),
                       void *arg);
/* The main loop: handles lines, events, children, signals, and whatever is due, until the end of
 * the input (with --notail) or SIGTERM; afterwards the children of rules are gone. */
void engine_run(struct engine *engine);
/* For a clock that is set: advances to that second; everything that ends on the way ends in its
 * own second, in order, with the resulting events.  false: a signal arrived (user code may have
 * raised it), and the clock has stopped at its second. */
bool engine_advance(struct engine *engine, int64_t second);
/* The second at which the first of the present contexts, operations and delayed events ends or
 * comes; Calendar rules, which never end, do not count.  INT64_MAX: there are none. */
int64_t engine_next_end(const struct engine *engine);
/* Creates the internal event (SEC_STARTUP and similar) if --intevents is set. */
void engine_announce(struct engine *engine, struct bytes event);
/* Is there a rule for SEC_STARTUP that waits in vain, without --intevents?  The text says which. */
bool engine_misses_start(const struct engine *engine, struct buf *text);
/* SEC_SHUTDOWN and the end of the child processes. */
void engine_shutdown(struct engine *engine);
/* Handles the signals that have arrived, including those raised by user code; false: the program
 * must end. */
bool engine_handle_signals(struct engine *engine);

/* Writes all batched output. */
void engine_flush(struct engine *engine);
/* The final flush, after Perl's end: writes as much as outputs and the log accept. */
void engine_finish(struct engine *engine);
/* Blocks of inputs are about to change: whoever keeps the present line makes a copy of it. */
void engine_settle(struct engine *engine);

#endif
