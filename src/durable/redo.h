/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does again what a journal has recorded.
 *
 * The engine has the state of the journal's snapshot, its inputs are only names, its clock is held,
 * and its effects are durable_effects.  Lines are read again from the files they were in; bytes of
 * pipes are in the journal. */
#ifndef SECANT_DURABLE_REDO_H
#define SECANT_DURABLE_REDO_H

#include "engine/engine.h"
#include "store/load.h"

struct redo;

/* before: where the inputs were at the snapshot, NULL if there were none; owned by the caller, and
 * used until a journal has begun. */
struct redo *redo_new(struct engine *engine, const struct state_places *before);
void redo_free(struct redo *redo);

/* Takes the batches in their order.  Returns false if nothing more can be done: this is not a
 * batch, or SIGTERM has come (surface_terminated). */
bool redo_batch(struct redo *redo, struct bytes batch);

/* For a batch that is not valid because what followed from it was lost: the bytes of its pipes
 * count as received, but not as processed.  No batch after it is valid. */
void redo_arrivals(struct redo *redo, struct bytes batch);

/* The result. */
struct redo_outcome {
    uint64_t lines;
    int64_t second;      /* the last one */
    uint64_t different;  /* batches after which effects were not the same as at first */
    struct buf problems; /* lines: what could not be read again and the like */
};
const struct redo_outcome *redo_outcome(const struct redo *redo);

/* Where the inputs are now, for inputs_go_on; owned by the redo. */
const struct input_place *redo_places(struct redo *redo, size_t *count);
/* The patterns that --input had in that run, for inputs_knew. */
const struct bytes *redo_patterns(const struct redo *redo, size_t *count);
/* Bytes that have come from a pipe and of which no line was processed. */
struct redo_left {
    struct bytes name, bytes;
    size_t seen; /* how many of the last ones may still be in the FIFO */
};
/* Input by input; returns false after the last. */
bool redo_left(const struct redo *redo, size_t index, struct redo_left *left);

#endif
