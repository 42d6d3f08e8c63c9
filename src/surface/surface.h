/* The main:: names that user Perl reaches: %main::context_list, @main::events, main::log_msg,
 * signal handlers and flags.  Includes perl.h. */
#ifndef SECANT_SURFACE_SURFACE_H
#define SECANT_SURFACE_SURFACE_H

#include "state/engine.h"

/* Sets up the names, the bridge's hooks and %SIG's handlers are not installed yet. */
void surface_start(struct engine *engine);
/* Installs the handlers in %SIG: HUP ABRT USR1 USR2 TERM, and INT when the engine owns it. */
void surface_signals(struct engine *engine, bool own_sigint);
/* Moves what came in $main::refresh and its like into engine->signals; true when something came.
 * Cheap enough for every line. */
bool surface_signals_pending(struct engine *engine);
/* The flags are dealt with: puts the $main:: flags back to zero. */
void surface_signals_done(struct engine *engine);
/* Sets them as sigemul does. signal: upper case; false: not one that can be emulated. */
bool surface_emulate(struct engine *engine, struct bytes signal);

#endif
