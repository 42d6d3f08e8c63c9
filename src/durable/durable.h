/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The life of an engine whose state outlives it: --state=FOLDER.
 *
 *     durable_prepare();                               before perl_run_main
 *     durable = durable_open(engine, path);            rules and inputs are not there yet
 *     ... rules are loaded; durable_open_inputs(durable); windows have their size ...
 *     durable_begin(durable);                          in place of engine_begin
 *     engine_run(engine);                              calls news, wait_limit, reloading, ready
 *     durable_end(durable);
 *     durable_close(durable);
 *
 * The engine must have a stepping clock.  Nothing here ends the program but durable_open, which
 * says that it cannot begin: what fails later is an error in the log, and is tried again. */
#ifndef SECANT_DURABLE_DURABLE_H
#define SECANT_DURABLE_DURABLE_H

#include "engine/engine.h"

struct durable;

/* User code can be held while it is done again. */
void durable_prepare(void);
/* Takes the folder, and finds where to go on.  NULL: it cannot, and the log says why. */
struct durable *durable_open(struct engine *engine, const char *path);
/* The same process goes on as another one. */
bool durable_forked(struct durable *durable);
/* As engine_open_inputs; where there is a state to go on with, they are only named. */
void durable_open_inputs(struct durable *durable, int64_t offset);
/* SEC_STARTUP; the state is what it was, SEC_STATE_RESTORED, and what was due meanwhile is done.
 * SIGTERM meanwhile: the engine ends (run.ending), and the folder is as durable_open has left it.
 * false: the state cannot be taken over, which the log says.  Rules for SEC_STARTUP have run then;
 * the folder is as durable_open has left it. */
bool durable_begin(struct durable *durable);
/* After the engine has run: all is on the disk. */
void durable_end(struct durable *durable);
/* At the end of the process, whatever has ended it. NULL is allowed. */
void durable_close(struct durable *durable);

/* The host's calls of these names (engine/engine.h). */
void durable_news(struct durable *durable);
int durable_wait_limit(struct durable *durable); /* -1: none */
void durable_reloading(struct durable *durable);
void durable_ready(struct durable *durable);

#endif
