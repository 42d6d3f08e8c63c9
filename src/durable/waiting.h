/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Effects that were taken and have not left the process: the rest of a command's input, for which
 * its pipe has no room, and events for a peer that is still being connected.  They would be lost
 * with a kill -9, so the journal records them, and the next run performs them again, completely. */
#ifndef SECANT_DURABLE_WAITING_H
#define SECANT_DURABLE_WAITING_H

#include "effect/effect.h"

struct waiting;

/* children and sockets must outlive it. */
struct waiting *waiting_new(struct children *children, const struct sockets *sockets);
void waiting_free(struct waiting *waiting); /* NULL is allowed */

/* An effect of this number, FEED or SEND, was performed; a copy is kept while it waits. */
void waiting_note(struct waiting *waiting, uint64_t number, const struct effect *effect);

/* effect NULL: the one of this number, told of before, waits no longer. */
typedef void waiting_told(void *arg, uint64_t number, const struct effect *effect);

/* Tells of all that wait, or only of what has changed since the last call. */
void waiting_tell(struct waiting *waiting, bool all, waiting_told *told, void *arg);
bool waiting_any(const struct waiting *waiting);
/* Is there something to tell? */
bool waiting_has_news(struct waiting *waiting);

/* Adds what the previous run recorded, to be performed again. */
void waiting_add(struct waiting *waiting, uint64_t number, const struct effect *effect);
void waiting_remove(struct waiting *waiting, uint64_t number);
void waiting_remove_all(struct waiting *waiting);
/* Hands out all of these in their order, and forgets them but for what `again` notes anew. */
void waiting_take(struct waiting *waiting,
                  void (*again)(void *arg, uint64_t number, struct effect *effect), void *arg);

#endif
