/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes the same lines give the same output, for all that run rules in the time of their
 * lines: how Perl starts, and how time passes. */
#ifndef SECANT_STAGE_DETERMINISM_H
#define SECANT_STAGE_DETERMINISM_H

#include "engine/engine.h"

/* Perl draws the order of its hashes at each start, unless it is told.  Call it before Perl starts;
 * the seed, "0" unless the environment has one, is appended to *seed. */
void pin_hashes(struct buf *seed);
/* Nor are random numbers left to chance, or what the log calls code.  Call it inside Perl. */
void pin_perl(void);

/* To that second, since the epoch, with all that is due on the way and what signals ask for; false:
 * one of them has ended the engine, or its hook says that it is interrupted. */
bool advance_to(struct engine *engine, int64_t second);

#endif
