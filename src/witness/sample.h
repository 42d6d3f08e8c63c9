/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines that a pattern matches, made from its tree and then really matched.
 *
 * They look like lines of a log as far as the pattern allows: month and time at the beginning,
 * addresses, users, words.  For some patterns no line is found, which does not prove anything. */
#ifndef SECANT_WITNESS_SAMPLE_H
#define SECANT_WITNESS_SAMPLE_H

#include "base/arena.h"
#include "match/pattern.h"

/* A text that a group should contain, matched by a part of the group that takes any of these bytes,
 * not by literal text; "": the group only has to be part of the match.  Group 0 is the whole line,
 * like $0 in rules, including what comes before and after the match. */
struct sample_wish {
    uint32_t group;
    struct bytes text;
    bool alone; /* the group must contain nothing else */
};

struct sample {
    struct bytes line;
    size_t count;               /* of `groups` */
    const struct bytes *groups; /* the whole match, then each group; ptr NULL: did not match */
};

/* For SubStr, RegExp or TValue patterns; the wish may be NULL.  Returns false if no line is found.
 * Everything in the sample is in the arena. */
bool sample_line(const struct pattern *pattern, const struct sample_wish *wish, struct arena *arena,
                 struct sample *sample);
/* Does a pattern of one of these types match the line?  Returns false as well if it takes too long
 * to find out. */
bool sample_matches(const struct pattern *pattern, struct bytes line);

#endif
