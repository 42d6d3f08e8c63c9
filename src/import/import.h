/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `secant migrate import`: converts the dump of a running SEC (--dumpfjson, SIGUSR1) to a state
 * that Secant starts with (--state).
 *
 * The state is checked against the rules, and finally against the dump: an engine with that state
 * must dump what SEC has dumped. */
#ifndef SECANT_IMPORT_IMPORT_H
#define SECANT_IMPORT_IMPORT_H

#include <jansson.h>

#include "state/engine.h"

struct import_options {
    const char *dump, *state; /* files */
    const char *folder;       /* of a state, in place of `state`; NULL */
    bool asleep;              /* SEC was asleep at the dump */
    int argc;                 /* the command line, for Perl */
    char **argv;
};

/* What the exit status says. */
enum { IMPORT_WHOLE = 0, IMPORT_LACKS = 1, IMPORT_FAILED = 2 };

/* Runs the import, reports on standard output what was taken over and what was not, and errors on
 * standard error; returns the exit status.  Call it once only. */
int import_run(const struct import_options *options, struct options *engine_options);
/* For callers that have an engine: the state that the dump and the rules of the engine yield, and
 * the report about it.  NULL: it is not a dump, and *why says why. */
json_t *import_make(struct engine *engine, const struct import_options *options, json_t *dump,
                    struct buf *told, bool *whole, struct buf *why);

#endif
