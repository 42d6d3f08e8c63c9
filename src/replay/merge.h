/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A feed of several inputs, whose lines come in the order of their times.
 *
 * Lines of one input keep their order; a line that is earlier than one before it comes with that
 * one.  Lines of the same moment come in the order of the inputs' names.  Memory is that of a block
 * for each input, and of the lines that it holds.
 */
#ifndef SECANT_REPLAY_MERGE_H
#define SECANT_REPLAY_MERGE_H

#include "replay/input.h"

struct merge {
    struct feed feed;            /* first */
    struct replay_input *inputs; /* the caller's */
    struct replay_input **heap;  /* owned; inputs with a line at hand, the next one first */
    size_t count;
    bool given; /* the first one's line has been handed out */
};

/* Reads the first line of each; the inputs must have been surveyed, and stay where they are: those
 * of the same moment come as they are in the array. */
void merge_start(struct merge *merge, struct replay_input *inputs, size_t count);
void merge_free(struct merge *merge);
/* The input of the line that was handed out last; there must have been one. */
static inline struct replay_input *merge_input(const struct merge *merge)
{
    return merge->heap[0];
}

#endif
