/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inputs that take all time or all memory are no news: SEC does with them as it is told, and so does
 * the engine.  A target that includes this is linked with --wrap for the functions below.
 *
 * Patterns: both engines go back as often as it takes.  What could take millions of steps does
 * not match, without a try: n loops beside each other take as many steps as the line's length to
 * the n; with loops in loops the steps double with each byte.
 *
 * Texts: "assign %a %a%a" doubles with each event, beyond any memory after forty of them.  What
 * a template makes is cut. */
#ifndef SECANT_T_LIMITS_H
#define SECANT_T_LIMITS_H

#include "match/regex.h"
#include "state/scope.h"

enum { MATCH_STEPS = 1000000, NESTED_LENGTH = 12, TEXT_LENGTH = 4096 };

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

struct bytes __real_expand(struct engine *engine, const struct template *t,
                           const struct scope *scope);
struct bytes __wrap_expand(struct engine *engine, const struct template *t,
                           const struct scope *scope);

struct bytes __wrap_expand(struct engine *engine, const struct template *t,
                           const struct scope *scope)
{
    struct bytes text = __real_expand(engine, t, scope);
    return bytes_slice(text, 0, text.len < TEXT_LENGTH ? text.len : TEXT_LENGTH);
}

#endif
