/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups files into inputs.
 *
 * Each file is an input of its own, except for rotated logs: syslog.2.gz, syslog.1 and syslog are
 * one input, syslog, oldest file first.  They are recognized by their names: a number or a date at
 * the end, before the suffix of a compressed file.
 */
#ifndef SECANT_REPLAY_SETS_H
#define SECANT_REPLAY_SETS_H

#include "base/bytes.h"

struct file_set {
    struct bytes name, context; /* owned; without a given context, the default one of the name */
    size_t count, room;
    struct bytes *files; /* owned, like each of the names; the oldest file first */
};

struct file_sets {
    size_t count, room;
    struct file_set *items; /* owned; sorted by name */
};

/* Finds the files that the patterns match now (PATTERN or PATTERN=CONTEXT, as for --input).  Sets
 * *with_contexts to true if a context is given. */
void file_sets_find(struct file_sets *sets, const struct bytes *patterns, size_t count,
                    bool *with_contexts);
void file_sets_free(struct file_sets *sets);

#endif
