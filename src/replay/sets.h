/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which files are which inputs.
 *
 * Each file is an input of its own, but for those that a rotation has made of one: syslog.2.gz,
 * syslog.1 and syslog are one input, syslog, oldest first.  That is read from their names: a number
 * or a date at the end, before the ending of a compressed file.
 */
#ifndef SECANT_REPLAY_SETS_H
#define SECANT_REPLAY_SETS_H

#include "base/bytes.h"

struct file_set {
    struct bytes name, context; /* owned; the context is "" if none was given and none is wanted */
    size_t count, room;
    struct bytes *files; /* owned, each of them too; in order of age, the oldest first */
};

struct file_sets {
    size_t count, room;
    struct file_set *items; /* owned; sorted by name */
};

/* Those that the patterns name now (PATTERN or PATTERN=CONTEXT, as for --input); contexts as
 * there: *with_contexts becomes true where one is given. */
void file_sets_find(struct file_sets *sets, const struct bytes *patterns, size_t count,
                    bool *with_contexts);
void file_sets_free(struct file_sets *sets);

#endif
