/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Logs to be read line by line: finds their files and the form of their times, and hands out their
 * lines in the order of time. */
#ifndef SECANT_REPLAY_LOGS_H
#define SECANT_REPLAY_LOGS_H

#include "replay/merge.h"

struct logs {
    struct file_sets sets;
    struct replay_input *inputs; /* one for each set */
    struct merge merge;
    struct bytes line; /* the current line, if any; valid until the next one is read */
    bool any;          /* is there a current line? */
    bool complained;   /* an input has had troubles */
};

/* Opens the files that the patterns name (replay/sets.h); there may be none.  Returns false if the
 * times of some cannot be understood, or one is a device; then no line can be read.  A file ends
 * before a line of more than 16 MB, and that is a trouble of its input.  The options are owned by
 * the caller and must outlive the logs. */
bool logs_open(struct logs *logs, const struct bytes *patterns, size_t count,
               const struct line_options *options, bool *with_contexts);
/* Advances to the next line, with the first call to the first one.  To be called only if logs_open
 * succeeded and there are files. */
void logs_next(struct logs *logs);
/* The input of the current line, with its source and its time. */
static inline struct replay_input *logs_input(const struct logs *logs)
{
    return merge_input(&logs->merge);
}
/* Prints the troubles of the inputs since the last call to standard error.  Returns true if there
 * were any, now or before. */
bool logs_complain(struct logs *logs);

#endif
