/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading snapshots and journals: each file is read as a whole, and nothing of it is used before
 * all its checks are found right. */
#ifndef SECANT_DURABLE_READING_H
#define SECANT_DURABLE_READING_H

#include "base/pack.h"
#include "durable/folder.h"
#include "store/frame.h"

enum state_verdict {
    STATE_SOUND,
    STATE_CUT,        /* of a journal: as after a crash; what comes before is sound */
    STATE_DAMAGED,    /* the same, but no crash leaves it so */
    STATE_NEWER,      /* of a version that only a later Secant reads */
    STATE_MISSING,    /* there is no such file */
    STATE_IRREGULAR,  /* not a regular file, but a FIFO, a socket, a folder, a link ... */
    STATE_UNREADABLE, /* `error` is the system's reason */
};

struct state_reading {
    enum state_file kind;
    uint64_t generation, version;
    enum state_verdict verdict;
    int error;
    bool closed;     /* of a journal: the next one continues it */
    uint64_t frames; /* sound ones after the head */
    size_t at;       /* where it is cut or damaged */
    struct buf bytes;
    struct frame_reader reader; /* at the first frame after the head */
};

/* May nothing older be taken instead?  So it is if the file is newer than this Secant, or if
 * whoever starts the program can make it readable.  (What a failing disk cannot read is lost.) */
bool state_forbids_older(const struct state_reading *reading);
/* Reads and judges a file.  The caller frees the result with state_reading_free. */
void state_read_file(struct state_reading *reading, const struct state_folder *folder,
                     enum state_file kind, uint64_t generation);
void state_reading_free(struct state_reading *reading); /* the contents; the verdict stays */
/* The next sound frame of a file; returns false if there is none. */
bool state_next_frame(struct state_reading *reading, struct bytes *payload);
/* "FOLDER/journal.000012: cut at byte 123" */
void state_reading_tell(const struct state_reading *reading, const struct state_folder *folder,
                        struct buf *text);
/* Appends the same as a line. */
void state_problem(const struct state_reading *reading, const struct state_folder *folder,
                   struct buf *problems);

/* The next record of a sound snapshot; `records` must be empty at first.  The record points into
 * reading->bytes. */
bool snapshot_next(struct state_reading *reading, struct unpack *records, struct bytes *record);

/* Files that have to be set aside, by kind and generation. */
struct state_names {
    struct state_name {
        enum state_file kind;
        uint64_t generation;
    } * items; /* freed with free() */
    size_t count, room;
};
void state_names_add(struct state_names *names, enum state_file kind, uint64_t generation);

#endif
