/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages of words between two processes, one of which may be a Perl that is not ours.  A message
 * is four bytes with the number of bytes that follow, then words, each written the same way;
 * numbers are in network order.  A word may hold any bytes.  This is Perl's pack("N/a*",
 * pack("(N/a*)*", words)). */
#ifndef SECANT_BASE_WORDS_H
#define SECANT_BASE_WORDS_H

#include "base/bytes.h"

enum { LARGEST_MESSAGE = 1 << 28 }; /* the most bytes that a message may claim to have */

struct words {
    struct bytes *items; /* owned; each points into the message */
    size_t count, room;
};

/* Appends a message of these words. */
void words_add(struct buf *out, const struct bytes *words, size_t count);

/* How many bytes follow the first four of a message, which must be there. */
size_t words_length(struct bytes message);

enum words_result { WORDS_TAKEN, WORDS_MORE, WORDS_WRONG };
/* Takes a message off the front of *rest; its words point into those bytes.  WORDS_MORE: the
 * message is not complete, and nothing was taken.  WORDS_WRONG: it cannot be a message. */
enum words_result words_take(struct words *words, struct bytes *rest);

static inline struct bytes words_at(const struct words *words, size_t at)
{
    return at < words->count ? words->items[at] : B("");
}
void words_free(struct words *words);

#endif
