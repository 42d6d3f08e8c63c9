/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What lines have in common: their texts without times, numbers and addresses, counted.
 *
 * The most frequent ones are found in bounded memory: when there are too many, those that came once
 * or nearly so are forgotten.  After many lines only some are looked at, and count for the others.
 */
#ifndef SECANT_REPLAY_TEMPLATES_H
#define SECANT_REPLAY_TEMPLATES_H

#include "base/table.h"

struct text_template {
    struct bytes text; /* owned */
    uint64_t count;
};

struct templates {
    struct table table; /* of struct text_template, by text */
    uint64_t lines;
    uint64_t random;
    struct buf folded;
    bool rough; /* counts are estimates */
};

void templates_init(struct templates *templates);
/* time: the part of the line that tells its time; empty if none does. */
void templates_add(struct templates *templates, struct bytes line, struct bytes time);
/* The most frequent ones, in order; at most `most`.  Returns how many; they stay the owner's. */
size_t templates_top(const struct templates *templates, const struct text_template **top,
                     size_t most);

#endif
