/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What has to be known of a journal before it is done again: which batches are valid, and what
 * the effects of the previous run have left behind.
 *
 * A batch is in the journal before the text that it wrote to files is on the disk.  So after a
 * power failure a batch is valid only if it, or a later one, begins with ENTRY_DISK; as long as
 * the machine has not been started anew, all are valid. */
#ifndef SECANT_DURABLE_SURVEY_H
#define SECANT_DURABLE_SURVEY_H

#include "durable/effects.h"

/* All zero at first, except the effects, which are durable ones of the caller. */
struct survey {
    struct effects *effects;
    uint64_t count, safe; /* batches, and those up to the last that begins with ENTRY_DISK */
    struct buf boot;      /* in which they were written; empty: it is not known */
    bool stopped;         /* the machine has stopped since */
    uint64_t holding;     /* how many batches are valid */
    uint64_t at;          /* the number of the next batch for survey_batch */
    uint64_t *begun;      /* hashes of effects after the last that was counted; owned */
    size_t begun_count, begun_room;
};

/* All batches are read twice, in their order: first by this, */
void survey_count(struct survey *survey, struct bytes batch);
/* then it is decided which are valid, given the present boot ID (base/boot_id.h), */
void survey_decide(struct survey *survey, struct bytes boot);
/* and then by this, which passes files, and what waits, on to the effects. */
void survey_batch(struct survey *survey, struct bytes batch);
/* After the redo: passes on which effects were begun, and frees what the survey owns. */
void survey_end(struct survey *survey);

#endif
