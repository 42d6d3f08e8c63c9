/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Secrets in texts, each replaced by the same wherever it is: a letter is in the place of a letter,
 * a digit in that of a digit, so that patterns match what they have matched; addresses are of the
 * ranges for documentation (RFC 5737, 3849, 7042).
 *
 * All texts are learned first, rules before lines; then they are masked.  Words that patterns of
 * the rules name are structure, and stay, unless they have the form of a secret. */
#ifndef SECANT_SECRETS_MASK_H
#define SECANT_SECRETS_MASK_H

#include "secrets/secrets.h"

struct secret {
    struct bytes key;  /* owned; lower case */
    struct bytes with; /* owned; NULL: not yet made */
    enum secret_kind kind;
    bool named;  /* by a pattern of the rules */
    bool formed; /* it was found by its form */
    bool left;   /* it is not to be replaced */
};

struct mask;

struct mask *mask_new(void);
void mask_free(struct mask *mask);
/* rules: the text is a file of rules. */
void mask_learn(struct mask *mask, struct bytes text, bool rules);
/* The text without secrets is added. */
void mask_text(struct mask *mask, struct bytes text, bool rules, struct buf *out);
/* Those that were learned and can be replaced or left. */
size_t mask_count(const struct mask *mask);
struct secret *mask_secret(struct mask *mask, size_t at);
/* Does it stay where only its place tells it, and by itself? */
static inline bool secret_stays(const struct secret *secret)
{
    return secret->left || (secret->named && !secret->formed);
}

#endif
