/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that an engine has in mind, as records (store/record.h): an engine of the same rules that
 * takes them over (store/load.h) does from there on what this one does. */
#ifndef SECANT_STORE_SAVE_H
#define SECANT_STORE_SAVE_H

#include "state/engine.h"

/* Its bytes are there until it returns. */
typedef void saved_record(void *arg, struct bytes record);

/* Between two turns of the main loop, never while actions run.  Nothing of the engine changes that
 * could be noticed; a forked child may do it.  `put` gets each record, in order.
 *
 * What cannot be kept (code in a variable, a context's actions that user code has made of
 * closures) is named in *lost, a line each. */
void state_save(struct engine *engine, saved_record *put, void *arg, struct buf *lost);

#endif
