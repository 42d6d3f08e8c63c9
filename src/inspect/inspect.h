/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `secant state`: shows the contents of a state folder.  Nothing there is changed, and another
 * process may be writing to it.  secant-state(1) describes the output. */
#ifndef SECANT_INSPECT_INSPECT_H
#define SECANT_INSPECT_INSPECT_H

#include "base/bytes.h"
#include "state/options.h"

/* Data go to standard output, complaints to standard error.  The status is 0; 1: something is
 * damaged or lost; 2: the folder could not be read. */
enum { INSPECT_FINE, INSPECT_FOUND, INSPECT_FAILED };

/* Says for each file whether it is sound, cut or damaged, and what a start would use. */
int inspect_check(struct bytes path);

/* What the rules of these options would keep of the snapshot that a start would use, found out by
 * an engine on a stage.  argc and argv are for Perl; must be called outside Perl. */
int inspect_fit(struct bytes path, int argc, char **argv, struct options *options);

/* generation: of the snapshot; 0: the one that a start would use. */
int inspect_show(struct bytes path, uint64_t generation);
/* The whole snapshot, then the journals that are replayed after it, one object per line. */
int inspect_export(struct bytes path, uint64_t generation);

#endif
