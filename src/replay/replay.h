/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Logs of the past through the rules, in their own time. */
#ifndef SECANT_REPLAY_REPLAY_H
#define SECANT_REPLAY_REPLAY_H

#include "replay/input.h"
#include "state/options.h"

enum { DRAIN_LIMIT = 86400 }; /* seconds of a drain without a number */

struct replay_options {
    struct line_options lines;
    /* Seconds since the epoch: lines before `from` and at or after `until` are not replayed. */
    int64_t from, until;
    bool warm;    /* those before `from` are, but what they do is not shown */
    bool perform; /* effects happen */
    bool json, quiet;
    bool drain;          /* after the last line, go on ... */
    int64_t drain_limit; /* for so many seconds; -1: until nothing is pending, a day at most */
};

/* What a replay's exit status says. */
enum { REPLAY_WHOLE = 0, REPLAY_FLAWED = 1, REPLAY_FAILED = 2 };

/* Runs it, from the inputs and rules of SEC's options; returns the exit status, and has said on
 * standard error what was wrong.  All is the caller's.  argv is the command line, for Perl.  To be
 * called once. */
int replay_run(const struct replay_options *given, struct options *engine_options, int argc,
               char **argv);

#endif
