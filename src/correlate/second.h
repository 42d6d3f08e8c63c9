/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Second patterns of live Pair operations, indexed.
 *
 * If the rule's second pattern contains values of the first match, each operation has a second
 * pattern of its own.  Where possible (match/filled.h), it is compiled only when a line contains
 * its literal.  For a line, the few operations that it can end are looked up instead of trying all.
 */
#ifndef SECANT_CORRELATE_SECOND_H
#define SECANT_CORRELATE_SECOND_H

#include "state/engine.h"

/* The second pattern with the values of a first match, for an operation about to start. */
struct second_text {
    struct bytes text;    /* in the arena; ptr NULL: the rule's own pattern, or not made yet */
    struct regex *regex;  /* of text, second_begin takes it over; NULL: a substring, or no text */
    struct bytes literal; /* in the arena: required in a line that matches; empty: none known */
};

/* Returns false if the values do not give a valid regular expression; then `second` has its text,
 * and *error says why. */
bool second_fill(struct engine *engine, struct rule_state *state, const struct scope *scope,
                 struct second_text *second, struct buf *error);
/* To be called when an operation has started: lines are searched for its second pattern until it
 * ends. */
void second_begin(struct operation *operation, const struct second_text *filled);
/* The operations that the current line may end, in order of their start, except those whose serial
 * is below `from`.  Each is retained for the caller; the list is in the engine's arena. */
size_t second_candidates(struct engine *engine, const struct rule_state *state, uint64_t from,
                         struct operation ***candidates);
/* The operation's second pattern, compiled. */
const struct pattern *second_pattern(struct engine *engine, const struct operation *operation);
/* For a rule whose second pattern has values: literals of which a line must contain at least one to
 * end an operation that is in the index.  Returns their number, 0 if none are known. */
size_t second_required(struct rule_state *state, const struct required **required);

#endif
