/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `secant explain`: lines before the one in question go through the rules unheard, in the time that
 * they tell; then that one's story is told. */
#ifndef SECANT_EXPLAIN_EXPLAIN_H
#define SECANT_EXPLAIN_EXPLAIN_H

#include "explain/tell.h"
#include "replay/input.h"
#include "state/options.h"

struct explain_options {
    struct line_options reading;
    /* Given lines, joined by newlines, or "-": those of standard input.  The last one is explained;
     * NULL: a line of an input is. */
    struct bytes lines;
    bool at_line;         /* which: number at_number of the input or file at_file, or */
    struct bytes at_file; /* "": of the only one */
    uint64_t at_number;
    int64_t at_second; /* the first one at that second (since the epoch) or later */
    bool at_clock;     /* at_second is that of the day: the log's only one */
    enum tell_depth depth;
    bool json;
};

/* What the exit status says. */
enum { EXPLAIN_FIRED, EXPLAIN_NOT_FIRED, EXPLAIN_FAILED };

/* Explains it, with the inputs and rules of SEC's options, on standard output; errors go to
 * standard error.  Returns the exit status, one of those above.  All is the caller's and outlives
 * the call.  argv is the command line, for Perl.  To be called once: Perl starts once in a
 * process. */
int explain_run(const struct explain_options *options, struct options *engine_options, int argc,
                char **argv);

#endif
