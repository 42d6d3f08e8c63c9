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
 * After a redo the lines that the run before took last come once more, and with them effects that
 * may have happened.  What it is known to have written to files is not written twice: see
 * durable_effects_expect.
 *
 * All functions here take effects that durable_effects_new has made. */
#ifndef SECANT_DURABLE_EFFECTS_H
#define SECANT_DURABLE_EFFECTS_H

#include "durable/files.h"
#include "durable/waiting.h"
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

/* Regular files that write, writen and owritecl have written to (durable/files.h): those whose
 * length is not what was told of last, or all that are still there.  After outputs_flush; a
 * journal's batch has the former, a snapshot all. */
void durable_effects_lengths(struct effects *effects, bool all, durable_file_told *told, void *arg);
/* Whoever is told of a file that is not known yet, before the first text is written to it: unless
 * that is in the journal at once, nobody can say later what of the file is ours. */
void durable_effects_tell_opened(struct effects *effects, durable_file_told *told, void *arg);
/* After outputs_flush: what files have got since the last call is on the disk; false: not all of
 * it, the log says why.  Before each sync of a journal that has their lengths. */
bool durable_effects_sync(struct effects *effects);

/* What the run before has told of a file, in the order of telling: from then on, until all is
 * caught up with, a text that the file holds beyond it is not written again, but stands for one
 * that is about to be; a part of one at the end of the file is completed.  It may be one
 * of any that come: a line that does not begin with it is one of its own. */
void durable_effects_expect(struct effects *effects, const struct durable_file *file);
/* Has anything been told of it? */
bool durable_effects_expects(const struct effects *effects, const struct durable_file *file);
/* How many texts were found in files, or parts of them. */
uint64_t durable_effects_uses(const struct effects *effects);
/* For how many seconds after this one, up to which it has told of all, the run before has written
 * to these files. */
int64_t durable_effects_untold(const struct effects *effects, int64_t second);
/* --at-most-once: an effect that the run before was about to take, after the last one that was done
 * again; once all that can happen has the same hash, it does not happen. */
void durable_effects_begun(struct effects *effects, uint64_t hash);
/* Those of them that have not come yet: each time that those which have are counted. */
void durable_effects_still_begun(const struct effects *effects,
                                 void (*told)(void *arg, uint64_t hash), void *arg);
/* What has not left the process and a journal is to hold (durable/waiting.h): from now on.  Before,
 * there are only effects of SEC_STARTUP's rules, which each start takes anew. */
void durable_effects_keep_waiting(struct effects *effects);
/* All that waits, or what is not what was told of last. */
void durable_effects_tell_waiting(struct effects *effects, bool all, waiting_told *told, void *arg);
bool durable_effects_any_waiting(const struct effects *effects);
/* Has any left since it was told of? */
bool durable_effects_have_left(struct effects *effects);
/* What the run before has told of, NULL: it has left; */
void durable_effects_waited(struct effects *effects, uint64_t number, const struct effect *effect);
/* it tells of all anew; */
void durable_effects_none_waited(struct effects *effects);
/* and after the redo all that waited is taken, or, where that may be the second time and must not
 * be, logged. */
void durable_effects_take_again(struct effects *effects, bool at_most_once);
/* The lines that the run before took last have all come.  What it has written and nobody wanted to
 * write again is logged. */
void durable_effects_caught_up(struct effects *effects);

#endif
