/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a waiting call of another process aims at, read from the memory of that process. */
#ifndef SECANT_GUARD_LOOK_H
#define SECANT_GUARD_LOOK_H

#include <stdint.h>
#include <sys/types.h>

#include "base/bytes.h"
#include "guard/calls.h"

struct waiting_call {
    pid_t pid; /* of the thread */
    const struct call *call;
    const uint64_t *arguments; /* six of them */
};

/* Appends the target in readable form: a path, "192.0.2.1:25", the words of a command, a number.
 * What cannot be read is left out. */
void look_target(const struct waiting_call *waiting, struct buf *out);
/* Is this the (first) path of the call, literally as the process has given it? */
bool look_is_path(const struct waiting_call *waiting, struct bytes path);
/* Are all files of the call below this folder?  Its path must not contain links. */
bool look_is_below(const struct waiting_call *waiting, struct bytes folder);
/* Is the process the target of its own call? */
bool look_is_itself(const struct waiting_call *waiting);

#endif
