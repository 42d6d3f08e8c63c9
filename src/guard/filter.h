/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program that the kernel runs for each system call (guard.h), to decide which are let
 * through. */
#ifndef SECANT_GUARD_FILTER_H
#define SECANT_GUARD_FILTER_H

#include <linux/filter.h>
#include <stddef.h>

/* The program for this processor, to be freed by the caller.  socket is a descriptor for which
 * sendmsg is allowed.  Returns NULL if the processor's calls are not known here. */
struct sock_filter *filter_new(int socket, size_t *count);
/* The same for another program, to be added later, that takes back this permission; calls that are
 * asked about remain so. */
struct sock_filter *filter_new_end(int socket, size_t *count);

#endif
