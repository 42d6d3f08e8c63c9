/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does a line keep a regular expression busy for a long time?  This is tried with the engine that
 * secant would use, which counts its steps, and with Perl, in a copy of the process with a time
 * limit: SEC uses Perl, and Perl has shortcuts that PCRE2 lacks; if PCRE2 gives up, secant asks
 * Perl. */
#ifndef SECANT_WITNESS_SLOW_H
#define SECANT_WITNESS_SLOW_H

#include "match/regex.h"
#include "witness/pump.h"

/* What the attempts have cost: a slow line counts about as much as SLOW_COST others that were not
 * quick.  At the limits no more lines are tried.  Lines of the third power have a limit of their
 * own. */
enum { SLOW_COST = 20, SLOW_MAX = 30 * SLOW_COST };

struct slow_costs {
    size_t cubes, others;
};

struct slow {
    struct bytes text; /* of the pattern */
    struct regex *regex;
    struct syntax syntax; /* if not understood, no line is known */
    struct pump pump;     /* the line that is slow */
};

/* Reads the pattern and looks for such a line; returns whether there is one.  All results are in
 * the arena. */
bool slow_find(struct bytes text, struct regex *regex, struct arena *arena,
               struct slow_costs *costs, struct slow *found);
/* How often the `many` texts are repeated in the line that is reported. */
size_t slow_times(const struct pump *pump);

/* A pattern that is quick where this one is slow, and matches the same lines as far as was tried;
 * in the arena; "" if none was found. */
struct bytes slow_quicker(const struct slow *slow, struct arena *arena);

#endif
