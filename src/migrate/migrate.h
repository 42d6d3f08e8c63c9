/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The proof before the move: runs an unmodified SEC and Secant with the same rules over the same
 * lines, at the times of the lines.  Effects of the rules are not performed.
 *
 * What both do is compared step by step (migrate/step.h) as it comes. */
#ifndef SECANT_MIGRATE_MIGRATE_H
#define SECANT_MIGRATE_MIGRATE_H

#include "migrate/stretches.h"
#include "replay/input.h"
#include "state/options.h"

struct migrate_options {
    char *const *reference;     /* the SEC: words of its command, NULL at their end */
    char *const *others;        /* the site's options, but rule files and inputs */
    const struct bytes *inputs; /* as --input has them */
    size_t input_count;
    struct line_options lines;
    /* Seconds since the epoch: lines before `from` and at or after `until` are passed over. */
    int64_t from, until;
    struct sample sample;    /* how much of these lines */
    const char *resume_file; /* what was equal is kept there; NULL: all is compared in one */
    uint64_t stretches;      /* in so many parts then; 0: ten */
    uint64_t states;         /* states are compared after so many lines, and at the end */
    const char *case_folder; /* where the smallest case of a difference goes; NULL: nowhere */
    bool mask;               /* the report and the case are without secrets */
    const char *html;        /* where the report goes as a page as well; NULL: nowhere */
    bool json, quiet;
    bool unguarded; /* it may run without a guard (guard/guard.h) */
    int argc;       /* the command line, for Perl */
    char **argv;
};

/* Exit statuses. */
enum { MIGRATE_EQUAL = 0, MIGRATE_DIFFERS = 1, MIGRATE_FAILED = 2 };

/* Runs the comparison and returns the exit status; errors go to standard error.  The arguments
 * remain the caller's. */
int migrate_run(const struct migrate_options *options, struct options *engine_options);

#endif
