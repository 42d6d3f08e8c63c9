/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests that run inside an interpreter, because rules and patterns hold code. */
#ifndef SECANT_T_IN_PERL_H
#define SECANT_T_IN_PERL_H

#include "perl/interp.h"
#include "unit.h"

/* before, after: run around each test; NULL: none. */
#define RUN_TESTS_IN_PERL(name, before, after, ...)                                                \
    static void run_in_perl(void *status)                                                          \
    {                                                                                              \
        const TTest *const tests[] = {__VA_ARGS__};                                                \
        *(int *)status = run_tests(name, before, after, tests, sizeof(tests) / sizeof(*tests));    \
    }                                                                                              \
    int main(int argc, char **argv, char **env)                                                    \
    {                                                                                              \
        (void)argc;                                                                                \
        int failed = EXIT_FAILURE;                                                                 \
        int status = perl_run_main(1, (char *[]){argv[0], NULL}, env, run_in_perl, &failed);       \
        return status == 0 ? failed : status;                                                      \
    }

#endif
