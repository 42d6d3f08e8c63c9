/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a replay is, in one line of the terminal that standard error is; nothing otherwise.  It
 * is shown once half a second has passed, and at most four times a second after that. */
#ifndef SECANT_REPLAY_PROGRESS_H
#define SECANT_REPLAY_PROGRESS_H

#include "replay/input.h"

struct progress {
    bool on, shown;
    const struct replay_input *inputs; /* the caller's */
    size_t count;
    uint64_t size;      /* bytes of all files; 0: one of them has no size */
    int64_t begun, due; /* milliseconds */
};

/* For those that show more: bytes of all files, 0 if one of them is a pipe or such and has no size;
 * and what of them was read. */
uint64_t progress_size(const struct replay_input *inputs, size_t count);
uint64_t progress_taken(const struct replay_input *inputs, size_t count);

void progress_start(struct progress *progress, const struct replay_input *inputs, size_t count,
                    bool quiet);
/* second: of the engine's clock; 0: it has not begun. */
void progress_look(struct progress *progress, uint64_t lines, uint64_t effects, int64_t second);
/* Takes the line away: something else is to be shown. */
void progress_hide(struct progress *progress);

#endif
