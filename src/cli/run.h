/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program's life. */
#ifndef SECANT_CLI_RUN_H
#define SECANT_CLI_RUN_H

#include <jansson.h>

#include "cli/notify.h"
#include "durable/durable.h"
#include "engine/engine.h"

/* The program: its engine and the command line, which restarts read again. */
struct program {
    struct engine *engine;
    struct host host;
    int argc;
    char **argv;
    struct notify notify;
    json_t *state;           /* of an import, until it is taken over; NULL: none */
    struct durable *durable; /* NULL: state is not kept */
};

/* Before anything is written: standard descriptors are there, and what is unwritten when a signal
 * comes is rescued. */
void run_prepare(void);
/* Writes what --help or the like has printed; the exit status. */
int run_flush_stdout(void);

/* Runs the program to its end; returns its exit status.  program is all zero but for the command
 * line; the engine in it is not taken apart, because END blocks of user code may still use it. */
int run(struct program *program, char **env);

#endif
