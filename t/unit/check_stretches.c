/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of a log: where they are, and what number their lines have. */
#include "migrate/stretches.h"

#include "unit.h"

START_TEST(wishes)
{
    static const char *const wrong[] = {"",    "0",    "-1",   "%",      "0%",           "0.0%",
                                        "1x",  "x%",   "101%", "100.1%", "1.%",          ".5%",
                                        "1.%", "1..%", "-1%",  "1 %",    "1.0000000001%"};
    struct sample sample;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        ck_assert_msg(!sample_read(bytes_of(wrong[i]), &sample), "%s", wrong[i]);
    ck_assert(sample_read(B("5000"), &sample));
    ck_assert(sample.lines == 5000 && sample.part == 0);
    ck_assert(sample_read(B("2%"), &sample));
    ck_assert(sample.lines == 0 && sample.part > 0.0199 && sample.part < 0.0201);
    ck_assert(sample_read(B("0.05%"), &sample) && sample.part > 0.00049 && sample.part < 0.00051);
    ck_assert(sample_read(B("100%"), &sample) && sample.part == 1);
}
END_TEST

START_TEST(as_much_as_is_wanted)
{
    static const struct {
        struct sample sample;
        uint64_t lines;
        struct stretches want;
    } cases[] = {
        {{100000, 0}, 5000000, {10, 10000, 5000000}},
        {{0, 0.02}, 5000000, {10, 10000, 5000000}},
        {{3500, 0}, 5000, {3, 1166, 5000}},
        {{10, 0}, 5000, {1, 10, 5000}},
        {{0, 0.00001}, 5000, {1, 1, 5000}},
        {{5000, 0}, 5000, {0, 0, 0}},
        {{0, 1}, 5000, {0, 0, 0}},
        {{10, 0}, 0, {0, 0, 0}},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct stretches got = stretches_sample(&cases[i].sample, cases[i].lines);
        ck_assert_uint_eq(got.count, cases[i].want.count);
        ck_assert_uint_eq(got.length, cases[i].want.length);
        ck_assert_uint_eq(got.of, cases[i].want.of);
    }
}
END_TEST

/* In order, none in another, from the first line to the last one; lines in between are in none. */
static void check_all(const struct stretches *s)
{
    uint64_t taken = 0, end = 0;
    for (uint64_t at = 0; at < s->count; at++) {
        uint64_t start = stretches_start(s, at);
        ck_assert_uint_ge(start, end);
        ck_assert(at > 0 || start == 0);
        ck_assert(s->length > 0 || start == end);
        end = stretches_end(s, at);
        for (uint64_t line = start; line < end; line++)
            ck_assert_uint_eq(stretches_number(s, 0, ++taken), line + 1);
        ck_assert_uint_eq(stretches_number(s, at, end - start), end);
        ck_assert_uint_le(end, s->of);
    }
    ck_assert(end == s->of || s->count == 1);
    ck_assert_uint_eq(taken, stretches_lines(s));
    ck_assert_uint_eq(stretches_number(s, 0, 0), 0);
}

START_TEST(each_line_has_its_number)
{
    static const struct stretches cases[] = {
        {1, 10, 5000}, {3, 1166, 5000}, {10, 1000, 10001}, {4, 0, 10}, {1, 0, 7}, {7, 0, 7},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        check_all(&cases[i]);
    ck_assert_uint_eq(stretches_number(&(struct stretches){0}, 0, 12), 12);
}
END_TEST

RUN_TESTS("stretches", wishes, as_much_as_is_wanted, each_line_has_its_number)
