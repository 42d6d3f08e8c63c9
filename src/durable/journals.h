/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The batches of journals, one journal after the other as long as each is closed. */
#ifndef SECANT_DURABLE_JOURNALS_H
#define SECANT_DURABLE_JOURNALS_H

#include "durable/reading.h"

struct journals {
    const struct state_folder *folder;
    struct state_reading reading; /* the journal of the batch that came last */
    uint64_t last;                /* the greatest number in the folder */
    bool ended;
    bool stopped; /* the caller's: the machine has, and what was last need not be on the disk */
    bool broken;  /* they end otherwise than a crash ends them: something is lost */
    struct buf problems;    /* lines: what is damaged, missing, or cannot be reached */
    struct state_names bad; /* what has to be set aside once there is another state */
};
/* From generation `from` on, to `last`. */
void journals_begin(struct journals *journals, const struct state_folder *folder, uint64_t from,
                    uint64_t last);
/* false: there are no more; problems says what was not right.  When the verdict on the last one is
 * STATE_NEWER a start has to be refused. */
bool journals_next(struct journals *journals, struct bytes *batch);
/* The batch that came last is not what one can be: nothing from it on counts, for this reason. */
void journals_refuse(struct journals *journals, struct bytes why);
void journals_free(struct journals *journals);

#endif
