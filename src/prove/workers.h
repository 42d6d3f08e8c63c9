/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests run in several processes at once; what became of them is told in their order.
 *
 * Workers are forked from a process in which Perl has not been started, and start their own.  Each
 * gets a few tests of one file at a time, and is told the next ones when it has told their
 * outcomes.  One that dies is an error of the test that it had; another takes its place. */
#ifndef SECANT_PROVE_WORKERS_H
#define SECANT_PROVE_WORKERS_H

#include "prove/prove.h"

/* A test that is to be run. */
struct work_item {
    const struct test_file *file;
    const struct test *test;
    struct bytes outcome; /* owned; ptr NULL: not yet */
};

struct work {
    struct work_item *items; /* the caller's; those of a file one after another */
    size_t count;
    size_t jobs;          /* workers at once; 1 or more */
    struct prover prover; /* but for wanted, told and arg */
    char **argv;          /* argv[0] is the program */
    /* Each in turn, as soon as all before it have been told. */
    void (*told)(void *arg, const struct work_item *item);
    void *arg;
};

/* To the end, or until it is interrupted (stage/interrupt.h). */
void work_run(struct work *work);

#endif
