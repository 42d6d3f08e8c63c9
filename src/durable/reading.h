/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots and journals are read: each file as a whole, and none of it is used before all of its
 * checks were found right. */
#ifndef SECANT_DURABLE_READING_H
#define SECANT_DURABLE_READING_H

#include "base/pack.h"
#include "durable/folder.h"
#include "store/frame.h"

enum state_verdict {
    STATE_SOUND,
    STATE_CUT,        /* of a journal: as after a crash; what comes before is sound */
    STATE_DAMAGED,    /* the same, but it is no crash that has done it */
    STATE_NEWER,      /* of a version that only a later Secant reads */
    STATE_MISSING,    /* there is no such file */
    STATE_IRREGULAR,  /* what has the name is no file: a FIFO, a socket, a folder, a link ... */
    STATE_UNREADABLE, /* `error` is the system's reason */
};

struct state_reading {
    enum state_file kind;
    uint64_t generation, version;
    enum state_verdict verdict;
    int error;
    bool closed;     /* of a journal: the next one goes on */
    uint64_t frames; /* sound ones after the head */
    size_t at;       /* where it is cut or damaged */
    struct buf bytes;
    struct frame_reader reader; /* at the first frame after the head */
};

/* Nothing that is older may stand in for it: it is newer than this Secant, or whoever starts us can
 * make it readable.  (A disk that does not read it has lost it.) */
bool state_forbids_older(const struct state_reading *reading);
/* Reads and judges; the caller's, state_reading_free. */
void state_read_file(struct state_reading *reading, const struct state_folder *folder,
                     enum state_file kind, uint64_t generation);
void state_reading_free(struct state_reading *reading); /* the contents; the verdict stays */
/* The next sound frame of a file; false: there is none. */
bool state_next_frame(struct state_reading *reading, struct bytes *payload);
/* "FOLDER/journal.000012: cut at byte 123" */
void state_reading_tell(const struct state_reading *reading, const struct state_folder *folder,
                        struct buf *text);
/* The same as a line. */
void state_problem(const struct state_reading *reading, const struct state_folder *folder,
                   struct buf *problems);

/* The next record of a snapshot that is sound; `records` is empty at first.  A record is a slice of
 * reading->bytes. */
bool snapshot_next(struct state_reading *reading, struct unpack *records, struct bytes *record);

/* Files by kind and generation: those that have to be set aside. */
struct state_names {
    struct state_name {
        enum state_file kind;
        uint64_t generation;
    } * items; /* freed with free() */
    size_t count, room;
};
void state_names_add(struct state_names *names, enum state_file kind, uint64_t generation);

#endif
