/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matches that are tried within limits: a pattern of somebody's may take any time.
 *
 * PCRE2 counts its steps, and gives up after some.  What only Perl can match is tried in a child
 * process whose processor time is limited, since nothing else ends a match of Perl's. */
#ifndef SECANT_EXPLAIN_TRIAL_H
#define SECANT_EXPLAIN_TRIAL_H

#include <stdbool.h>

#include "base/bytes.h"

/* What is tried.  To begin with, the pattern and the text, and nothing else. */
struct trial {
    struct bytes pattern, text; /* the caller's */
    bool with_perl;             /* may take any time */
    bool unknown;               /* a match was not decided */
    bool for_perl;              /* because only Perl can match it */
    struct buf piece;           /* of the pattern, for the caller, who frees it */
};

/* Where in the text a pattern matches, in bytes; and where one of its groups does. */
struct trial_place {
    size_t from, to, group_from, group_to;
};

/* Does this pattern, a piece of the trial's, match the text?  group: the number of the group whose
 * place is wanted, which must have matched; 0: all of it.  false: *place stays as it is; the
 * pattern does not match or compile, or that is not decided, which the trial notes. */
bool trial_run(struct trial *trial, struct bytes pattern, size_t group, struct trial_place *place);
/* How many capture groups it has; 0 if it does not compile. */
size_t trial_groups(struct bytes pattern);

/* If the trial needs Perl: a child process does it once more, from its beginning, with Perl.  The
 * result, of so many bytes, becomes that one's if it comes in time, and else stays as it is. */
void trial_with_perl(const struct trial *trial, void (*again)(void *trial, void *result),
                     void *result, size_t size);

/* Does the pattern match?  false as well if it takes too long.  *from and *to, which may be NULL,
 * are set if it does. */
bool trial_match(struct bytes pattern, struct bytes text, size_t *from, size_t *to);

#endif
