/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Saving the whole state of an engine as records (store/record.h): an engine with the same rules
 * that loads them (store/load.h) continues just as this one does. */
#ifndef SECANT_STORE_SAVE_H
#define SECANT_STORE_SAVE_H

#include "state/engine.h"

/* The record is valid until this returns. */
typedef void saved_record(void *arg, struct bytes record);

/* To be called between two turns of the main loop, never while actions run.  Nothing in the engine
 * changes noticeably; a forked child may call it.  `put` gets each record, in order.
 *
 * What cannot be kept (such as code inside a variable's data, or actions of a context that user
 * code has made of closures) is named in *lost, a line each. */
void state_save(struct engine *engine, saved_record *put, void *arg, struct buf *lost);

#endif
