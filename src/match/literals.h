/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Required literals of a pattern: strings of which at least one occurs in everything that it
 * matches. */
#ifndef SECANT_MATCH_LITERALS_H
#define SECANT_MATCH_LITERALS_H

#include "match/regex.h"
#include "match/syntax.h"

/* Finds the best set of them and stores it in the arena.  Returns their number, 0 if there are
 * none. */
size_t literals_find(const struct syntax *syntax, struct arena *arena,
                     const struct required **literals);

#endif
