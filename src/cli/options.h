/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Command line and resource file, read as upstream's Getopt::Long reads them. */
#ifndef SECANT_CLI_OPTIONS_H
#define SECANT_CLI_OPTIONS_H

#include "cli/arguments.h"
#include "state/options.h"

/* Options of a command beyond SEC's. */
struct more_options {
    const struct option_spec *specs;
    size_t count;
    option_set *set;
    void *arg;
};

/* Reads argv (argv[0] is the program) and then the file named by $SECRC; complaints go to standard
 * error in upstream's words; a bad value is replaced by the default. Never fails.
 * options_free gives everything back. */
struct options *options_read(int argc, char **argv);
/* The same for a command, whose own options come in addition, and in place of those of the same
 * name; NULL: something was wrong. */
struct options *options_read_with(int argc, char **argv, const struct more_options *more);
/* Reads them again into the same struct, since others hold pointers into it. */
void options_read_again(struct options *options, int argc, char **argv);
void options_free(struct options *options);

#endif
