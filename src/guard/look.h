/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a call of another process, which waits, aims at: read from that process's memory. */
#ifndef SECANT_GUARD_LOOK_H
#define SECANT_GUARD_LOOK_H

#include <stdint.h>
#include <sys/types.h>

#include "base/bytes.h"
#include "guard/calls.h"

struct waiting_call {
    pid_t pid; /* of the thread */
    const struct call *call;
    const uint64_t *arguments; /* six */
};

/* Appends it as people read it: a path, "192.0.2.1:25", a command's words, a number; what cannot be
 * read is left out. */
void look_target(const struct waiting_call *waiting, struct buf *out);
/* Is the path so, as the process has given it? */
bool look_is_path(const struct waiting_call *waiting, struct bytes path);
/* Are all its files below this folder, whose path has no link in it? */
bool look_is_below(const struct waiting_call *waiting, struct bytes folder);
/* Is the process the target of its own call? */
bool look_is_itself(const struct waiting_call *waiting);

#endif
