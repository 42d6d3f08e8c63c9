/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of a durable run, shared by the files that keep it, and for them only: durable.c,
 * batch.c, generation.c, host.c, recover.c. */
#ifndef SECANT_DURABLE_KEEPING_H
#define SECANT_DURABLE_KEEPING_H

#include "durable/confirm.h"
#include "durable/durable.h"
#include "durable/effects.h"
#include "durable/newest.h"
#include "durable/recorder.h"
#include "durable/writing.h"
#include "store/load.h"

struct durable {
    struct engine *engine;
    struct state_folder folder;
    bool open;                  /* whether the folder is open */
    struct state_newest newest; /* until its state is restored */
    json_t *imported;           /* what a new folder begins with; NULL: nothing */
    char *imported_path;
    bool found;             /* there is a state to continue from */
    bool broken;            /* a part of its journals is lost */
    struct state_names bad; /* files to be set aside once there is another state */

    struct recorder *recorder; /* NULL: before the first generation */
    struct journal_writer journal;
    bool writing;        /* the journal is open */
    bool unsafe;         /* it has batches that a power failure would make invalid (survey.h) */
    bool first;          /* its first batch is still to come */
    uint64_t generation; /* greatest number of one, finished or not */
    int64_t batched;     /* monotonic_ms() of the last batch on the disk */
    int64_t saved;       /* of the last snapshot's beginning */
    int64_t failed;      /* of the last failure; 0: all is well */
    bool catching_up;    /* lines may come that the previous run has already taken */
    int64_t rested;      /* since when nothing of it has come any more; 0: lines still come */
    int64_t untold;      /* seconds for which it wrote after the last thing it recorded */
    uint64_t uses;       /* durable_effects_uses at the last look */
    bool renew;          /* a restart wants a new generation */
    bool begun;          /* a generation of this run is on the disk */
    /* Hash of the message about what cannot be kept; 0: everything can.  Shared with the child that
     * writes a snapshot, so that only one of them logs it. */
    uint64_t *told_lost;

    struct confirm *confirm; /* NULL: --confirm is not given */
    uint64_t unchanged;      /* size of the journal if nothing has happened since its snapshot */
    pid_t child;             /* writes a snapshot; 0: none does */
    uint64_t child_generation;
};

enum {
    SECOND = 1000,       /* milliseconds */
    RETRY = 60 * SECOND, /* from a failure to the next attempt */
};

/* batch.c: writes what has happened to the journal, and with `sync` to the disk. */
void keep_batch(struct durable *durable, bool sync);
/* Records at once, without waiting for a batch, that bytes were taken out of a FIFO. */
void keep_taken(struct durable *durable, const struct input *input);
/* From this call on, also records at once what effects are about to do. */
void keep_hear_effects(struct durable *durable);
/* Something could not be written: logs why, and frees the text. */
void keep_failed(struct durable *durable, struct buf *why);
/* Are we in a child that user code has forked, and that goes on as an engine?  It leaves the state
 * to its parent. */
bool keep_is_forked(struct durable *durable);

/* generation.c: makes a new generation, whose snapshot is on the disk when this returns. */
bool keep_generation(struct durable *durable);
/* The same, while the run goes on: a child writes the snapshot. */
void keep_generation_meanwhile(struct durable *durable);
/* Looks whether the child has ended, and logs what is wrong, if anything. */
void keep_look_at_child(struct durable *durable);
/* Ends the child, if it has not ended by itself. */
void keep_end_child(struct durable *durable);

/* host.c: makes the first generation of a run; everything that happens is recorded from then on,
 * or, if it returns false, from the next attempt on. */
bool keep_begin(struct durable *durable);

/* recover.c: brings the engine to where the previous run was, with its clock held at that second
 * and its inputs open; nothing is recorded yet.  If SIGTERM comes, the engine ends instead
 * (run.ending), and its state must not be kept.  Returns false if this fails, and logs why. */
bool recover(struct durable *durable);
/* Advances the clock to the present. */
void recover_time(struct durable *durable);

#endif
