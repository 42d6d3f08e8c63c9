/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of an earlier run, which the engine takes over.  secant-migrate(1) describes the file.
 *
 * Contexts, operations, variables and pending events that there are go; rules are loaded, and
 * windows have their size. */
#ifndef SECANT_STORE_LOAD_H
#define SECANT_STORE_LOAD_H

#include <jansson.h>

#include "state/engine.h"

#define STATE_FORMAT "secant-state"
enum { STATE_VERSION = 1 };

/* NULL: it is none that we can read, *why says why.  The caller's, json_decref. */
json_t *state_read(const char *path, struct buf *why);
/* Its second, which is that of the run that it is from. */
int64_t state_second(const json_t *state);

/* The inputs' next opening goes on where that run was.  Texts are in the arena. */
void state_expect_inputs(struct engine *engine, const char *path, const json_t *state,
                         struct arena *arena);

struct state_load {
    struct engine *engine;
    struct bytes file;   /* for messages */
    struct buf problems; /* a line for each thing that could not be taken over; the caller's */
    size_t contexts, operations, events;
};
void state_load(struct state_load *load, const json_t *state);
/* The same with messages to the log. */
void state_take(struct engine *engine, const char *path, const json_t *state);

#endif
