/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Logs that somebody goes through line by line: which files they are, what form their times have,
 * and their lines in the order of time. */
#ifndef SECANT_REPLAY_LOGS_H
#define SECANT_REPLAY_LOGS_H

#include "replay/merge.h"

struct logs {
    struct file_sets sets;
    struct replay_input *inputs; /* one for each set */
    struct merge merge;
    struct bytes line; /* at hand, until the next one is read; */
    bool any;          /* if there is one */
    bool complained;   /* inputs have */
};

/* The files that the patterns name (replay/sets.h); there may be none.  false: the times of some
 * cannot be understood, or one is a device, and no line can be read.  A file ends before a line of
 * more than 16 MB, and is complained of.  The options are the caller's
 * and outlive it. */
bool logs_open(struct logs *logs, const struct bytes *patterns, size_t count,
               const struct line_options *options, bool *with_contexts);
/* After that, if there are files: the next line, at first the first one. */
void logs_next(struct logs *logs);
/* Of the line at hand: its source and its time. */
static inline struct replay_input *logs_input(const struct logs *logs)
{
    return merge_input(&logs->merge);
}
/* Says on standard error what inputs have to complain of since the last call; true: there was
 * something, now or before. */
bool logs_complain(struct logs *logs);

#endif
