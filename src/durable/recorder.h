/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What drives a running engine becomes entries (durable/entries.h).
 *
 * It stands between the engine and its inputs as a feed, hears of what else makes rules run as the
 * engine's journal, and of files and pipes from the inputs.  A line costs a comparison and a count:
 * lines of one input in one second are one entry. */
#ifndef SECANT_DURABLE_RECORDER_H
#define SECANT_DURABLE_RECORDER_H

#include "engine/engine.h"

struct recorder;

/* Is called between two turns of the main loop. */
typedef void recorder_call(void *arg);

struct recorder_ears {
    recorder_call *turn; /* before the next line is asked for; NULL: nobody waits for that */
    recorder_call *idle; /* there is no line now; NULL: the same */
    /* Bytes of a pipe have come, and no line of them is handed out; if anything is recorded, they
     * are in the batch. */
    void (*arrived)(void *arg, const struct input *input, struct bytes bytes);
    /* Is the line of standard input none for rules?  NULL: each is one. */
    bool (*passes)(struct bytes line);
    void *arg;
};

/* Nothing is recorded yet. */
struct recorder *recorder_new(struct engine *engine, const struct recorder_ears *ears);
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
