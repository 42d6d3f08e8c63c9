/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A snapshot that is looked at, thing by thing. */
#ifndef SECANT_INSPECT_SNAPSHOT_H
#define SECANT_INSPECT_SNAPSHOT_H

#include "durable/newest.h"
#include "inspect/things.h"

struct snapshot {
    struct state_folder folder;
    struct state_newest newest; /* its snapshot is the one */
    struct unpack records;
    struct things things;
    uint64_t record; /* number of the one under way, from 1 on */
};

/* generation: 0: the newest that is sound.  false: there is none, *why says why, and nothing has to
 * be closed. */
bool snapshot_look(struct snapshot *snapshot, struct bytes path, uint64_t generation,
                   struct buf *why);
void snapshot_close(struct snapshot *snapshot);
/* Batches of journals that a start does again after it: what they lead to is not in it.  The first
 * one of a journal says where inputs are, and does not count. */
uint64_t snapshot_batches_after(const struct snapshot *snapshot);
/* false: that was all, or *why says what it is not. */
bool snapshot_thing(struct snapshot *snapshot, struct saved_thing *thing, struct buf *why);

#endif
