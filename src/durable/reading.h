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

/* What a start takes. */
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

/* The batches of journals, one journal after the other as long as each is closed. */
struct journals {
    const struct state_folder *folder;
    struct state_reading reading; /* the journal of the batch that came last */
    uint64_t last;                /* the greatest number in the folder */
    bool ended;
    bool stopped; /* the caller's: the machine has, and what was last need not be on the disk */
    bool broken;  /* they end otherwise than a crash ends them: something is lost */
    struct buf problems;    /* lines: what is damaged, missing, or cannot be reached */
    struct state_names bad; /* what has to be set aside once there is another state */
};
/* From generation `from` on, to `last`. */
void journals_begin(struct journals *journals, const struct state_folder *folder, uint64_t from,
                    uint64_t last);
/* false: there are no more; problems says what was not right.  When the verdict on the last one is
 * STATE_NEWER a start has to be refused. */
bool journals_next(struct journals *journals, struct bytes *batch);
/* The batch that came last is not what one can be: nothing from it on counts, for this reason. */
void journals_refuse(struct journals *journals, struct bytes why);
void journals_free(struct journals *journals);

#endif
