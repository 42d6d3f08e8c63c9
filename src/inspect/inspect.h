/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `secant state`: what is in the folder of a state.  Nothing there is changed, and another process
 * may be writing it.  secant-state(1) describes what is told. */
#ifndef SECANT_INSPECT_INSPECT_H
#define SECANT_INSPECT_INSPECT_H

#include "base/bytes.h"
#include "state/options.h"

/* Data go to standard output, complaints to standard error.  The status is 0; 1: something is
 * damaged, or lost; 2: it could not be looked at. */
enum { INSPECT_FINE, INSPECT_FOUND, INSPECT_FAILED };

/* Each file: sound, cut or damaged; and what a start would take. */
int inspect_check(struct bytes path);

/* What the rules of these options would keep of the snapshot that a start would take, as an engine
 * on a stage finds out: argc and argv are for Perl.  To be called outside of it. */
int inspect_fit(struct bytes path, int argc, char **argv, struct options *options);

/* generation: of the snapshot; 0: the one that a start would take. */
int inspect_show(struct bytes path, uint64_t generation);
/* All of the snapshot, then all of the journals that are done again after it: an object a line. */
int inspect_export(struct bytes path, uint64_t generation);

#endif
