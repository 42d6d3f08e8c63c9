/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does a line keep a regular expression busy for long?  That is tried: with the engine that secant
 * would use, which counts its steps, and with Perl, in a copy of the process with a time limit: SEC
 * runs Perl, and Perl cuts short what PCRE2 does not; where PCRE2 gives up, secant asks Perl. */
#ifndef SECANT_WITNESS_SLOW_H
#define SECANT_WITNESS_SLOW_H

#include "match/regex.h"
#include "witness/pump.h"

/* What trying has cost, a slow line about as much as SLOW_COST others that were not quick: at the
 * limits no more lines are tried.  Those of the third power have a limit of their own. */
enum { SLOW_COST = 20, SLOW_MAX = 30 * SLOW_COST };

struct slow_costs {
    size_t cubes, others;
};

struct slow {
    struct bytes text; /* of the pattern */
    struct regex *regex;
    struct syntax syntax; /* not understood: no line is known */
    struct pump pump;     /* the line that is slow */
};

/* Reads the pattern and looks for such a line; all it gives is in the arena. */
bool slow_find(struct bytes text, struct regex *regex, struct arena *arena,
               struct slow_costs *costs, struct slow *found);
/* How often the line that is told has what is in it many times. */
size_t slow_times(const struct pump *pump);

/* A pattern that is quick where that one is slow and matches the same lines, as far as was tried;
 * in the arena; "": none was found. */
struct bytes slow_quicker(const struct slow *slow, struct arena *arena);

#endif
