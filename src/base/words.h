/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages of words between two processes, one of which may be a Perl that is not ours: four bytes
 * that say how many follow, then words, each the same way; numbers are in network order.  A word is
 * any bytes.  It is Perl's pack("N/a*", pack("(N/a*)*", words)). */
#ifndef SECANT_BASE_WORDS_H
#define SECANT_BASE_WORDS_H

#include "base/bytes.h"

enum { LARGEST_MESSAGE = 1 << 28 }; /* bytes that a message may say it has */

struct words {
    struct bytes *items; /* owned; each points into the message */
    size_t count, room;
};

/* Appends a message. */
void words_add(struct buf *out, const struct bytes *words, size_t count);

/* How many bytes follow the four at the front of a message. */
size_t words_length(struct bytes message);

enum words_result { WORDS_TAKEN, WORDS_MORE, WORDS_WRONG };
/* Takes a message off the front of *rest, its words last as long as those bytes.  MORE: it is not
 * all there, nothing was taken; WRONG: it cannot be one. */
enum words_result words_take(struct words *words, struct bytes *rest);

static inline struct bytes words_at(const struct words *words, size_t at)
{
    return at < words->count ? words->items[at] : B("");
}
void words_free(struct words *words);

#endif
