/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The batches of several journals, one journal after the other, as long as each was closed. */
#ifndef SECANT_DURABLE_JOURNALS_H
#define SECANT_DURABLE_JOURNALS_H

#include "durable/reading.h"

struct journals {
    const struct state_folder *folder;
    struct state_reading reading; /* the journal of the batch that came last */
    uint64_t last;                /* the greatest number in the folder */
    bool ended;
    bool stopped; /* set by the caller: the machine has stopped, the end need not be on the disk */
    bool broken;  /* the end is not what a crash leaves: something is lost */
    struct buf problems;    /* lines: what is damaged, missing, or cannot be reached */
    struct state_names bad; /* what has to be set aside once there is another state */
};
/* Reads the generations `from` to `last`. */
void journals_begin(struct journals *journals, const struct state_folder *folder, uint64_t from,
                    uint64_t last);
/* Returns false at the end; problems then says what was wrong.  If the verdict on the last
 * journal is STATE_NEWER, the start has to be refused. */
bool journals_next(struct journals *journals, struct bytes *batch);
/* Rejects the batch that came last, for this reason: it and all after it do not count. */
void journals_refuse(struct journals *journals, struct bytes why);
void journals_free(struct journals *journals);

#endif
