/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `secant test`: files are found and read, their tests run, and what became of them is told. */
#ifndef SECANT_PROVE_SUITE_H
#define SECANT_PROVE_SUITE_H

#include "prove/find.h"
#include "prove/prove.h"

enum suite_form { SUITE_TEXT, SUITE_TAP, SUITE_JSON };

struct suite_options {
    const struct bytes *words; /* files, FILE:LINE, folders; none: the present folder */
    size_t word_count;
    struct choice choice;
    enum suite_form form; /* of standard output */
    bool github;          /* annotations as well */
    const char *junit;    /* this file as well; NULL: none */
    bool verbose, quiet;
    bool coverage;    /* tell what tests reach of the rules */
    double least;     /* percent of it; less is a failure */
    const char *lcov; /* a tracefile of it; NULL: none */
    bool update;      /* write what snapshots are now */
    bool watch;       /* go on, and run what changes touch */
    size_t jobs;      /* processes; 0: as many as there are processors */
    struct prover prover;
    struct bytes player; /* what prover.with is called; "": nothing */
    char **argv;         /* argv[0] is the program */
};

/* All passed; one failed or could not run, or too little was reached; nothing ran, or not all that
 * was asked for.  128 and the signal: one that ended it. */
enum { SUITE_FINE, SUITE_FOUND, SUITE_FAILED };

/* Perl must not have been started.  The exit status. */
int suite_run(const struct suite_options *options);

#endif
