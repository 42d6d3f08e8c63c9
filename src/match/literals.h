/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Required literals of a pattern: strings one of which occurs in everything that it matches. */
#ifndef SECANT_MATCH_LITERALS_H
#define SECANT_MATCH_LITERALS_H

#include "match/regex.h"
#include "match/syntax.h"

/* The best set that was found, in the arena; returns how many there are, 0: none. */
size_t literals_find(const struct syntax *syntax, struct arena *arena,
                     const struct required **literals);

#endif
