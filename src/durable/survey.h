/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What has to be known of a journal before it is done again: which batches hold, and what the
 * effects of the run before have left behind.
 *
 * A batch is in the journal before what files got is on the disk.  So after a power failure a batch
 * holds if it, or a later one, begins with ENTRY_DISK; in the boot in which it was written each
 * does. */
#ifndef SECANT_DURABLE_SURVEY_H
#define SECANT_DURABLE_SURVEY_H

#include "durable/effects.h"

/* All zero at first, but for the effects: durable ones, the caller's. */
struct survey {
    struct effects *effects;
    uint64_t count, safe; /* batches, and those up to the last that begins with ENTRY_DISK */
    struct buf boot;      /* in which they were written; empty: it is not known */
    bool stopped;         /* the machine has, since */
    uint64_t holding;     /* the batches that hold */
    uint64_t at;          /* the one that survey_batch comes to */
    uint64_t *begun;      /* hashes of effects after the last that was counted; owned */
    size_t begun_count, begun_room;
};

/* Twice through all batches in their order: first this, */
void survey_count(struct survey *survey, struct bytes batch);
/* then which hold is known; `boot` is the present one (base/boot_id.h), */
void survey_decide(struct survey *survey, struct bytes boot);
/* and this, which tells the effects of files, and of what waits. */
void survey_batch(struct survey *survey, struct bytes batch);
/* After the redo: the effects know what was begun.  Frees what the survey has. */
void survey_end(struct survey *survey);

#endif
