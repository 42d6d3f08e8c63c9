/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of commands that read the lines of logs, and times on the command line. */
#ifndef SECANT_CLI_LINES_H
#define SECANT_CLI_LINES_H

#include "cli/arguments.h"
#include "replay/input.h"

/* Fields of a command's own options begin at LINES_FIELDS. */
enum {
    LINES_FORMAT,
    LINES_REGEX,
    LINES_ZONE,
    LINES_YEAR,
    LINES_REORDER,
    LINES_TEMPLATE,
    LINES_FIELDS
};

extern const struct option_spec lines_specs[LINES_FIELDS];

/* Sets one of them; returns false if the value is wrong, and says so.  What is allocated for it
 * lasts until the end of the program. */
bool lines_set(struct line_options *options, const struct option_spec *spec, struct bytes text);
/* Reads a date, a date and a time, or seconds since 1970, in the zone of the process; returns false
 * if it is none of them. */
bool lines_read_time(struct bytes text, int64_t *second);
/* The same for an option; ptr NULL: not given.  Returns false if it is wrong, and says so. */
bool lines_read_limit(const char *option, struct bytes text, int64_t *second);
/* Says what is wrong with an option's value. */
void refuse_value(const char *option, struct bytes value, struct bytes why);

#endif
