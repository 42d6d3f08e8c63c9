/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes in frames, so that a reader can tell whether they are what was written: the files of a
 * state.
 *
 * A frame is 16 bytes and its payload: the length of the payload (32 bits; the highest one is set
 * in the closing frame), a check of that length (32 bits), a check of the payload (64 bits), lowest
 * byte first.  Checks are XXH3 hashes with a seed made of the file's generation and the frame's
 * number, so that a frame is only sound in its own place; the check of a length is the lower half
 * of the hash of its four bytes.
 *
 * The first frame of a file, number 0, says what the file is, in three fields (base/pack.h): a text
 * that names it, and as numbers the version of what follows and the generation; its own seed is 0.
 * This stays so in all versions.  The closing frame holds the number of frames between the first
 * and itself (base/pack.h); a file that has one is complete.  secant-state(1) describes the files.
 */
#ifndef SECANT_STORE_FRAME_H
#define SECANT_STORE_FRAME_H

#include "base/bytes.h"

#define FRAME_LONGEST ((size_t)INT32_MAX) /* bytes of a payload */

struct frame_head {
    struct bytes what;
    uint64_t version, generation;
};

struct frame_writer {
    uint64_t generation, number; /* of the next frame */
};

/* Each appends to `out`.  The head comes first, then the payloads, then the closing frame. */
void frame_begin(struct frame_writer *writer, const struct frame_head *head, struct buf *out);
void frame_put(struct frame_writer *writer, struct bytes payload, struct buf *out);
void frame_close(struct frame_writer *writer, struct buf *out);

enum frame_found {
    FRAME_HAS,
    FRAME_END, /* all frames were sound */
    /* The file ends within the frame, or its tail has never reached the disk: from the beginning
     * of a disk block on, there are only zeros. */
    FRAME_CUT,
    FRAME_DAMAGED,
};

struct frame_reader {
    struct bytes file; /* the caller's; payloads are slices of it */
    size_t at;         /* offset of the next frame, or of the one that is cut or damaged */
    uint64_t generation, number;
    bool closed; /* the closing frame was read */
};

/* Reads the head, which comes first.  FRAME_HAS: it is sound; the caller has to judge what it
 * says. */
enum frame_found frame_open(struct frame_reader *reader, struct bytes file,
                            struct frame_head *head);
/* After FRAME_END, FRAME_CUT and FRAME_DAMAGED the answer stays the same. */
enum frame_found frame_next(struct frame_reader *reader, struct bytes *payload);
/* To be called after FRAME_DAMAGED: goes to the next sound frame that is the closing one, or whose
 * payload begins with this byte.  Returns false if none is found with reasonable effort. */
bool frame_find(struct frame_reader *reader, char begin);

#endif
