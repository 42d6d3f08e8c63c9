/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Command lines as Perl's exec reads them, and the processes that run them. */
#ifndef SECANT_IO_COMMAND_H
#define SECANT_IO_COMMAND_H

#include <sys/types.h>

#include "io/child.h"

/* What a command executes. */
struct executable {
    const char *file; /* searched in PATH unless it has a slash; NULL: nothing at all */
    char **argv;      /* owned, ended by NULL */
    bool joined;      /* "2>&1" at the end needs no shell: standard error goes to the output */
    char *text;       /* owned; what argv points into */
};

void executable_read(struct executable *executable, const struct command *command);
void executable_free(struct executable *executable);
/* Starts it with these descriptors as standard input and output (-1: ours).  If it cannot be
 * executed, there is still a process, which says so on standard error and ends with status 1.
 * Returns -1 (errno) if there can be no process. */
pid_t executable_start(const struct executable *executable, int input, int output);
/* The same, but also returns -1 (errno) if it cannot be executed. */
pid_t executable_spawn(const struct executable *executable, int input, int output);

#endif
