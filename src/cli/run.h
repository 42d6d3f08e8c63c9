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

/* To be called before anything is written: makes sure that the standard descriptors are open, and
 * that unwritten output is saved when a signal comes. */
void run_prepare(void);
/* Writes what --help or the like has printed; returns the exit status. */
int run_flush_stdout(void);

/* Runs the program to its end; returns its exit status.  program is all zero but for the command
 * line; the engine in it is not taken apart, because END blocks of user code may still use it. */
int run(struct program *program, char **env);

#endif
