/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The folder in which a run keeps its state: generations of a snapshot and a journal each, and a
 * lock.  secant-state(1) describes it.
 *
 *   snapshot.000012      all state at one moment: frames (store/frame.h) of records, closed
 *   journal.000012       what happened after it: a frame for each batch; closed where the journal
 *                        of the next generation goes on
 *   snapshot.000013.new  one that is being written, or was when its writer ended
 *   snapshot.000011.bad  a damaged one that was set aside
 *   imported.json        what the first run begins with, if it does (durable/imported.h)
 *   lock                 held by the process that writes here, whose ID it holds
 *
 * All of them are the owner's alone (0700, 0600).  Functions that may fail append what is wrong to
 * `why`, with the path and, if it has one, the system's reason. */
#ifndef SECANT_DURABLE_FOLDER_H
#define SECANT_DURABLE_FOLDER_H

#include "base/bytes.h"

enum state_file {
    STATE_SNAPSHOT,
    STATE_JOURNAL,
};

/* The version of what the records and batches hold. */
enum { SNAPSHOT_VERSION = 1, JOURNAL_VERSION = 2 };

struct state_folder {
    struct bytes path; /* the folder's own copy */
    int fd, lock;      /* below 0: closed, or not held */
    bool used;         /* somebody has held its lock before */
};

/* Makes the folder if there is none, takes its lock, and removes snapshots that were not finished.
 * One that has files, but none of a state, is refused.  The lock belongs to the process: it is held
 * until state_folder_close or the end of the process, children do not have it, and after a fork
 * into the background it has to be opened there.  On false there is nothing to be closed. */
bool state_folder_open(struct state_folder *folder, struct bytes path, struct buf *why);
/* Somebody has removed it, or its lock: makes another one.  A folder that holds a
 * state is not taken, nor a lock that is held; on false the removed one stays. */
bool state_folder_renew(struct state_folder *folder, struct buf *why);
/* To read, while another process may write: no lock, nothing is made or changed. */
bool state_folder_look(struct state_folder *folder, struct bytes path, struct buf *why);
void state_folder_close(struct state_folder *folder);
/* The process that holds the lock; 0: none.  Of a folder that was opened to read, in a process that
 * has no other: it would lose its own lock. */
int64_t state_folder_holder(const struct state_folder *folder);

/* Which files there are, by generation, the oldest first. */
struct state_generation {
    uint64_t number;
    bool snapshot, journal, unfinished, bad;
};
struct state_generations {
    struct state_generation *items; /* freed with free() */
    size_t count, room;
    uint64_t last; /* greatest number that any file has; 0: there is none */
};
bool state_generations(const struct state_folder *folder, struct state_generations *list,
                       struct buf *why);

/* "FOLDER/snapshot.000012" */
void state_file_path(const struct state_folder *folder, enum state_file kind, uint64_t generation,
                     struct buf *path);

/* Gives a damaged file the name that it has with ".bad" after it. */
bool state_file_set_aside(const struct state_folder *folder, enum state_file kind,
                          uint64_t generation, struct buf *why);
/* Removes what is older than the newest `keep` snapshots; files that were set aside stay. */
bool state_folder_retain(const struct state_folder *folder, size_t keep, struct buf *why);

/* For the files of this room. */

enum { STATE_NAME = 48 };
/* The name in the folder; suffix: "", ".new" or ".bad". */
void state_file_name(char name[STATE_NAME], enum state_file kind, uint64_t generation,
                     const char *suffix);
/* Appends the text of an errno, and who it is that has no permission. */
void state_add_reason(int error, struct buf *why);
/* Appends "FOLDER/NAME: the reason" of errno to why; always false. */
bool state_file_failed(const struct state_folder *folder, const char *name, struct buf *why);
/* Has the disk what names the folder holds? */
bool state_folder_sync(const struct state_folder *folder, struct buf *why);

#endif
