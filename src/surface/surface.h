/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The main:: names that user Perl reaches: %main::context_list, @main::events, main::log_msg,
 * signal handlers and flags. */
#ifndef SECANT_SURFACE_SURFACE_H
#define SECANT_SURFACE_SURFACE_H

#include "state/engine.h"

/* SEC's variables that user Perl does not find, for the parser to warn of. */
extern const struct hidden_names surface_hidden;

/* Is a variable of this name, without sigil and package, one of SEC's? */
bool surface_has(struct bytes name);
/* Before Perl starts: engines with event clocks will come, the first one at about this second, and
 * code in rules is to be told their time, not the machine's.  A pause in such code moves the
 * engine's clock. */
void surface_expect_event_clock(int64_t start);
/* The engine's stepping clock (clock/clock.h) was held, or released: code is told its time only
 * while it is held. */
void surface_clock_changed(struct engine *engine);
/* Sets up the names and the bridge's hooks; all parts of the engine must be there. The handlers in
 * %SIG are not installed yet. */
void surface_start(struct engine *engine);
/* Takes all of it away again, and empties the variables.  Nothing to do for an engine that was not
 * started here.  One engine at a time can be. */
void surface_stop(struct engine *engine);
/* Installs the handlers in %SIG: HUP ABRT USR1 USR2 TERM, and INT when the engine owns it. */
void surface_signals(bool own_sigint);
/* Runs handlers that are due and copies what came in $main::refresh and similar into
 * engine->run.signals; true when something came. Cheap enough for every line. */
bool surface_signals_pending(struct engine *engine);
/* engine->run.signals is dealt with: the same flags of $main:: go back to zero. A signal of another
 * kind that came meanwhile stays. */
void surface_signals_done(struct engine *engine);
/* Of the engine's patience (base/patience.h), arg is the engine: a signal that waits, or is
 * being dealt with, ends every wait for an output. */
bool surface_signal_waits(void *arg);
bool surface_wait_over(void *arg);
/* Has SIGTERM come?  For loops of actions that have no end of their own
 * (engine->hooks.interrupted). */
bool surface_terminate_requested(struct engine *engine);
/* The same, and it is not user code alone that has set $main::terminate. */
bool surface_terminated(struct engine *engine);

#endif
