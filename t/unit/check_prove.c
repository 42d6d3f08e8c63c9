/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of rules, from their steps to their outcomes. */
#include "prove.h"

static const char brute[] = "type=SingleWithThreshold\nptype=RegExp\npattern=fail (\\S+)\n"
                            "desc=guesses from $1\n"
                            "action=write /var/log/alerts brute force from $1; create BLOCK_$1 "
                            "3600\nwindow=60\nthresh=5\n";

START_TEST(a_test_passes)
{
    prove(brute, "rules: r.sec\nzone: Europe/Berlin\nstart: Mon 2024-01-01 08:00\n"
                 "header: %b %e %H:%M:%S web1\n"
                 "test: five failures alert once\n"
                 "  +0s x4 every 10s fail 10.0.0.9\n"
                 "  not write\n"
                 "  +10s fail 10.0.0.9\n"
                 "  expect write /var/log/alerts ~ ^brute force from 10\\.0\\.0\\.9$\n"
                 "  expect context BLOCK_10.0.0.9 until +1h\n"
                 "  +30m fail 10.0.0.9\n"
                 "  nothing else\n");
    ck_passed(0);
    ck_assert_str_eq(text_in(outcome(0), "file"), "t.sectest");
    ck_assert_str_eq(text_in(outcome(0), "name"), "five failures alert once");
    ck_assert_int_eq(json_integer_value(json_object_get(outcome(0), "line")), 5);
}
END_TEST

RUN_PROVING_TESTS("prove", a_test_passes)
