/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts what lines have in common: their texts without times, numbers and addresses.
 *
 * The most frequent ones are found in bounded memory: when there are too many, the rarest ones are
 * forgotten.  After many lines only a sample is looked at, which counts for the others as well.
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
/* time: the part of the line that is its time; empty if it has none. */
void templates_add(struct templates *templates, struct bytes line, struct bytes time);
/* Stores the most frequent ones in top[], in order, at most `most`, and returns how many there are.
 * They remain owned by the templates. */
size_t templates_top(const struct templates *templates, const struct text_template **top,
                     size_t most);

#endif
