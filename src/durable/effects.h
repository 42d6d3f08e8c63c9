/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Effects of an engine whose state outlives it.
 *
 * Each effect has a number, and all up to a number have a hash: what a redo of the same inputs
 * makes can be told from that to be the same.  Not counted are Perl's deeds, and what is also asked
 * for from without: signals, dumps, the process ID's file, --timeout-script.
 *
 *   DURABLE_REDO   what had happened before is done again: nothing happens.  A command has a child
 *                  that has ended (children_told); a signal is not the caller's to heed.
 *   DURABLE_LIVE   as at first: each effect happens.
 *
 * All functions here take effects that durable_effects_new has made. */
#ifndef SECANT_DURABLE_EFFECTS_H
#define SECANT_DURABLE_EFFECTS_H

#include "effect/effect.h"

enum durable_mode { DURABLE_LIVE, DURABLE_REDO };

/* Of all effects so far. */
struct durable_sum {
    uint64_t count;
    uint64_t hash; /* of kind, target, text and command of each, in their order */
};

/* --at-most-once: an effect is about to happen: its number, from 1 on, and the hash of it alone.
 * Not of those whose happening can be looked up (text for a regular file), not of closef and its
 * like, and not of what is not counted. */
typedef void durable_before(void *arg, uint64_t number, uint64_t hash);

/* All that it is given outlives the effects.  effects_free frees them. */
struct effects *durable_effects_new(const struct outlets *outlets, const struct clock *clock);
void durable_effects_set_mode(struct effects *effects, enum durable_mode mode);
void durable_effects_call_before(struct effects *effects, durable_before *before, void *arg);

struct durable_sum durable_effects_sum(const struct effects *effects);
/* Counting goes on from there. */
void durable_effects_set_sum(struct effects *effects, struct durable_sum sum);

#endif
