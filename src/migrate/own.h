/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Secant's own side of a comparison: the engine on a stage, in a process of its own. */
#ifndef SECANT_MIGRATE_OWN_H
#define SECANT_MIGRATE_OWN_H

#include "migrate/lines.h"
#include "migrate/side.h"
#include "state/options.h"

/* All of this is owned by the caller; the new process gets a copy. */
struct own_start {
    struct options *options;
    int64_t second; /* since 1970, at which the engine starts */
    const struct input_name *inputs;
    size_t input_count;
    struct bytes folder;  /* files below it may change */
    struct bytes version; /* of the SEC on the other side: "2.9.4" */
    int argc;             /* the command line, for Perl */
    char **argv;
};

/* Returns false with errno if that fails.  side_end must be called in any case. */
bool own_start(struct side *side, const struct own_start *start);

#endif
