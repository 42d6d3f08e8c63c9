/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What has to be known of a journal before it is done again: what the effects of the run before
 * have left behind. */
#ifndef SECANT_DURABLE_SURVEY_H
#define SECANT_DURABLE_SURVEY_H

#include "durable/effects.h"

/* All zero at first. */
struct survey {
    struct effects *effects; /* durable ones, set by the caller: they are told of files at once */
    uint64_t *begun;         /* hashes of effects after the last that was counted; owned */
    size_t count, room;
};

/* Batches in their order. */
void survey_batch(struct survey *survey, struct bytes batch);
/* After the redo: the effects know what was begun.  Frees what the survey has. */
void survey_end(struct survey *survey);

#endif
