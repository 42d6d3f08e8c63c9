/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the patterns that can match a line, in one scan of the line.
 *
 * Every pattern with required literals gets a slot; all literals of all slots go into one
 * matcher (match/matcher.c).  Slots are numbered by the caller; a scan sets the bits of the
 * slots whose literal occurs.
 */
#ifndef SECANT_MATCH_PREFILTER_H
#define SECANT_MATCH_PREFILTER_H

#include <assert.h>

#include "base/bytes.h"

struct prefilter;

struct prefilter *prefilter_new(void);
void prefilter_free(struct prefilter *prefilter);
/* The text is copied; it must not be empty.  The same literal of many slots is stored once. */
void prefilter_add(struct prefilter *prefilter, struct bytes literal, bool caseless, uint32_t slot);
/* Must be called once, after the last prefilter_add and before the first scan. */
void prefilter_build(struct prefilter *prefilter);

/* A bit for each slot.  `summary` has a bit for each nonzero word of `bits`, so that a few hits
 * among many slots are found and cleared without a walk over all words. */
struct hits {
    uint64_t *bits, *summary; /* owned */
    size_t slots;
};
void hits_init(struct hits *hits, size_t slots);
void hits_free(struct hits *hits);
static inline void hits_set(struct hits *hits, uint32_t slot)
{
    assert(slot < hits->slots);
    hits->bits[slot >> 6] |= UINT64_C(1) << (slot & 63);
    hits->summary[slot >> 12] |= UINT64_C(1) << ((slot >> 6) & 63);
}
static inline void hits_unset(struct hits *hits, uint32_t slot)
{
    assert(slot < hits->slots);
    hits->bits[slot >> 6] &= ~(UINT64_C(1) << (slot & 63));
    if (!hits->bits[slot >> 6])
        hits->summary[slot >> 12] &= ~(UINT64_C(1) << ((slot >> 6) & 63));
}
static inline bool hits_has(const struct hits *hits, uint32_t slot)
{
    assert(slot < hits->slots);
    return hits->bits[slot >> 6] >> (slot & 63) & 1;
}
/* Returns the first set slot in [from, to), or to. */
uint32_t hits_next(const struct hits *hits, uint32_t from, uint32_t to);
void hits_clear(struct hits *hits); /* touches only what is set */

/* Adds the hits in text; hits is not cleared before. */
void prefilter_scan(struct prefilter *prefilter, struct bytes text, struct hits *hits);

#endif
