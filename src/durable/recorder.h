/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records what drives a running engine as entries (durable/entries.h).
 *
 * The recorder is the engine's journal, from which it learns of lines and of everything else that
 * makes rules run; it learns of files and pipes from the inputs.  The lines of one input in one
 * second make one entry, and the engine counts them: each line after the first costs a
 * comparison. */
#ifndef SECANT_DURABLE_RECORDER_H
#define SECANT_DURABLE_RECORDER_H

#include "engine/engine.h"

struct recorder;

struct recorder_ears {
    void (*turn)(void *arg); /* engine->journal.turn; NULL: nobody waits for that */
    /* Bytes of a pipe have come, and no line of them has been handed out yet.  They are in the
     * batch, if anything is recorded. */
    void (*arrived)(void *arg, const struct input *input, struct bytes bytes);
    /* They have been taken out of the FIFO, which is not in the batch. */
    void (*taken)(void *arg, const struct input *input);
    /* Is this line of standard input hidden from rules?  NULL: none is. */
    bool (*passes)(struct bytes line);
    void *arg;
};

/* Makes a recorder that does not record yet. */
struct recorder *recorder_new(struct engine *engine, const struct recorder_ears *ears);
/* The engine and its inputs have no journal any more. */
void recorder_free(struct recorder *recorder);
/* Starts recording, into an empty batch that begins with the positions of all inputs. */
void recorder_begin(struct recorder *recorder);
/* Stops recording, for a restart. */
void recorder_pause(struct recorder *recorder);
/* All entries so far; owned by the recorder.  The caller may append more before recorder_clear. */
struct buf *recorder_batch(struct recorder *recorder);
/* Would recorder_batch return any entries? */
bool recorder_has(const struct recorder *recorder);
void recorder_clear(struct recorder *recorder);

#endif
