/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Putting the engine together, and the steps that its start, its restarts and its end share. */
#ifndef SECANT_CLI_SETUP_H
#define SECANT_CLI_SETUP_H

#include "cli/notify.h"
#include "state/engine.h"

/* The program: its engine and the command line, which restarts read again. */
struct program {
    struct engine engine;
    int argc;
    char **argv;
    bool borrowed;   /* the present line still lies in the block of its input */
    int64_t written; /* the second in which write_out looked last */
    struct notify notify;
};

/* Makes the engine's parts; options and clock are taken over. */
void setup_engine(struct engine *engine, struct options *options, struct clock *clock);

/* Reads the options again; the struct stays where it is, since others hold pointers into it. */
void setup_options(struct program *program);
/* Opens log file and syslog, as far as they are asked for. */
void setup_log(struct program *program);
/* After the rules were loaded: how many lines windows have, and whether there is more than one. */
void setup_bufsize(struct engine *engine);
/* Opens the input files; offset and keep_open as in inputs_open. */
void setup_inputs(struct engine *engine, int64_t offset, bool keep_open);
/* Makes and resizes the windows. */
void setup_windows(struct engine *engine);

/* What keeps the present line takes a copy: blocks of inputs are about to change. */
void program_settle(struct program *program);
/* Writes what is batched. */
void engine_flush(struct engine *engine);
/* The last time, after Perl's end: outputs and the log get what they take. */
void engine_finish(struct engine *engine);
/* The internal event (SEC_STARTUP and similar), when --intevents asks for it. */
void engine_announce(struct engine *engine, struct bytes event);
/* SEC_SHUTDOWN and the end of the child processes. */
void engine_shutdown(struct engine *engine);

#endif
