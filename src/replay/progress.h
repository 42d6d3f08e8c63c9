/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows the progress of a replay in one line on standard error, if that is a terminal: first after
 * half a second, and then at most four times a second. */
#ifndef SECANT_REPLAY_PROGRESS_H
#define SECANT_REPLAY_PROGRESS_H

#include "replay/input.h"

struct progress {
    bool on, shown;
    const struct replay_input *inputs; /* owned by the caller */
    size_t count;
    uint64_t size;      /* bytes of all files; 0: one of them has no size */
    int64_t begun, due; /* milliseconds */
};

/* For callers that show progress themselves: the bytes of all files, or 0 if one of them, such as a
 * pipe, has no size; and how many of them have been read. */
uint64_t progress_size(const struct replay_input *inputs, size_t count);
uint64_t progress_taken(const struct replay_input *inputs, size_t count);

void progress_start(struct progress *progress, const struct replay_input *inputs, size_t count,
                    bool quiet);
/* Updates the line if it is time.  second: of the engine's clock; 0: not started yet. */
void progress_look(struct progress *progress, uint64_t lines, uint64_t effects, int64_t second);
/* Erases the line, so that something else can be shown. */
void progress_hide(struct progress *progress);

#endif
