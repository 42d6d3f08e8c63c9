/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs all tests of a file.
 *
 *     prove_prepare();                      before perl_run_main
 *     status = perl_run_main(..., body, ...);   body calls prove_file for one file after another
 *     prove_leave(status);                  right after it
 *
 * Tests run in processes of their own, so that none sees what code in rules has left in Perl, and a
 * test that dies or hangs is a single error.  A process continues with the next test as long as no
 * code has run in it.  If there is code, or many rules, they are loaded once for all tests with the
 * same head, and each test runs in a copy of that process. */
#ifndef SECANT_PROVE_PROVE_H
#define SECANT_PROVE_PROVE_H

#include "prove/sectest.h"
#include "state/options.h"

struct prover {
    /* Reads SEC's options from a command line; argv[0] is the program.  NULL: some are wrong. */
    struct options *(*read_options)(int argc, char **argv);
    void (*free_options)(struct options *options);
    bool coverage; /* outcomes tell which parts of the rules were reached */
    /* Another SEC that runs the tests (stage/upstream.h): the words of its command, ended by NULL.
     * NULL: the engine runs them.  Another SEC gives no coverage. */
    char *const *with;
    int limit;           /* seconds that a test may take; 0: 60; may change between tests */
    struct bytes folder; /* where tests have their folders; "": $TMPDIR or /tmp */
    /* Should this test be run?  NULL: run all. */
    bool (*wanted)(void *arg, const struct test *test);
    /* Receives the outcome of each test, in the order of the file: a JSON object
     * (prove/outcome.h). */
    void (*told)(void *arg, struct bytes outcome);
    void *arg;
};

void prove_prepare(void);
int prove_limit(const struct prover *prover); /* in seconds */
void prove_file(const struct prover *prover, const struct test_file *file);
/* Ends the process if code in rules has ended Perl in it, and so the test; otherwise returns.
 * status: what perl_run_main returned. */
void prove_leave(int status);

#endif
