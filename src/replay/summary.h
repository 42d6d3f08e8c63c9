/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a replay tells at its end: how many lines, what the inputs were like, which rules matched,
 * and what the lines have in common that none did.
 *
 * For people it goes to standard error; with --json it is the last object on standard output, with
 * the one member "summary" (doc/secant-replay.1 has its members).
 */
#ifndef SECANT_REPLAY_SUMMARY_H
#define SECANT_REPLAY_SUMMARY_H

#include "replay/input.h"
#include "replay/replay.h"
#include "replay/show.h"
#include "replay/templates.h"
#include "state/engine.h"

/* Counted on the way. */
struct tally {
    uint64_t lines, matched;
    uint64_t before, warm; /* lines before --from: passed over, or replayed unseen */
    uint64_t effects;
    int64_t begun;   /* the first line's second; until there is one, that of the last passed over */
    struct buf seed; /* of Perl's hashes; code in rules may change the environment */
    struct buf troubles; /* what could not be read or done, a line each */
    struct templates unmatched;
};

static inline void tally_line(struct tally *tally, struct bytes line, struct bytes time,
                              bool matched)
{
    tally->lines++;
    if (matched)
        tally->matched++;
    else
        templates_add(&tally->unmatched, line, time);
}

/* All that the summary is made of. */
struct summary {
    const struct tally *tally;
    const struct engine *engine;
    const struct replay_options *options;
    const struct replay_input *inputs;
    size_t input_count;
};

void summary_write(const struct summary *summary, struct buf *out);
void summary_write_json(const struct summary *summary, struct buf *out);

/* For both: the rules, those with most matches first; the array is the caller's. */
size_t summary_rules(const struct engine *engine, const struct rule_state ***rules);
/* How many messages of the log were warnings or worse. */
uint64_t summary_warnings(const struct summary *summary);
enum { SUMMARY_TEMPLATES = 10, SUMMARY_RULES = 20 };

#endif
