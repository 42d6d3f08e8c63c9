/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Becoming a daemon, user and groups, pid file, and who owns SIGINT.
 *
 * Failures are said in upstream's words (on standard error, or in the log once it is open) and
 * the functions return false; the caller ends with status 1. */
#ifndef SECANT_IO_PRIVILEGE_H
#define SECANT_IO_PRIVILEGE_H

#include "base/bytes.h"
#include "log/log.h"

/* Switches to this user, with these groups, the first of which becomes the process's group ID, or
 * with the user's primary group if count is 0. */
bool privilege_drop(const char *user, const struct bytes *groups, size_t count);
/* Writes the process ID to the file. */
bool privilege_pidfile(struct log *log, const char *path);
/* Forks twice; only the daemon returns.  Outputs and Perl's standard output must be flushed before,
 * and a loop needs loop_forked afterwards. */
bool privilege_daemonize(struct log *log, bool reads_stdin);
/* May SIGINT change the log level (true), or does it belong to an interactive terminal? */
bool privilege_owns_sigint(struct log *log, bool detached);

#endif
