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
 * The engine must have a stepping clock.  Only durable_open and durable_begin can keep the program
 * from starting: what fails later is logged as an error and tried again. */
#ifndef SECANT_DURABLE_DURABLE_H
#define SECANT_DURABLE_DURABLE_H

#include "engine/engine.h"

struct durable;

/* Makes it possible to control what user code does during a redo. */
void durable_prepare(void);
/* Locks the folder and finds the state to continue from.  Returns NULL if that fails, and logs
 * why. */
struct durable *durable_open(struct engine *engine, const char *path);
/* To be called after the process has forked and goes on in the child (--detach). */
bool durable_forked(struct durable *durable);
/* As engine_open_inputs; if there is a state to continue from, inputs are only named. */
void durable_open_inputs(struct durable *durable, int64_t offset);
/* Lets rules see SEC_STARTUP, restores the state, lets them see SEC_STATE_RESTORED, and does what
 * was due while nothing ran.  If SIGTERM comes meanwhile, the engine ends (run.ending).  Returns
 * false if the state cannot be restored, and logs why; rules for SEC_STARTUP have run then.  In
 * both cases the folder is as durable_open has left it. */
bool durable_begin(struct durable *durable);
/* After the engine has run: brings everything to the disk. */
void durable_end(struct durable *durable);
/* At the end of the process, however it comes.  NULL is allowed. */
void durable_close(struct durable *durable);

/* What the engine calls under these names (struct host in engine/engine.h). */
void durable_news(struct durable *durable);
int durable_wait_limit(struct durable *durable); /* -1: none */
void durable_reloading(struct durable *durable);
void durable_ready(struct durable *durable);

#endif
