/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `secant migrate import`: the dump of a SEC that runs (--dumpfjson, SIGUSR1) becomes a state that
 * Secant starts with (--state).
 *
 * It is checked against the rules, and in the end by itself: an engine with that state has to dump
 * what SEC has dumped. */
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

/* Runs it, tells on standard output what was taken over and what not, and on standard error what
 * was wrong; the exit status.  To be called once. */
int import_run(const struct import_options *options, struct options *engine_options);
/* The state that the dump makes with the rules of the engine, and what is told of it; for those who
 * have an engine.  NULL: it is no dump, *why says why. */
json_t *import_make(struct engine *engine, const struct import_options *options, json_t *dump,
                    struct buf *told, bool *whole, struct buf *why);

#endif
