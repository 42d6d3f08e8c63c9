/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The main:: names that user Perl can use: %main::context_list, @main::events, main::log_msg,
 * signal handlers and flags. */
#ifndef SECANT_SURFACE_SURFACE_H
#define SECANT_SURFACE_SURFACE_H

#include "state/engine.h"

/* SEC's variables that do not exist for user Perl; the parser warns of them. */
extern const struct hidden_names surface_hidden;

/* Is a variable of this name, without sigil and package, one of SEC's? */
bool surface_has(struct bytes name);
/* To be called before Perl starts if there will be engines with event clocks, the first one at
 * about this second: code in rules sees their time, not the machine's.  A pause in such code moves
 * the engine's clock. */
void surface_expect_event_clock(int64_t start);
/* To be called when the engine's stepping clock (clock/clock.h) was held or released: code sees its
 * time only while it is held. */
void surface_clock_changed(struct engine *engine);
/* Sets up the names and the bridge's hooks; all parts of the engine must exist.  Does not install
 * the handlers in %SIG. */
void surface_start(struct engine *engine);
/* Removes all of it again, and empties the variables.  Does nothing for an engine without a
 * surface.  Only one engine at a time can have one. */
void surface_stop(struct engine *engine);
/* Installs the handlers in %SIG: HUP ABRT USR1 USR2 TERM, and INT when the engine owns it. */
void surface_signals(bool own_sigint);
/* Runs pending handlers and copies $main::refresh and similar to engine->run.signals.  Returns true
 * if something came.  Cheap enough for every line. */
bool surface_signals_pending(struct engine *engine);
/* To be called when engine->run.signals has been handled: resets the same flags of $main:: to zero.
 * A signal of another kind that came meanwhile stays. */
void surface_signals_done(struct engine *engine);
/* Callbacks of the engine's patience (base/patience.h); arg is the engine.  A signal that is
 * pending or being handled ends every wait for an output. */
bool surface_signal_waits(void *arg);
bool surface_wait_over(void *arg);
/* Has SIGTERM come?  For endless loops of actions (engine->hooks.interrupted). */
bool surface_terminate_requested(struct engine *engine);
/* The same, but false if only user code has set $main::terminate and SIGTERM itself has not come
 * since the start. */
bool surface_terminated(struct engine *engine);

#endif
