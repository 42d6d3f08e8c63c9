/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the unit tests of the ground rooms share: comparing byte strings, running one test case. */
#ifndef SECANT_T_UNIT_H
#define SECANT_T_UNIT_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"

#define ck_bytes_eq(got, want)                                                                     \
    do {                                                                                           \
        struct bytes got_ = (got), want_ = (want);                                                 \
        ck_assert_msg(bytes_eq(got_, want_), "got \"%.*s\", want \"%.*s\"", (int)got_.len,         \
                      got_.ptr, (int)want_.len, want_.ptr);                                        \
    } while (0)

/* Numbers that are the same in every run (a linear congruential generator). */
static inline uint32_t next_number(uint64_t *state, uint32_t below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % below;
}

/* Says why a test does not run here; t/check.pl counts it.  Before the runner starts. */
static inline void skip_test(const char *reason)
{
    printf("# SKIP %s\n", reason);
    fflush(stdout);
}

/* before, after: run around each test; NULL: none. */
static inline int run_tests(const char *name, SFun before, SFun after, const TTest *const *tests,
                            size_t count)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, before, after);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* before, after: as in run_tests. */
#define RUN_TESTS_AROUND(name, before, after, ...)                                                 \
    int main(void)                                                                                 \
    {                                                                                              \
        const TTest *const tests[] = {__VA_ARGS__};                                                \
        return run_tests(name, before, after, tests, sizeof(tests) / sizeof(*tests));              \
    }

#define RUN_TESTS(name, ...) RUN_TESTS_AROUND(name, NULL, NULL, __VA_ARGS__)

#endif
