/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a journal says is done again.
 *
 * The engine has the state of the journal's snapshot, its inputs are names only, its clock is held,
 * its effects are durable_effects.  Lines are read again from the files that they were in; bytes of
 * pipes are in the journal. */
#ifndef SECANT_DURABLE_REDO_H
#define SECANT_DURABLE_REDO_H

#include "engine/engine.h"
#include "store/load.h"

struct redo;

/* Where inputs were at the snapshot, the caller's: it counts until a journal has begun; NULL: there
 * were none. */
struct redo *redo_new(struct engine *engine, const struct state_places *before);
void redo_free(struct redo *redo);

/* Batches in their order.  false: nothing more can be done, as this one is none, or as SIGTERM has
 * come (surface_terminated). */
bool redo_batch(struct redo *redo, struct bytes batch);

/* Of a batch that does not hold, as what followed from it was lost: bytes of pipes count as come,
 * and not as processed.  After that no batch holds. */
void redo_arrivals(struct redo *redo, struct bytes batch);

/* What came of it. */
struct redo_outcome {
    uint64_t lines;
    int64_t second;      /* the last one */
    uint64_t different;  /* batches after which effects were not the same as at first */
    struct buf problems; /* lines: what could not be read again and the like */
};
const struct redo_outcome *redo_outcome(const struct redo *redo);

/* Where inputs are now: for inputs_go_on; the redo's, to its end. */
const struct input_place *redo_places(struct redo *redo, size_t *count);
/* The patterns of --input then, for inputs_knew. */
const struct bytes *redo_patterns(const struct redo *redo, size_t *count);
/* Bytes of a pipe that have come, and of which no line was processed. */
struct redo_left {
    struct bytes name, bytes;
    size_t seen; /* the last so many may be in the FIFO still */
};
/* Input after input. */
bool redo_left(const struct redo *redo, size_t index, struct redo_left *left);

#endif
