/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program that the kernel runs for each call (guard.h): which are let through. */
#ifndef SECANT_GUARD_FILTER_H
#define SECANT_GUARD_FILTER_H

#include <linux/filter.h>
#include <stddef.h>

/* One for this processor; owned.  socket: a descriptor that sendmsg may be called for.  NULL: the
 * processor's calls are not known here. */
struct sock_filter *filter_new(int socket, size_t *count);
/* The same for another one that ends that permission; calls that are asked about remain so. */
struct sock_filter *filter_new_end(int socket, size_t *count);

#endif
