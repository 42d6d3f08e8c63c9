/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots and journals are written.
 *
 * A new generation N goes like this: the journal of N is made, which keeps the number from all
 * others; the journal before it is closed; then, or in a forked child while the journal of N grows
 * already, the snapshot is written and committed; then what is old is removed
 * (state_folder_retain).  Until the snapshot is committed a start takes an older one and both
 * journals.  The first generation of a folder is the exception: nothing may be added to its journal
 * before its snapshot is committed. */
#ifndef SECANT_DURABLE_WRITING_H
#define SECANT_DURABLE_WRITING_H

#include "durable/folder.h"
#include "store/frame.h"

/* It appears as a whole, or not at all.  Its functions may be called in a forked child, which ends
 * with _exit; the lock stays the parent's. */
struct snapshot_writer {
    const struct state_folder *folder;
    uint64_t generation;
    int fd;
    struct frame_writer frames;
    struct buf records, out;
    uint64_t size; /* bytes that were written */
    int error;     /* errno of the first failure */
};

bool snapshot_begin(struct snapshot_writer *writer, const struct state_folder *folder,
                    uint64_t generation, struct buf *why);
/* A longer record than FRAME_LONGEST - 10 bytes, or what else fails, is told by the commit.  arg is
 * the struct snapshot_writer: this is a callback of what saves. */
void snapshot_put(void *arg, struct bytes record);
/* true: it is on the disk, under its name.  false: it is not, or not for certain.  Either way the
 * writer is done. */
bool snapshot_commit(struct snapshot_writer *writer, struct buf *why);
void snapshot_abandon(struct snapshot_writer *writer);
/* In a forked child, first of all: the child is killed when its parent ends. */
void snapshot_in_child(void);
/* Removes what a writer that has ended without a commit has left, if it has. */
void snapshot_remove_unfinished(const struct state_folder *folder, uint64_t generation);

/* Once something has failed, the rest fails, too: a batch would be missing.  The file keeps what it
 * had before. */
struct journal_writer {
    const struct state_folder *folder;
    uint64_t generation;
    int fd; /* below 0: none */
    struct frame_writer frames;
    struct buf out;
    uint64_t size;   /* bytes of the file */
    uint64_t hinted; /* of them the kernel was told to write */
    bool dirty;      /* some are not on the disk yet */
    int error;       /* errno of the failure */
};

/* There must be no journal of this generation.  On false there is nothing to be closed. */
bool journal_create(struct journal_writer *writer, const struct state_folder *folder,
                    uint64_t generation, struct buf *why);
/* One batch of at most FRAME_LONGEST bytes: a write.  It survives this process. */
bool journal_append(struct journal_writer *writer, struct bytes batch, struct buf *why);
/* All batches survive the machine. */
bool journal_sync(struct journal_writer *writer, struct buf *why);
/* The journal of the next generation goes on.  Either way the writer is done. */
bool journal_close(struct journal_writer *writer, struct buf *why);
/* Of a generation that came to nothing. */
void journal_remove(const struct state_folder *folder, uint64_t generation);
/* It ends here, as with the process; nothing is written. */
void journal_leave(struct journal_writer *writer);

#endif
