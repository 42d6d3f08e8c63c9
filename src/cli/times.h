/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of commands that read the times of lines, and times on the command line. */
#ifndef SECANT_CLI_TIMES_H
#define SECANT_CLI_TIMES_H

#include "cli/arguments.h"
#include "clock/timestamp.h"

/* Fields of a command's own options begin at TIMES_FIELDS. */
enum { TIMES_FORMAT, TIMES_REGEX, TIMES_ZONE, TIMES_YEAR, TIMES_FIELDS };

extern const struct option_spec times_specs[TIMES_FIELDS];

/* Sets one of them; false: the value cannot be, and that was said. */
bool times_set(struct time_options *times, const struct option_spec *spec, struct bytes text);
/* Reads a date, a date and a time, or seconds since 1970, in the zone of the options; false: it is
 * none of them. */
bool times_read(const struct time_options *times, struct bytes text, int64_t *second);

#endif
