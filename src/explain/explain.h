/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `secant explain`: runs the lines before the one in question through the rules silently, at the
 * times that they tell, and then tells the story of that line. */
#ifndef SECANT_EXPLAIN_EXPLAIN_H
#define SECANT_EXPLAIN_EXPLAIN_H

#include "explain/tell.h"
#include "replay/input.h"
#include "state/options.h"

struct explain_options {
    struct line_options reading;
    /* Lines given by the user, joined by newlines, or "-" for those of standard input; the last one
     * is explained.  If ptr is NULL, a line of an input is. */
    struct bytes lines;
    bool at_line;         /* explain line at_number of at_file; otherwise that of at_second */
    struct bytes at_file; /* input or file; "": the only one */
    uint64_t at_number;
    int64_t at_second; /* the first line at this second (since the epoch) or later */
    bool at_clock;     /* at_second is a time of day, on the only day of the log */
    enum tell_depth depth;
    bool json;
};

/* Exit statuses. */
enum { EXPLAIN_FIRED, EXPLAIN_NOT_FIRED, EXPLAIN_FAILED };

/* Explains the line on standard output, with the inputs and rules of SEC's options; errors go to
 * standard error.  Returns one of the exit statuses above.  The arguments remain the caller's.
 * argv is the command line, for Perl.  To be called once, as Perl can be started only once in a
 * process. */
int explain_run(const struct explain_options *options, struct options *engine_options, int argc,
                char **argv);

#endif
