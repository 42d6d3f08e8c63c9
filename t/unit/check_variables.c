/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Action list variables: kinds, built-in variables, and when the time ones change. */
#include "state.h"

static uint32_t id(struct fixture *f, const char *name)
{
    return names_id(f->engine.rules.names, bytes_of(name));
}

static const struct variable *get(struct fixture *f, const char *name)
{
    return variables_get(f->engine.state.variables, id(f, name));
}

static void ck_variable(struct fixture *f, const char *name, enum variable_kind kind,
                        const char *text)
{
    const struct variable *variable = get(f, name);
    ck_assert_msg(variable->kind == kind, "%%%s is of kind %d, not %d", name, variable->kind, kind);
    ck_bytes_eq(buf_bytes(&variable->text), bytes_of(text));
}

START_TEST(a_variable_holds_what_it_was_set_to)
{
    struct fixture *f = fixture_new();
    struct variables *variables = f->engine.state.variables;
    uint32_t x = id(f, "x");
    ck_assert_int_eq(variables_get(variables, x)->kind, VARIABLE_ABSENT);
    variables_set(variables, x, bytes_make("a\0b", 3));
    ck_bytes_eq(buf_bytes(&variables_get(variables, x)->text), bytes_make("a\0b", 3));
    variables_set_number(variables, x, -5);
    ck_variable(f, "x", VARIABLE_NUMBER, "-5");
    variables_set_numeric(variables, x, B("1.5"));
    ck_variable(f, "x", VARIABLE_NUMBER, "1.5");
    variables_set_undef(variables, x);
    ck_variable(f, "x", VARIABLE_UNDEF, "");
    variables_unset(variables, x);
    ck_variable(f, "x", VARIABLE_ABSENT, "");
    fixture_free(f);
}
END_TEST

START_TEST(truth_is_perls)
{
    struct fixture *f = fixture_new();
    struct variables *variables = f->engine.state.variables;
    uint32_t x = id(f, "x");
    ck_assert(!variables_true(variables, x));
    variables_set_undef(variables, x);
    ck_assert(!variables_true(variables, x));
    variables_set(variables, x, B(""));
    ck_assert(!variables_true(variables, x));
    variables_set(variables, x, B("0"));
    ck_assert(!variables_true(variables, x));
    variables_set_number(variables, x, 0);
    ck_assert(!variables_true(variables, x));
    variables_set(variables, x, B("00"));
    ck_assert(variables_true(variables, x));
    variables_set_number(variables, x, 7);
    ck_assert(variables_true(variables, x));
    fixture_free(f);
}
END_TEST

START_TEST(characters_have_names)
{
    struct fixture *f = fixture_new();
    ck_variable(f, "%", VARIABLE_TEXT, "%");
    ck_variable(f, ".nl", VARIABLE_TEXT, "\n");
    ck_variable(f, ".cr", VARIABLE_TEXT, "\r");
    ck_variable(f, ".tab", VARIABLE_TEXT, "\t");
    ck_variable(f, ".sp", VARIABLE_TEXT, " ");
    ck_variable(f, ".chr65", VARIABLE_TEXT, "A");
    ck_variable(f, ".chr255", VARIABLE_TEXT, "\xff");
    ck_bytes_eq(buf_bytes(&get(f, ".chr0")->text), bytes_make("\0", 1));
    ck_variable(f, ".chr256", VARIABLE_ABSENT, "");
    fixture_free(f);
}
END_TEST

START_TEST(the_event_and_the_time_appear_with_the_first_expansion)
{
    struct fixture *f = fixture_new();
    ck_variable(f, "s", VARIABLE_ABSENT, "");
    ck_variable(f, "t", VARIABLE_ABSENT, "");
    ck_variable(f, "u", VARIABLE_ABSENT, "");
    variables_touch(f->engine.state.variables, B("the event"));
    ck_variable(f, "s", VARIABLE_TEXT, "the event");
    ck_variable(f, "t", VARIABLE_TEXT, "Thu Jan  1 00:16:40 1970");
    ck_variable(f, "u", VARIABLE_NUMBER, "1000");
    fixture_free(f);
}
END_TEST

START_TEST(the_time_changes_only_with_an_expansion)
{
    struct fixture *f = fixture_new();
    struct variables *variables = f->engine.state.variables;
    ck_variable(f, ".sec", VARIABLE_NUMBER, "40");
    variables_touch(variables, B("a"));
    advance_to(f, 1001);
    ck_variable(f, "u", VARIABLE_NUMBER, "1000");
    ck_variable(f, ".sec", VARIABLE_NUMBER, "40");
    variables_touch(variables, B("b"));
    ck_variable(f, "u", VARIABLE_NUMBER, "1001");
    ck_variable(f, "t", VARIABLE_TEXT, "Thu Jan  1 00:16:41 1970");
    ck_variable(f, ".sec", VARIABLE_NUMBER, "41");
    ck_variable(f, ".hmsstr", VARIABLE_TEXT, "00:16:41");
    fixture_free(f);
}
END_TEST

START_TEST(what_the_user_sets_lasts_until_the_next_expansion)
{
    struct fixture *f = fixture_new();
    struct variables *variables = f->engine.state.variables;
    variables_touch(variables, B("event"));
    variables_set(variables, id(f, "s"), B("mine"));
    variables_set(variables, id(f, "u"), B("mine"));
    variables_unset(variables, id(f, "t"));
    ck_variable(f, "s", VARIABLE_TEXT, "mine");
    ck_variable(f, "u", VARIABLE_TEXT, "mine");
    ck_variable(f, "t", VARIABLE_ABSENT, "");
    variables_touch(variables, B("event"));
    ck_variable(f, "s", VARIABLE_TEXT, "event");
    ck_variable(f, "u", VARIABLE_NUMBER, "1000");
    ck_variable(f, "t", VARIABLE_TEXT, "Thu Jan  1 00:16:40 1970");
    fixture_free(f);
}
END_TEST

START_TEST(a_time_variable_that_perl_set_lasts_for_its_second)
{
    struct fixture *f = fixture_new();
    struct variables *variables = f->engine.state.variables;
    advance_to(f, 1005);
    variables_touch(variables, B(""));
    variables_set(variables, id(f, ".sec"), B("mine"));
    variables_touch(variables, B(""));
    ck_variable(f, ".sec", VARIABLE_TEXT, "mine");
    ck_variable(f, ".min", VARIABLE_NUMBER, "16");
    advance_to(f, 1006);
    variables_touch(variables, B(""));
    ck_variable(f, ".sec", VARIABLE_NUMBER, "46");
    fixture_free(f);
}
END_TEST

START_TEST(time_variables_have_upstreams_forms)
{
    struct fixture *f = fixture_new();
    setenv("TZ", "XYZ+3:30", 1); /* west of Greenwich */
    advance_to(f, 1709534709);   /* Mon Mar  4 06:45:09 2024 UTC */
    variables_touch(f->engine.state.variables, B(""));
    ck_variable(f, ".sec", VARIABLE_TEXT, "09");
    ck_variable(f, ".min", VARIABLE_NUMBER, "15");
    ck_variable(f, ".hour", VARIABLE_TEXT, "03");
    ck_variable(f, ".hmsstr", VARIABLE_TEXT, "03:15:09");
    ck_variable(f, ".mday", VARIABLE_TEXT, "04");
    ck_variable(f, ".mdaystr", VARIABLE_TEXT, " 4");
    ck_variable(f, ".mon", VARIABLE_TEXT, "03");
    ck_variable(f, ".monstr", VARIABLE_TEXT, "Mar");
    ck_variable(f, ".year", VARIABLE_NUMBER, "2024");
    ck_variable(f, ".wday", VARIABLE_NUMBER, "1");
    ck_variable(f, ".wdaystr", VARIABLE_TEXT, "Mon");
    ck_variable(f, ".tzname", VARIABLE_TEXT, "XYZ");
    ck_variable(f, ".tzoff", VARIABLE_TEXT, "-0330");
    ck_variable(f, ".tzoff2", VARIABLE_TEXT, "-03:30");
    fixture_free(f);
}
END_TEST

START_TEST(two_digit_days_and_months_are_numbers)
{
    struct fixture *f = fixture_new();
    advance_to(f, 1734262200); /* Sun Dec 15 11:30:00 2024 UTC */
    variables_touch(f->engine.state.variables, B(""));
    ck_variable(f, ".mday", VARIABLE_NUMBER, "15");
    ck_variable(f, ".mdaystr", VARIABLE_NUMBER, "15");
    ck_variable(f, ".mon", VARIABLE_NUMBER, "12");
    ck_variable(f, ".wday", VARIABLE_NUMBER, "0");
    ck_variable(f, ".tzoff2", VARIABLE_TEXT, "+00:00");
    fixture_free(f);
}
END_TEST

START_TEST(reset_leaves_the_built_in_ones)
{
    struct fixture *f = fixture_new();
    struct variables *variables = f->engine.state.variables;
    variables_touch(variables, B("event"));
    variables_set(variables, id(f, "x"), B("value"));
    advance_to(f, 1002);
    variables_reset(variables);
    ck_variable(f, "x", VARIABLE_ABSENT, "");
    ck_variable(f, "s", VARIABLE_ABSENT, "");
    ck_variable(f, "u", VARIABLE_ABSENT, "");
    ck_variable(f, ".sec", VARIABLE_NUMBER, "42");
    ck_variable(f, ".nl", VARIABLE_TEXT, "\n");
    fixture_free(f);
}
END_TEST

START_TEST(the_list_is_sorted_and_up_to_date)
{
    struct fixture *f = fixture_new();
    struct variables *variables = f->engine.state.variables;
    struct variable_entry *list;
    /* %%, 4 characters with names, 256 with numbers, 14 of the time */
    size_t built_in = variables_list(variables, &f->engine.line.arena, &list);
    ck_assert_uint_eq(built_in, 1 + 4 + 256 + 14);
    advance_to(f, 1003);
    variables_touch(variables, B("e"));
    variables_set_undef(variables, id(f, "zz"));
    variables_set(variables, id(f, "Z"), B("big"));
    variables_set(variables, id(f, "gone"), B("x"));
    variables_unset(variables, id(f, "gone"));
    size_t count = variables_list(variables, &f->engine.line.arena, &list);
    ck_assert_uint_eq(count, built_in + 5); /* s t u zz Z */
    for (size_t i = 1; i < count; i++)
        ck_assert_int_lt(bytes_cmp(list[i - 1].name, list[i].name), 0);
    ck_bytes_eq(list[count - 1].name, B("zz"));
    ck_assert_int_eq(list[count - 1].variable->kind, VARIABLE_UNDEF);
    ck_bytes_eq(list[count - 2].name, B("u"));
    ck_bytes_eq(buf_bytes(&list[count - 2].variable->text), B("1003"));
    fixture_free(f);
}
END_TEST

START_TEST(append_adds_nothing_for_what_has_no_value)
{
    struct fixture *f = fixture_new();
    struct variables *variables = f->engine.state.variables;
    struct buf out = {0};
    variables_set_undef(variables, id(f, "undefined"));
    variables_set_number(variables, id(f, "n"), 12);
    variables_append(variables, id(f, "absent"), &out);
    variables_append(variables, id(f, "undefined"), &out);
    variables_append(variables, id(f, "n"), &out);
    variables_touch(variables, B("event"));
    variables_append(variables, id(f, "s"), &out);
    variables_append(variables, id(f, "u"), &out);
    ck_bytes_eq(buf_bytes(&out), B("12event1000"));
    buf_free(&out);
    fixture_free(f);
}
END_TEST

RUN_TESTS("variables", a_variable_holds_what_it_was_set_to, truth_is_perls, characters_have_names,
          the_event_and_the_time_appear_with_the_first_expansion,
          the_time_changes_only_with_an_expansion,
          what_the_user_sets_lasts_until_the_next_expansion,
          a_time_variable_that_perl_set_lasts_for_its_second, time_variables_have_upstreams_forms,
          two_digit_days_and_months_are_numbers, reset_leaves_the_built_in_ones,
          the_list_is_sorted_and_up_to_date, append_adds_nothing_for_what_has_no_value)
