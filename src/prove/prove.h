/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All tests of a file.
 *
 *     prove_prepare();                      before perl_run_main
 *     status = perl_run_main(..., body, ...);   body calls prove_file for one file after another
 *     prove_leave(status);                  right after it
 *
 * Tests run in processes of their own, so that none sees what code in rules has left in Perl, and
 * one that dies or hangs is one error.  A process goes on to the next test as long as no code has
 * run in it; where there is code, or rules are many, they are loaded once for tests with the same
 * head, and each of them runs in a copy of that process. */
#ifndef SECANT_PROVE_PROVE_H
#define SECANT_PROVE_PROVE_H

#include "prove/sectest.h"
#include "state/options.h"

struct prover {
    /* SEC's options from a command line; argv[0] is the program; NULL: some are wrong. */
    struct options *(*read_options)(int argc, char **argv);
    void (*free_options)(struct options *options);
    bool coverage; /* outcomes tell what has been reached of the rules */
    /* Another SEC that runs the tests (stage/upstream.h): the words of its command, NULL at their
     * end; NULL: the engine does.  There is no coverage of it. */
    char *const *with;
    int limit;           /* seconds that a test may take, may change from one to the next; 0: 60 */
    struct bytes folder; /* where tests have their folders; "": $TMPDIR or /tmp */
    /* Is the test to be run?  NULL: each is. */
    bool (*wanted)(void *arg, const struct test *test);
    /* What became of a test, in the order of the file: one JSON object (prove/outcome.h). */
    void (*told)(void *arg, struct bytes outcome);
    void *arg;
};

void prove_prepare(void);
int prove_limit(const struct prover *prover); /* in seconds */
void prove_file(const struct prover *prover, const struct test_file *file);
/* Ends a process in which code in rules has ended Perl, and so the test; returns in all others.
 * status: what perl_run_main has returned. */
void prove_leave(int status);

#endif
