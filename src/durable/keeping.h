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
    bool open;                  /* the folder is */
    struct state_newest newest; /* until it was taken over */
    json_t *imported;           /* what it begins with in a new folder; NULL: with nothing */
    char *imported_path;
    bool found;             /* there is a state to go on with, */
    bool broken;            /* something of its journals is lost, */
    struct state_names bad; /* and these files are to be set aside, once there is another */

    struct recorder *recorder; /* NULL: before the first generation */
    struct journal_writer journal;
    bool writing;        /* the journal is open; */
    bool unsafe;         /* a batch of it does not hold after a power failure yet (survey.h) */
    bool first;          /* its first batch is still to come */
    uint64_t generation; /* greatest number of one, finished or not */
    int64_t batched;     /* monotonic_ms() of the last batch on the disk */
    int64_t saved;       /* of the last snapshot's beginning */
    int64_t failed;      /* of the last failure; 0: all is well */
    bool catching_up;    /* lines may come that the last run has taken, */
    int64_t rested;      /* since there was no line, or one that it has; 0: there was always one */
    int64_t untold;      /* seconds for which it went on after what it told of last */
    uint64_t uses;       /* of what it wrote, as of the last look */
    bool renew;          /* a restart wants a new generation */
    bool begun;          /* a generation of this run is on the disk */
    /* The hash of what was said that cannot be kept, 0: all can.  The child that writes a snapshot
     * says it, too: both have it. */
    uint64_t *told_lost;

    struct confirm *confirm; /* NULL: --confirm is not given */
    uint64_t unchanged; /* bytes of the journal while nothing has happened since its snapshot */
    pid_t child;        /* writes a snapshot; 0: none does */
    uint64_t child_generation;
};

enum {
    SECOND = 1000,       /* milliseconds */
    RETRY = 60 * SECOND, /* from a failure to the next attempt */
};

/* batch.c: what has happened is in the journal, and with `sync` on the disk. */
void keep_batch(struct durable *durable, bool sync);
/* What cannot wait for a batch is in the journal at once: that bytes of a FIFO are taken, */
void keep_taken(struct durable *durable, const struct input *input);
/* and, from this call on, what effects are about to do. */
void keep_hear_effects(struct durable *durable);
/* Something could not be written: says so, and empties the text. */
void keep_failed(struct durable *durable, struct buf *why);
/* User code has forked, and its child goes on as an engine: the state is its parent's. */
bool keep_is_forked(struct durable *durable);

/* generation.c: a new generation, and its snapshot is on the disk when this returns. */
bool keep_generation(struct durable *durable);
/* The same, while the run goes on: a child writes the snapshot. */
void keep_generation_meanwhile(struct durable *durable);
/* Has the child ended?  Says what is wrong, if anything. */
void keep_look_at_child(struct durable *durable);
/* It is none any more, whether it has ended or not. */
void keep_end_child(struct durable *durable);

/* host.c: the first generation of a run; all that happens is recorded from then on, or, on false,
 * from the next attempt on. */
bool keep_begin(struct durable *durable);

/* recover.c: the engine is where the last run was, its clock is held at that second, its inputs are
 * open; nothing is recorded yet.  Or SIGTERM has come, and the engine ends (run.ending), its state
 * not to be kept.  false: it cannot be, and the log says why. */
bool recover(struct durable *durable);
/* Time goes on to the present. */
void recover_time(struct durable *durable);

#endif
