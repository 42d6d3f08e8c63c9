/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The summary at the end of a replay: the number of lines, what the inputs were like, which rules
 * matched, and what the unmatched lines have in common.
 *
 * For people it goes to standard error; with --json it is the last object on standard output, with
 * the one member "summary" (its members are described in doc/secant-replay.1).
 */
#ifndef SECANT_REPLAY_SUMMARY_H
#define SECANT_REPLAY_SUMMARY_H

#include "replay/input.h"
#include "replay/replay.h"
#include "replay/show.h"
#include "replay/templates.h"
#include "state/engine.h"

/* What is counted during the replay. */
struct tally {
    uint64_t lines, matched;
    uint64_t before, warm; /* lines before --from: skipped; or replayed without being shown */
    uint64_t effects;
    int64_t begun;       /* the second of the first line; before that, of the last one skipped */
    struct buf seed;     /* of Perl's hashes; kept as code in rules may change the environment */
    struct buf troubles; /* what could not be read or done, one line each */
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

/* What the summary is made from. */
struct summary {
    const struct tally *tally;
    const struct engine *engine;
    const struct replay_options *options;
    const struct replay_input *inputs;
    size_t input_count;
};

void summary_write(const struct summary *summary, struct buf *out);
void summary_write_json(const struct summary *summary, struct buf *out);

/* For both forms: the rules, those with most matches first.  The caller frees the array. */
size_t summary_rules(const struct engine *engine, const struct rule_state ***rules);
/* How many messages of the log were warnings or worse. */
uint64_t summary_warnings(const struct summary *summary);
enum { SUMMARY_TEMPLATES = 10, SUMMARY_RULES = 20 };

#endif
