/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes of ours that do a part of the work: their beginning and their end. */
#ifndef SECANT_BASE_SUBPROCESS_H
#define SECANT_BASE_SUBPROCESS_H

#include <sys/types.h>

#include "base/bytes.h"

/* fork(2), but the new process does not outlive this one, and what standard output has still to
 * write is not written twice. */
pid_t subprocess_fork(void);
/* Waits for its end, whatever signals come: the status, as waitpid(2) has it. */
int subprocess_wait(pid_t pid);
/* "died of signal 9 (Killed)", "ended with status 7" */
void subprocess_add_end(struct buf *out, int status);

/* Lets a copy of this process find out what may take any time: find fills the result of so many
 * bytes, which is given to this process when it is done.  false: it took longer than so many
 * milliseconds of processor time (or far longer by the clock), or has died. */
bool subprocess_ask(unsigned ms, void (*find)(void *arg, void *result), void *arg, void *result,
                    size_t size);

#endif
