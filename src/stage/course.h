/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all have in common who run rules in the time of their lines, so that the same lines give the
 * same output: how Perl begins, and how time goes on. */
#ifndef SECANT_STAGE_COURSE_H
#define SECANT_STAGE_COURSE_H

#include "engine/engine.h"

/* Perl draws the order of its hashes at each start, unless it is told.  Before Perl starts; *seed
 * gets the seed, which the environment may have. */
void pin_hashes(struct buf *seed);
/* Nor are its random numbers, or what the log calls code, left to chance: inside Perl. */
void pin_perl(void);

/* To that second and all that is due on the way, with what signals ask for; false: one of them has
 * ended the engine, or its hook says that it is interrupted. */
bool course_go_to(struct engine *engine, int64_t second);

#endif
