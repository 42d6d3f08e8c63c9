/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tries matches within limits, since a user's pattern may take any amount of time.
 *
 * PCRE2 counts its steps and gives up at a limit.  What only Perl can match is tried in a child
 * process whose processor time is limited, as nothing else can stop Perl's regex engine. */
#ifndef SECANT_EXPLAIN_TRIAL_H
#define SECANT_EXPLAIN_TRIAL_H

#include <stdbool.h>

#include "base/bytes.h"

/* What is tried.  Initially only the pattern and the text are set. */
struct trial {
    struct bytes pattern, text; /* owned by the caller */
    bool with_perl;             /* matches may take any time */
    bool unknown;               /* a match could not be decided */
    bool for_perl;              /* one could not, because only Perl can match it */
    struct buf piece;           /* room for a piece of the pattern; used and freed by the caller */
};

/* Where in the text a pattern and one of its groups match, as byte offsets. */
struct trial_place {
    size_t from, to, group_from, group_to;
};

/* Does this piece of the trial's pattern match the text?  group: the number of the group whose
 * place is wanted, and which must be part of the match; 0: the whole match.  Returns false, and
 * leaves *place alone, if it does not match or compile, or if that cannot be decided; then the
 * trial is marked as unknown. */
bool trial_run(struct trial *trial, struct bytes pattern, size_t group, struct trial_place *place);
/* How many capture groups it has; 0 if it does not compile. */
size_t trial_groups(struct bytes pattern);

/* If the trial needs Perl, repeats it with Perl in a child process, from the beginning.  The result
 * of `size` bytes is replaced with the child's if that comes in time, and else left alone. */
void trial_with_perl(const struct trial *trial, void (*again)(void *trial, void *result),
                     void *result, size_t size);

/* Does the pattern match?  Returns false as well if it takes too long.  If it matches, sets *from
 * and *to, which may be NULL. */
bool trial_match(struct bytes pattern, struct bytes text, size_t *from, size_t *to);

#endif
