/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `secant test`: finds and reads test files, runs their tests, and reports the outcomes. */
#ifndef SECANT_PROVE_SUITE_H
#define SECANT_PROVE_SUITE_H

#include "prove/find.h"
#include "prove/prove.h"

enum suite_form { SUITE_TEXT, SUITE_TAP, SUITE_JSON };

struct suite_options {
    const struct bytes *words; /* files, FILE:LINE, folders; none: the current folder */
    size_t word_count;
    struct choice choice;
    enum suite_form form; /* of standard output */
    bool github;          /* write annotations, too */
    const char *junit;    /* write this JUnit file, too; NULL: none */
    bool verbose, quiet;
    bool coverage;    /* tell which parts of the rules the tests reach */
    double least;     /* fail if the coverage is less than this many percent */
    const char *lcov; /* write the coverage to this tracefile; NULL: none */
    bool update;      /* update the snapshots in test files */
    bool watch;       /* go on, and run tests again that changes affect */
    size_t jobs;      /* number of processes; 0: as many as there are processors */
    struct prover prover;
    struct bytes player; /* the name of prover.with; "": none */
    char **argv;         /* argv[0] is the program */
};

/* Exit statuses: all passed; a test failed or could not run, or too little was reached; nothing
 * ran, or not all that was asked for.  After a signal it is 128 plus the signal's number. */
enum { SUITE_FINE, SUITE_FOUND, SUITE_FAILED };

/* Returns the exit status.  Perl must not have been started. */
int suite_run(const struct suite_options *options);

#endif
