/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What live Pair operations wait for: their second patterns, indexed.
 *
 * Each operation has a second pattern of its own when the rule's holds values of the first match.
 * Where the pattern allows it (match/filled.h) it is compiled only when a line holds its literal;
 * a line looks up the few operations that it can end instead of trying all.
 */
#ifndef SECANT_CORRELATE_WAITING_H
#define SECANT_CORRELATE_WAITING_H

#include "state/engine.h"

struct waiting;

/* The second pattern for an operation about to start.  NULL: the values make no regular expression;
 * *text is it then, in the arena, and error says why. */
struct waiting *waiting_new(struct engine *engine, struct rule *rule, const struct scope *scope,
                            struct bytes *text, struct buf *error);
/* The operation has started and owns w from now on (operation->more). */
void waiting_begin(struct waiting *w, struct operation *operation);
/* For a rule whose second pattern has values: literals one of which a line must hold to end an
 * operation that stands in the index; 0: none are known. */
size_t waiting_required(struct rule *rule, const struct required **required);
/* The place of a live operation in the order of start. */
uint64_t waiting_serial(const struct operation *operation);
/* The operations that the present line may end, in order of their start, without those whose
 * serial is below `from`, each retained for the caller; the list is in the engine's arena. */
size_t waiting_candidates(struct engine *engine, const struct rule *rule, uint64_t from,
                          struct operation ***candidates);
/* The operation's second pattern, compiled. */
const struct pattern *waiting_pattern(struct engine *engine, const struct operation *operation);

#endif
