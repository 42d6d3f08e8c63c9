/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inputs of a run that is done again.
 *
 * Each is a stream of bytes, and the journal says where they are: some parts of a stream are files,
 * which are read again; other parts came from pipes, and their bytes are in the journal itself. */
#ifndef SECANT_DURABLE_STREAMS_H
#define SECANT_DURABLE_STREAMS_H

#include "base/arena.h"
#include "durable/redo.h"
#include "io/past.h"

/* A part of a stream. */
struct stream_part {
    uint64_t from; /* bytes of the stream before it */
    bool pipe;
    struct input_place place;
};

struct redo_stream {
    uint64_t number;
    struct input_place place;  /* where it is; its texts are in the arena */
    uint64_t at;               /* bytes of it that were processed */
    struct stream_part *parts; /* the present one and all after it; owned */
    size_t count, room;
    struct past *past; /* the present part, opened; NULL: not yet */
    struct buf bytes;  /* that have come from a pipe */
    size_t taken;      /* how many of them were processed */
    size_t seen;       /* how many of the last ones may still be in the FIFO */
    bool broken;       /* it cannot be read again, which is reported once */
    bool replaced;     /* it was dropped, and a later stream is the input of this name */
};

struct redo_streams {
    struct arena arena;         /* texts, also the caller's */
    struct redo_stream **items; /* in the order of their numbers; owned */
    size_t count, room;
    struct buf *problems; /* the caller's: lines */
};

void redo_streams_init(struct redo_streams *streams, struct buf *problems);
void redo_streams_free(struct redo_streams *streams);
void redo_streams_clear(struct redo_streams *streams);

/* Returns NULL if no entry has told of it. */
struct redo_stream *redo_streams_find(const struct redo_streams *streams, uint64_t number);
/* Begins a stream of this number; if there is one already, it begins anew. */
void redo_streams_begin(struct redo_streams *streams, uint64_t number,
                        const struct input_place *place);
/* As redo_left. */
bool redo_streams_left(const struct redo_streams *streams, size_t index, struct redo_left *left);

/* After so many bytes the stream continues with the file at this place; NULL: with a pipe. */
void redo_stream_add_part(struct redo_stream *stream, uint64_t from,
                          const struct input_place *place);
/* The next bytes, at most *size, which is set to their number; valid until the next call.  The
 * stream must have a part.  Returns false if they cannot be read again: problems say so, and they
 * are skipped. */
bool redo_stream_read(struct redo_streams *streams, struct redo_stream *stream, uint64_t *size,
                      struct bytes *bytes);
/* A journal begins by repeating the bytes of a pipe that had come, but were not processed yet,
 * after so many bytes of the stream: drops the earlier copy. */
void redo_stream_forget_arrivals(struct redo_stream *stream, uint64_t from);
/* Its present place, as of this second, without the number of lines. */
struct input_place redo_stream_place(struct redo_stream *stream, int64_t second);

#endif
