/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inputs of a run that is done again.
 *
 * Each is a stream of bytes, of which a journal says where they are: parts of it are files, which
 * are read again; the bytes of others, of pipes, are in the journal. */
#ifndef SECANT_DURABLE_STREAMS_H
#define SECANT_DURABLE_STREAMS_H

#include "base/arena.h"
#include "durable/redo.h"
#include "io/past.h"

/* From here on, the bytes of a stream come from this. */
struct stream_part {
    uint64_t from; /* bytes of the stream before it */
    bool pipe;
    struct input_place place;
};

struct redo_stream {
    uint64_t number;
    struct input_place place;  /* where it is; its texts are in the arena */
    uint64_t at;               /* bytes of it that were processed; */
    struct stream_part *parts; /* from the present one on; owned */
    size_t count, room;
    struct past *past; /* the present part, opened; NULL: not yet */
    struct buf bytes;  /* of a pipe, that have come */
    size_t taken;      /* so many of them were processed */
    size_t seen;       /* the last so many may be in the FIFO still */
    bool broken;       /* it cannot be read again: that is told once */
    bool replaced;     /* it was dropped, and a later stream is the input of its name */
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

/* NULL: no entry has told of it. */
struct redo_stream *redo_streams_find(const struct redo_streams *streams, uint64_t number);
/* Where there is one of that number, it begins anew. */
void redo_streams_begin(struct redo_streams *streams, uint64_t number,
                        const struct input_place *place);
/* redo_left */
bool redo_streams_left(const struct redo_streams *streams, size_t index, struct redo_left *left);

/* After so many bytes comes the file at the place; NULL: what comes of a pipe. */
void redo_stream_add_part(struct redo_stream *stream, uint64_t from,
                          const struct input_place *place);
/* The next bytes, at most *size, which becomes how many; until the next call.  There must be a
 * part.  false: they cannot be read again, which the problems say; they are passed over. */
bool redo_stream_read(struct redo_streams *streams, struct redo_stream *stream, uint64_t *size,
                      struct bytes *bytes);
/* A journal begins with what of a pipe has come and was not processed then, after so many bytes: it
 * comes again. */
void redo_stream_forget_arrivals(struct redo_stream *stream, uint64_t from);
/* Where it is now, as of this second; but for how many lines its input has had. */
struct input_place redo_stream_place(struct redo_stream *stream, int64_t second);

#endif
