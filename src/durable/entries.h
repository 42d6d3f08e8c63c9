/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entries of a journal: what has driven an engine since its snapshot, in order, so that it
 * can be done again.
 *
 * A batch is a sequence of entries: a byte for the kind, then the members as base/pack.h packs
 * them, in the order of entry_pack.  Inputs are numbered from 1; ENTRY_INPUT assigns the
 * numbers.  An input is one stream of bytes, and lines are recorded as a number of these bytes:
 * ENTRY_FILE and ENTRY_PIPE say where the bytes of the stream are.  secant-state(1) describes the
 * whole format. */
#ifndef SECANT_DURABLE_ENTRIES_H
#define SECANT_DURABLE_ENTRIES_H

#include "base/pack.h"
#include "durable/effects.h"
#include "io/place.h"

enum entry_kind {
    ENTRY_BEGIN = 'J',    /* the first one of a journal: inputs are told anew */
    ENTRY_SECOND = 'S',   /* the clock shows `second` */
    ENTRY_DISK = 'D',     /* the first of a batch: what was written to files up to its end is on the
                             disk, so that the batch holds after a power failure as well */
    ENTRY_BOOT = 'M',     /* text: the boot ID of the machine that writes this journal */
    ENTRY_PATTERN = 'G',  /* text: one that --input has, without its context */
    ENTRY_INPUT = 'I',    /* number: the input of that name begins as a stream */
    ENTRY_FILE = 'F',     /* number, bytes: after so many of the stream comes the file at `place` */
    ENTRY_PIPE = 'P',     /* number, bytes: after so many come those of ENTRY_BYTES */
    ENTRY_BYTES = 'B',    /* number, text: of a pipe, they have come */
    ENTRY_TAKEN = 'T',    /* number: and have been taken out of the FIFO */
    ENTRY_LINES = 'L',    /* number, count, bytes: so many lines were processed, of so many bytes */
    ENTRY_PASSED = 'K',   /* number, bytes: so many were no lines for rules */
    ENTRY_EVENTS = 'E',   /* count: so many of the events that wait were processed */
    ENTRY_CLEAN_UP = 'C', /* what was due was done */
    ENTRY_AWAY = 'Y',     /* the same in the time in which nobody was there: not Calendar rules */
    ENTRY_INTERNAL = 'N', /* text: an internal event was processed */
    ENTRY_OUTPUT = 'O',   /* text, context: of a child, it became an event */
    ENTRY_SCRIPT = 'Z', /* number: the effect that started it; count: the exit code it ended with */
    ENTRY_WRITTEN = 'W', /* file: of outputs, so far it was written */
    ENTRY_EFFECTS = 'X', /* sum: the effects of all before */
    ENTRY_FEED =
        'H', /* number: the effect waits: text is the input of a command, `target` or words */
    ENTRY_SEND = 'U',  /* number: the effect waits: text is for `target`; count: the socket_kind */
    ENTRY_LEFT = 'V',  /* number: it waits no longer */
    ENTRY_BEGUN = 'A', /* sum: the effect of this number and hash was about to happen; it is none
                             of those that the last ENTRY_EFFECTS has counted */
};

struct entry {
    enum entry_kind kind;
    int64_t second;
    uint64_t number, count, bytes;
    struct bytes text, context, target;
    struct bytes *words; /* of FEED, where they are one; freed by entry_release if it was read */
    size_t word_count;
    struct input_place place; /* of FILE: with its marks; of INPUT: name, context, pattern */
    struct durable_sum sum;
    struct durable_file file;
    struct durable_range *ranges; /* file.left as it was read; entry_release frees them */
};

void entry_pack(struct buf *out, const struct entry *entry);
/* Returns false at the end, or if what follows is not an entry (from->failed is then set).  The
 * texts point into the input; entry_release frees everything else. */
bool entry_unpack(struct unpack *from, struct entry *entry);
void entry_release(struct entry *entry);
/* Its name for people who read journals, such as "lines". */
const char *entry_name(enum entry_kind kind);

#endif
