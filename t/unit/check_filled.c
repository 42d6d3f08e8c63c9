/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patterns with values: what is certain before the values are known, and what a line must hold. */
#include "match/filled.h"

#include "unit.h"

static struct arena arena;

static struct filled read_two(struct bytes before, struct bytes after)
{
    struct bytes texts[] = {before, after};
    struct filled filled;
    filled_read(texts, 1, &arena, &filled);
    return filled;
}

START_TEST(a_value_among_text_is_certain)
{
    struct filled f = read_two(B("^\\S+ session closed for user "), B(" \\(uid=0\\)$"));
    ck_assert(f.certain);
    ck_assert_uint_eq(f.count, 3);
    ck_assert(bytes_eq(f.pieces[0].text, B(" session closed for user ")));
    ck_assert_int_eq(f.pieces[0].value, -1);
    ck_assert_int_eq(f.pieces[1].value, 0);
    ck_assert(bytes_eq(f.pieces[2].text, B(" (uid=0)")));
}
END_TEST

START_TEST(a_value_in_a_group_is_required_as_it_is_outside)
{
    struct filled f = read_two(B("(?:down|up) (interface "), B(")"));
    ck_assert(f.certain);
    ck_assert_uint_eq(f.count, 2);
}
END_TEST

START_TEST(a_line_must_hold_what_stands_beside_the_value)
{
    struct filled f = read_two(B("session \\d+ closed for user "), B("(?: by root)?$"));
    ck_assert_uint_eq(f.required_count, 1);
    ck_assert(bytes_eq(f.required[0].text, B(" closed for user ")));
    f = read_two(B(""), B(""));
    ck_assert(f.certain);
    ck_assert_uint_eq(f.required_count, 0);
}
END_TEST

START_TEST(the_longest_literal_with_a_value_is_taken)
{
    struct bytes texts[] = {B("a "), B(".*closed by "), B("")};
    struct filled f;
    filled_read(texts, 2, &arena, &f);
    ck_assert(f.certain);
    ck_assert_uint_eq(f.count, 2);
    ck_assert_int_eq(f.pieces[1].value, 1);
}
END_TEST

START_TEST(an_optional_value_is_certain_but_not_required)
{
    struct filled f = read_two(B("down(?: on "), B(")? now"));
    ck_assert(f.certain);
    ck_assert_uint_eq(f.count, 0);
    f = read_two(B("up|down "), B(""));
    ck_assert(f.certain);
    ck_assert_uint_eq(f.count, 0);
}
END_TEST

static const char *const uncertain[][2] = {
    {"[", "]"},       {"a{", "}"},   {"a{2,", "}"},  {"\\", ""},      {"\\x", ""},
    {"\\1", "(a)"},   {"\\0", ""},   {"\\c", ""},    {"(?#", ")"},    {"(?<", ">a)"},
    {"a ", "+"},      {"a ", "?"},   {"(?i)a ", ""}, {"(?=a ", ")a"}, {"(", ""},
    {"\\Qa ", "\\E"}, {"\\N{", "}"}, {"\\g", "(a)"}, {"(?{", "})"},   {"a(?", ")"},
};

START_TEST(a_value_that_may_be_syntax_is_not_certain)
{
    for (size_t i = 0; i < sizeof(uncertain) / sizeof(*uncertain); i++) {
        struct filled f = read_two(bytes_of(uncertain[i][0]), bytes_of(uncertain[i][1]));
        ck_assert_msg(!f.certain, "%s VALUE %s", uncertain[i][0], uncertain[i][1]);
        ck_assert_uint_eq(f.count, 0);
    }
}
END_TEST

START_TEST(no_value_no_answer)
{
    struct bytes texts[] = {B("session closed")};
    struct filled f;
    filled_read(texts, 0, &arena, &f);
    ck_assert(!f.certain);
}
END_TEST

RUN_TESTS("filled", a_value_among_text_is_certain, a_value_in_a_group_is_required_as_it_is_outside,
          a_line_must_hold_what_stands_beside_the_value, the_longest_literal_with_a_value_is_taken,
          an_optional_value_is_certain_but_not_required, a_value_that_may_be_syntax_is_not_certain,
          no_value_no_answer)
