/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Child processes that do a part of our own work: how they begin and end. */
#ifndef SECANT_BASE_SUBPROCESS_H
#define SECANT_BASE_SUBPROCESS_H

#include <sys/types.h>

#include "base/bytes.h"

/* As fork(2), but the new process does not outlive this one, and pending output of standard output
 * is not written twice. */
pid_t subprocess_fork(void);
/* Waits until the process ends, whatever signals come; returns its status, as waitpid(2) gives
 * it. */
int subprocess_wait(pid_t pid);
/* "died of signal 9 (Killed)", "ended with status 7" */
void subprocess_add_end(struct buf *out, int status);

/* Lets a copy of this process find out something that may take any time: `find` fills in a result
 * of `size` bytes (at most PIPE_BUF), which is then handed to this process.  Returns false if it
 * took longer than `ms` milliseconds of processor time (or far longer by the clock), or if the copy
 * failed. */
bool subprocess_ask(unsigned ms, void (*find)(void *arg, void *result), void *arg, void *result,
                    size_t size);

#endif
