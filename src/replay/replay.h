/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs logs of the past through the rules, with a clock that follows the times of their lines. */
#ifndef SECANT_REPLAY_REPLAY_H
#define SECANT_REPLAY_REPLAY_H

#include "replay/input.h"
#include "state/options.h"

enum { DRAIN_LIMIT = 86400 }; /* the most seconds of a drain for which no number is given */

struct replay_options {
    struct line_options lines;
    /* Seconds since the epoch: lines before `from` and at or after `until` are not replayed. */
    int64_t from, until;
    bool warm;    /* lines before `from` are replayed, but their effects are not shown */
    bool perform; /* effects are performed */
    bool json, quiet;
    bool drain;          /* let time pass after the last line */
    int64_t drain_limit; /* for how many seconds; -1: until nothing is pending, at most a day */
};

/* Exit statuses of a replay. */
enum { REPLAY_WHOLE = 0, REPLAY_FLAWED = 1, REPLAY_FAILED = 2 };

/* Replays the inputs through the rules that SEC's options name.  Returns the exit status; prints
 * errors to standard error.  The arguments remain the caller's.  argv is the command line, for
 * Perl.  To be called once. */
int replay_run(const struct replay_options *given, struct options *engine_options, int argc,
               char **argv);

#endif
