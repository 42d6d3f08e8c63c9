/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which snapshot a start uses. */
#ifndef SECANT_DURABLE_NEWEST_H
#define SECANT_DURABLE_NEWEST_H

#include "durable/reading.h"

enum state_start {
    STATE_NONE, /* no snapshot, and no journal with any batch; if there is anything else, problems
                   say what */
    STATE_FOUND,
    STATE_REFUSED, /* all are damaged, or one is newer than this Secant: see *why */
};
/* The newest sound snapshot.  Each newer one that is not sound has a line in `problems`.  `bad`
 * lists what has to be set aside, newest first: with STATE_FOUND snapshots; with STATE_NONE
 * journals, once there is a state. */
struct state_newest {
    struct state_reading snapshot; /* of STATE_FOUND */
    uint64_t last;                 /* the greatest number in the folder */
    struct buf problems;
    struct state_names bad;
};
enum state_start state_find_newest(struct state_newest *newest, const struct state_folder *folder,
                                   struct buf *why);
void state_newest_free(struct state_newest *newest);

#endif
