/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing snapshots and journals.
 *
 * A new generation N is made in these steps: the journal of N is created, which reserves the
 * number; the previous journal is closed; the snapshot is written and committed, possibly by a
 * forked child while the journal of N already grows; then what is old is removed
 * (state_folder_retain).  Until the snapshot is committed, a start uses an older one and both
 * journals.  The first generation of a folder is the exception: nothing may be added to its
 * journal before its snapshot is committed. */
#ifndef SECANT_DURABLE_WRITING_H
#define SECANT_DURABLE_WRITING_H

#include "durable/folder.h"
#include "store/frame.h"

/* A snapshot appears as a whole or not at all.  The functions may be called in a forked child,
 * which ends with _exit; the lock remains with the parent. */
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
/* Errors, such as a record longer than FRAME_LONGEST - 10 bytes, are reported by the commit.  arg
 * is the struct snapshot_writer, so that this can be the callback of whoever saves. */
void snapshot_put(void *arg, struct bytes record);
/* Returns true if the snapshot is on the disk under its name, false if it is not, or not for
 * certain.  Either way the writer is done. */
bool snapshot_commit(struct snapshot_writer *writer, struct buf *why);
void snapshot_abandon(struct snapshot_writer *writer);
/* To be called first in a forked child: it is killed when its parent ends. */
void snapshot_in_child(void);
/* Removes what a writer that ended without a commit may have left. */
void snapshot_remove_unfinished(const struct state_folder *folder, uint64_t generation);

/* After a failure all further calls fail as well, as a batch would be missing.  The file keeps what
 * it had before. */
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

/* There must be no journal of this generation.  If it returns false, there is nothing to close. */
bool journal_create(struct journal_writer *writer, const struct state_folder *folder,
                    uint64_t generation, struct buf *why);
/* Appends a batch of at most FRAME_LONGEST bytes with one write; it survives this process. */
bool journal_append(struct journal_writer *writer, struct bytes batch, struct buf *why);
/* All batches so far survive a power failure. */
bool journal_sync(struct journal_writer *writer, struct buf *why);
/* Ends the journal; that of the next generation continues.  Either way the writer is done. */
bool journal_close(struct journal_writer *writer, struct buf *why);
/* Removes the journal of a generation that was given up. */
void journal_remove(const struct state_folder *folder, uint64_t generation);
/* Closes the file without writing anything, as the end of the process would. */
void journal_leave(struct journal_writer *writer);

#endif
