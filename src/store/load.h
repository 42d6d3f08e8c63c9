/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of an earlier run, which the engine takes over: records of store/save.h, or the JSON
 * that `secant migrate import` makes, which secant-migrate(1) describes.
 *
 * Contexts, operations, variables and pending events that there are go; rules are loaded, inputs
 * are open, and windows have their size. */
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
    /* Of records. */
    size_t queued, variables, perl; /* the last: user code's, of `rem=state` */
    struct {
        size_t actions, operations, variables, perl; /* actions: of contexts */
    } lost;                                          /* what problems name */
    struct state_loading *loading;                   /* under way */
};
void state_load(struct state_load *load, const json_t *state);
/* The same with messages to the log. */
void state_take(struct engine *engine, const char *path, const json_t *state);

/* -- Records -- */

/* Where inputs are to go on, before they are opened: inputs_go_on and inputs_knew take it. */
struct state_places {
    struct arena arena; /* all zero at first */
    struct input_place *items;
    size_t count, room;
    struct bytes *patterns;
    size_t pattern_count, pattern_room;
};
/* Looks at a record of any kind. */
void state_places_add(struct state_places *places, struct bytes record);
void state_places_free(struct state_places *places);

/* The second of the head, which is the first record; false: it is none that we can read. */
bool state_head_second(struct bytes record, int64_t *second);
/* `engine` and `file` are set, all else is zero.  All records of one save go in, in their order;
 * none of them is needed afterwards.  The clock must be at the head's second or later. */
void state_load_begin(struct state_load *load);
/* false: it is no record of this version, or not in its place; nothing more is to be given then,
 * and the last problem says it. */
bool state_load_record(struct state_load *load, struct bytes record);
/* To be called in any case.  false: records are missing. */
bool state_load_end(struct state_load *load);
/* Sums and problems as messages in the log. */
void state_load_tell(struct state_load *load, int64_t second);
/* Problems alone; they are freed. */
void load_tell_problems(struct log *log, struct buf *problems);

#endif
