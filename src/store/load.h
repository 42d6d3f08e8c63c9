/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loading the state of an earlier run into the engine: records of store/save.h, or the JSON that
 * `secant migrate import` makes, which secant-migrate(1) describes.
 *
 * Contexts, operations, variables and pending events that exist are dropped; with records, contexts
 * and variables only if the rules are the same as then.  Rules must be loaded and inputs open, and
 * windows must have their size. */
#ifndef SECANT_STORE_LOAD_H
#define SECANT_STORE_LOAD_H

#include <jansson.h>

#include "state/engine.h"

#define STATE_FORMAT "secant-state"
enum { STATE_VERSION = 1 };

/* The caller gives it back with json_decref.  Returns NULL with the reason in *why if this is not a
 * state that we can read. */
json_t *state_read(const char *path, struct buf *why);
/* The second at which the earlier run was in this state. */
int64_t state_second(const json_t *state);

/* When inputs are opened next, they continue where that run was.  Texts are in the arena, which
 * must last until then.  Problems are logged. */
void state_expect_inputs(struct engine *engine, const char *path, const json_t *state,
                         struct arena *arena);

struct state_load {
    struct engine *engine;
    struct bytes file;   /* for messages */
    struct buf problems; /* a line for each thing that could not be taken over; caller frees it */
    size_t contexts, operations, events;
    /* With records only. */
    size_t queued, variables, perl; /* perl: variables of user code, of `rem=state` */
    struct {
        size_t actions, operations, variables, perl; /* actions: of contexts */
    } lost;                                          /* what problems name */
    struct state_loading *loading;                   /* under way */
};
void state_load(struct state_load *load, const json_t *state);
/* The same, and logs sums and problems. */
void state_take(struct engine *engine, const char *path, const json_t *state);

/* -- Records -- */

/* Where inputs are to continue, needed before they are opened: for inputs_go_on and inputs_knew. */
struct state_places {
    struct arena arena; /* all zero at first */
    struct input_place *items;
    size_t count, room;
    struct bytes *patterns;
    size_t pattern_count, pattern_room;
};
/* Adds what a record says of inputs; may be called with any record. */
void state_places_add(struct state_places *places, struct bytes record);
void state_places_free(struct state_places *places);

/* The second of the head, which is the first record.  Returns false if it is not one that we can
 * read. */
bool state_head_second(struct bytes record, int64_t *second);
/* `engine` and `file` must be set, all else zero.  Then all records of one save are to be given in
 * their order; none is needed afterwards.  The clock must be at the head's second or later. */
void state_load_begin(struct state_load *load);
/* Returns false if this is no record of a version that we can read, or comes out of order; the last
 * problem says so, and no further records may be given. */
bool state_load_record(struct state_load *load, struct bytes record);
/* To be called in any case.  Returns false if records are missing. */
bool state_load_end(struct state_load *load);
/* Logs sums and problems, and frees the problems. */
void state_load_tell(struct state_load *load, int64_t second);
/* Logs problems and frees them. */
void load_tell_problems(struct log *log, struct buf *problems);

#endif
