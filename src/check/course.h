/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The course of `secant check`. */
#ifndef SECANT_CHECK_COURSE_H
#define SECANT_CHECK_COURSE_H

#include "check/files.h"
#include "check/report.h"
#include "lint/lint.h"
#include "replay/input.h"

struct check_options {
    struct lint_options lint;
    const struct lint_files *files;
    bool each;                             /* each file is a set of its own */
    bool incomplete;                       /* something that was asked for is missing */
    struct bytes baseline, write_baseline; /* names of files; {0}: none */
    bool fix, write;                       /* --fix; write the fixes into the files */
    const struct bytes *fix_names;         /* the checks to fix */
    size_t fix_count;                      /* 0: all */
    const struct bytes *logs;  /* names of logs to run through the rules, as those of inputs */
    size_t log_count;          /* 0: none; must be 0 with `each` or `fix` */
    struct line_options lines; /* how they are read */
    const struct lint_format *format;
    struct lint_style style;
};

enum { CHECK_FINE, CHECK_FOUND, CHECK_FAILED };

/* Loads and checks the files.  The report goes to standard output, errors to standard error.
 * Returns the exit status. */
int check_run(const struct check_options *options, struct options *engine_options, int argc,
              char **argv);

#endif
