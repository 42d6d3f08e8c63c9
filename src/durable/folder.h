/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The folder in which a run keeps its state: generations, each a snapshot and a journal, and a
 * lock.  secant-state(1) describes it.
 *
 *   snapshot.000012      all state at one moment: frames (store/frame.h) of records, closed
 *   journal.000012       what happened after it: a frame for each batch; closed if the journal of
 *                        the next generation continues it
 *   snapshot.000013.new  one that is being written, or whose writer ended too early
 *   snapshot.000011.bad  a damaged one that was set aside
 *   imported.json        what the first run begins with, if it does (durable/imported.h)
 *   lock                 locked by the process that writes here; contains its ID
 *
 * Only the owner has access (0700, 0600).  Functions that may fail append what is wrong to `why`,
 * with the path and, if there is one, the system's reason. */
#ifndef SECANT_DURABLE_FOLDER_H
#define SECANT_DURABLE_FOLDER_H

#include "base/bytes.h"

enum state_file {
    STATE_SNAPSHOT,
    STATE_JOURNAL,
};

/* The versions of the contents of records and batches. */
enum { SNAPSHOT_VERSION = 1, JOURNAL_VERSION = 2 };

struct state_folder {
    struct bytes path; /* the folder's own copy */
    int fd, lock;      /* below 0: closed, or not held */
    bool used;         /* somebody has held its lock before */
};

/* Creates the folder if there is none, locks it, and removes unfinished snapshots.  A folder that
 * has files, but none of a state, is refused.  The lock belongs to the process: it is held until
 * state_folder_close or the end of the process, children do not inherit it, and after a fork into
 * the background the folder has to be opened anew.  If it returns false, there is nothing to
 * close. */
bool state_folder_open(struct state_folder *folder, struct bytes path, struct buf *why);
/* Somebody has removed the folder or its lock: creates another one.  Fails if a folder with a state
 * is there by now, or if its lock is held; the old descriptors are kept then. */
bool state_folder_renew(struct state_folder *folder, struct buf *why);
/* Opens the folder for reading, while another process may write to it: without the lock, and
 * without creating or changing anything. */
bool state_folder_look(struct state_folder *folder, struct bytes path, struct buf *why);
void state_folder_close(struct state_folder *folder);
/* The process that holds the lock; 0: none.  Only for a folder opened for reading, in a process
 * that has no other one open: it would lose its own lock. */
int64_t state_folder_holder(const struct state_folder *folder);

/* The files in the folder by generation, oldest first. */
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

/* Appends ".bad" to the name of a damaged file. */
bool state_file_set_aside(const struct state_folder *folder, enum state_file kind,
                          uint64_t generation, struct buf *why);
/* Removes what is older than the newest `keep` snapshots, but not the files that were set aside. */
bool state_folder_retain(const struct state_folder *folder, size_t keep, struct buf *why);

/* For the files of this room. */

enum { STATE_NAME = 48 };
/* The name in the folder; suffix: "", ".new" or ".bad". */
void state_file_name(char name[STATE_NAME], enum state_file kind, uint64_t generation,
                     const char *suffix);
/* Appends the text of an errno, and for a missing permission the user who lacks it. */
void state_add_reason(int error, struct buf *why);
/* Appends "FOLDER/NAME: the reason" of errno to why; always false. */
bool state_file_failed(const struct state_folder *folder, const char *name, struct buf *why);
/* Brings the names in the folder to the disk. */
bool state_folder_sync(const struct state_folder *folder, struct buf *why);

#endif
