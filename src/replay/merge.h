/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A feed of several inputs, whose lines come in the order of their times.
 *
 * Lines of one input keep their order: a line that is earlier than the line before it comes
 * together with that one.  Lines of the same moment come in the order of the inputs' names.  Each
 * input takes the memory of a block, and of the lines that it holds back.
 */
#ifndef SECANT_REPLAY_MERGE_H
#define SECANT_REPLAY_MERGE_H

#include "replay/input.h"

struct merge {
    struct feed feed;            /* must be first */
    struct replay_input *inputs; /* owned by the caller */
    struct replay_input **heap;  /* owned; inputs with a current line, the next one first */
    size_t count;
    bool given; /* the line of the first one has been handed out */
};

/* Reads the first line of each input.  The inputs must have been surveyed and must not be moved:
 * lines of the same moment come in the order of this array. */
void merge_start(struct merge *merge, struct replay_input *inputs, size_t count);
void merge_free(struct merge *merge);
/* The input of the line that was handed out last.  A line must have been handed out. */
static inline struct replay_input *merge_input(const struct merge *merge)
{
    return merge->heap[0];
}

#endif
