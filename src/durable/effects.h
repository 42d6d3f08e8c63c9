/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Effects of an engine whose state outlives it.
 *
 * Each effect has a number, and there is a hash over all effects up to a number: it shows whether a
 * redo of the same inputs has led to the same effects.  Two kinds are not counted: what Perl code
 * does itself, and what is also requested from outside (signals, dumps, the PID file,
 * --timeout-script).
 *
 *   DURABLE_REDO   what happened before is done again, and nothing leaves the process.  A command
 *                  gets a child that has already ended (children_told); a signal is not acted on.
 *   DURABLE_LIVE   as in any run: each effect happens.
 *
 * After a redo the last lines of the previous run come once more, and with them effects that may
 * already have happened.  What it is known to have written to files is not written twice: see
 * durable_effects_expect.
 *
 * All functions here take effects made by durable_effects_new. */
#ifndef SECANT_DURABLE_EFFECTS_H
#define SECANT_DURABLE_EFFECTS_H

#include "durable/files.h"
#include "durable/waiting.h"
#include "effect/effect.h"

enum durable_mode { DURABLE_LIVE, DURABLE_REDO };

/* Covers all effects so far. */
struct durable_sum {
    uint64_t count;
    uint64_t hash; /* of kind, target, text and command of each, in their order */
};

/* For --at-most-once: called before an effect happens, with its number (from 1) and the hash of
 * this effect alone.  Not called for text for a regular file, which can be looked up later, for
 * closef and its like, or for effects that are not counted. */
typedef void durable_before(void *arg, uint64_t number, uint64_t hash);

/* The outlets and the clock must outlive the effects, which effects_free frees. */
struct effects *durable_effects_new(const struct outlets *outlets, const struct clock *clock);
void durable_effects_set_mode(struct effects *effects, enum durable_mode mode);
void durable_effects_call_before(struct effects *effects, durable_before *before, void *arg);

struct durable_sum durable_effects_sum(const struct effects *effects);
/* Continues counting from this sum. */
void durable_effects_set_sum(struct effects *effects, struct durable_sum sum);

/* Tells of the regular files that write, writen and owritecl have written to (durable/files.h):
 * those whose length has changed since the last call (for a batch of the journal), or all that
 * still exist (for a snapshot).  Call outputs_flush first. */
void durable_effects_lengths(struct effects *effects, bool all, durable_file_told *told, void *arg);
/* Sets who is told of a new file before the first text is written to it.  This has to be in the
 * journal at once: otherwise nobody can say later which part of the file is ours. */
void durable_effects_tell_opened(struct effects *effects, durable_file_told *told, void *arg);
/* Brings to the disk what was written to files since the last call; call outputs_flush first.
 * Returns false if some of it is not there, and logs why.  Needed before each sync of a journal
 * that holds their lengths. */
bool durable_effects_sync(struct effects *effects);

/* Passes on what the previous run recorded of a file, in the order in which it did.  From then
 * until durable_effects_caught_up, a text that the file already holds beyond the recorded length
 * is not written again, and a partial text at its end is completed.  Any text to come may be the
 * one that completes it: a line that does not begin with it is written as a line of its own. */
void durable_effects_expect(struct effects *effects, const struct durable_file *file);
/* Has durable_effects_expect been called for this file? */
bool durable_effects_expects(const struct effects *effects, const struct durable_file *file);
/* How many texts, or parts of texts, were found in files. */
uint64_t durable_effects_uses(const struct effects *effects);
/* The previous run has recorded everything up to this second: for how many seconds after it did it
 * still write to these files? */
int64_t durable_effects_untold(const struct effects *effects, int64_t second);
/* For --at-most-once: an effect that the previous run was about to perform, after the last one that
 * was done again.  The next effect with the same hash does not happen. */
void durable_effects_begun(struct effects *effects, uint64_t hash);
/* Tells of those that have not come yet.  A journal records them whenever it records the sum. */
void durable_effects_still_begun(const struct effects *effects,
                                 void (*told)(void *arg, uint64_t hash), void *arg);
/* From now on, keeps what has not left the process yet, for the journal (durable/waiting.h).
 * Before this call there are only effects of rules for SEC_STARTUP, which happen anew at each
 * start. */
void durable_effects_keep_waiting(struct effects *effects);
/* Tells of all that waits, or only of what has changed since the last call. */
void durable_effects_tell_waiting(struct effects *effects, bool all, waiting_told *told, void *arg);
bool durable_effects_any_waiting(const struct effects *effects);
/* Has anything left since the last call of durable_effects_tell_waiting? */
bool durable_effects_have_left(struct effects *effects);
/* Passes on that in the previous run this effect waited; NULL: that it has left. */
void durable_effects_waited(struct effects *effects, uint64_t number, const struct effect *effect);
/* Forgets all that was passed on: the journal tells of everything anew. */
void durable_effects_none_waited(struct effects *effects);
/* After the redo: performs all that still waits, or, with at_most_once, only logs it. */
void durable_effects_take_again(struct effects *effects, bool at_most_once);
/* The last lines of the previous run have all come.  Logs what it had written to files and nothing
 * was about to write again. */
void durable_effects_caught_up(struct effects *effects);

#endif
