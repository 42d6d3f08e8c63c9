/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Effects that were taken and have not left the process: the rest of a command's input, for which
 * its pipe has no room, and events for a peer that is still being connected.  A kill -9 would take
 * them along; so they are told of, and the next run takes them again, whole. */
#ifndef SECANT_DURABLE_WAITING_H
#define SECANT_DURABLE_WAITING_H

#include "effect/effect.h"

struct waiting;

/* children and sockets outlive it. */
struct waiting *waiting_new(struct children *children, const struct sockets *sockets);
void waiting_free(struct waiting *waiting); /* NULL is allowed */

/* An effect of that number, FEED or SEND, was performed; it is copied if it waits. */
void waiting_note(struct waiting *waiting, uint64_t number, const struct effect *effect);

/* effect NULL: the one of that number, which was told of, waits no longer. */
typedef void waiting_told(void *arg, uint64_t number, const struct effect *effect);

/* All that wait; or what is not what was told of last. */
void waiting_tell(struct waiting *waiting, bool all, waiting_told *told, void *arg);
bool waiting_any(const struct waiting *waiting);
/* Is there something to tell? */
bool waiting_has_news(struct waiting *waiting);

/* What the run before has told of: it waits to be taken again. */
void waiting_add(struct waiting *waiting, uint64_t number, const struct effect *effect);
void waiting_remove(struct waiting *waiting, uint64_t number);
void waiting_remove_all(struct waiting *waiting);
/* Hands out all of these in their order, and forgets them but for what `again` notes anew. */
void waiting_take(struct waiting *waiting,
                  void (*again)(void *arg, uint64_t number, struct effect *effect), void *arg);

#endif
