/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which snapshot a start takes. */
#ifndef SECANT_DURABLE_NEWEST_H
#define SECANT_DURABLE_NEWEST_H

#include "durable/reading.h"

enum state_start {
    STATE_NONE, /* no snapshot, and no journal that anything was added to; problems say what there
                   is all the same, if there is something */
    STATE_FOUND,
    STATE_REFUSED, /* why says it: all are damaged, or one is newer than this Secant */
};
/* The newest snapshot that is sound.  Those after it that are not have a line each in `problems`;
 * what has to be set aside is in `bad`, newest first: snapshots of STATE_FOUND; journals of
 * STATE_NONE, once there is a state. */
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
