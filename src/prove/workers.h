/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs tests in several processes at once, and reports the outcomes in their order.
 *
 * Workers are forked from a process in which Perl has not been started, and start Perl themselves.
 * Each gets a few tests of one file at a time, and the next ones when it has reported the outcomes
 * of these.  A worker that dies is an error of the test that it ran; another takes its place. */
#ifndef SECANT_PROVE_WORKERS_H
#define SECANT_PROVE_WORKERS_H

#include "prove/prove.h"

/* A test that is to be run. */
struct work_item {
    const struct test_file *file;
    const struct test *test;
    struct bytes outcome; /* owned; ptr NULL: none yet */
};

struct work {
    struct work_item *items; /* owned by the caller; those of a file are next to each other */
    size_t count;
    size_t jobs;          /* workers at once; 1 or more */
    struct prover prover; /* its members wanted, told and arg are not used */
    char **argv;          /* argv[0] is the program */
    /* Called for each item in turn, as soon as all before it have been reported. */
    void (*told)(void *arg, const struct work_item *item);
    void *arg;
};

/* Runs all items, or until it is interrupted (stage/interrupt.h). */
void work_run(struct work *work);

#endif
