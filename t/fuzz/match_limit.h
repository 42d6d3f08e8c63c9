/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patterns that take very long are no news: both engines go back as often as it takes, as SEC does.
 * A target that includes this is linked with --wrap=regex_match, so that what could take millions
 * of steps does not match, without a try.
 *
 * The bound: n loops beside each other take as many steps as the line's length to the n; with loops
 * in loops the steps double with each byte. */
#ifndef SECANT_T_MATCH_LIMIT_H
#define SECANT_T_MATCH_LIMIT_H

#include "match/regex.h"

enum { MATCH_STEPS = 1000000, NESTED_LENGTH = 12 };

bool __real_regex_match(struct regex *regex, struct bytes subject, ptrdiff_t *offsets);
bool __wrap_regex_match(struct regex *regex, struct bytes subject, ptrdiff_t *offsets);

static bool may_take_long(struct bytes pattern, size_t length)
{
    size_t steps = 1;
    bool nested = false;
    for (size_t i = 3; i < pattern.len; i++) { /* after Perl's "(?^" */
        if (!memchr("*+{?", pattern.ptr[i], 4) || pattern.ptr[i - 1] == '(')
            continue;
        nested |= pattern.ptr[i - 1] == ')';
        steps *= length + 1;
        if (steps > MATCH_STEPS)
            return true;
    }
    return nested && length > NESTED_LENGTH;
}

bool __wrap_regex_match(struct regex *regex, struct bytes subject, ptrdiff_t *offsets)
{
    return !may_take_long(regex_text(regex), subject.len) &&
           __real_regex_match(regex, subject, offsets);
}

#endif
