/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What drives a running engine becomes entries (durable/entries.h).
 *
 * It hears of lines and of what else makes rules run as the engine's journal, and of files and
 * pipes from the inputs.  Lines of one input in one second are one entry, and the engine counts
 * them: but for the first, a line costs a comparison. */
#ifndef SECANT_DURABLE_RECORDER_H
#define SECANT_DURABLE_RECORDER_H

#include "engine/engine.h"

struct recorder;

struct recorder_ears {
    void (*turn)(void *arg); /* engine->journal.turn; NULL: nobody waits for that */
    /* Bytes of a pipe have come, and no line of them is handed out; if anything is recorded, they
     * are in the batch. */
    void (*arrived)(void *arg, const struct input *input, struct bytes bytes);
    /* They have been taken out of the FIFO; nothing in the batch says so. */
    void (*taken)(void *arg, const struct input *input);
    /* Is the line of standard input none for rules?  NULL: each is one. */
    bool (*passes)(struct bytes line);
    void *arg;
};

/* Nothing is recorded yet. */
struct recorder *recorder_new(struct engine *engine, const struct recorder_ears *ears);
/* The engine and its inputs tell nobody any more. */
void recorder_free(struct recorder *recorder);
/* From here on, into an empty batch, which begins with where all inputs are. */
void recorder_begin(struct recorder *recorder);
/* No longer: a restart is on its way. */
void recorder_pause(struct recorder *recorder);
/* All entries so far, the recorder's; more may be added at the end, before recorder_clear. */
struct buf *recorder_batch(struct recorder *recorder);
/* Is there anything that recorder_batch would have? */
bool recorder_has(const struct recorder *recorder);
void recorder_clear(struct recorder *recorder);

#endif
