/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Context expressions: postfix order, operands, user code and what is said about wrong ones. */
#include "lang.h"

static bool load_context(const char *context)
{
    struct buf rule = {0};
    buf_printf(&rule, "type=Single\nptype=RegExp\npattern=(.)\ncontext=%s\ndesc=d\naction=none\n",
               context);
    bool sound = load_bytes(buf_bytes(&rule));
    buf_free(&rule);
    return sound;
}

static const struct context_expr *parsed(void)
{
    return rule_at(0)->parts[0].context;
}

static void expect(const char *context, const char *want)
{
    bool sound = load_context(context);
    struct bytes said = messages();
    ck_assert_msg(sound, "%s: %.*s", context, (int)said.len, said.ptr);
    ck_bytes_eq(expr_text(parsed()), bytes_of(want));
}

/* The rule is refused with this message in front of "Invalid context expression". */
static void expect_fault(const char *context, const char *message)
{
    struct buf want = {0};
    ck_assert_msg(!load_context(context), "%s", context);
    if (*message)
        buf_printf(&want, "%s\n", message);
    buf_printf(&want,
               "Rule in rules at line 1: Invalid context expression ' %s '\n"
               "No valid rules found in configuration file rules\n",
               context);
    ck_bytes_eq(messages(), buf_bytes(&want));
    buf_free(&want);
}

START_TEST(operators_follow_their_operands)
{
    expect("A", "A");
    expect("A && B", "A B &&");
    expect("A&&B||C&&D", "A B && C D && ||");
    expect("A || B || C", "A B || C ||");
    expect("A && B && C", "A B && C &&");
    expect("!A && ! !B", "A ! B ! ! &&");
    expect("A || B && !C", "A B C ! && ||");
}
END_TEST

START_TEST(operators_are_found_from_the_end)
{
    expect("A|||B", "A| B ||");
    expect("A&&&B", "A& B &&");
}
END_TEST

START_TEST(groups_stand_for_themselves)
{
    expect("(A || B) && !(C)", "(A B ||) (C) ! &&");
    expect("((A))", "((A))");
    expect("!( ! A )", "(A !) !");
}
END_TEST

START_TEST(names_hold_what_is_no_operator)
{
    expect("->", "->");
    expect("=", "=");
    expect("A!b|c&d", "A!b|c&d");
    expect("CTX_$1_\\(x\\)", "CTX_$1_(x)");
    expect("varset", "varset");
    ck_assert_int_eq(parsed()->items[0].op, EXPR_OPERAND);
}
END_TEST

START_TEST(code_is_evaluated_or_called)
{
    expect("=( $x > 1 || \\(2\\) )", "= $x > 1 || (2) ");
    expect("= 1", "=1");
    expect("a $1 -> ( sub { 1 } )", "-><a $1>");
    expect("(a b) :> (sub { 1 }) && A", ":><a b> A &&");
    expect("->sub { 1 }", "-><>");
    expect("varset e_$1", "varset e_$1");
    expect("varset (a b)", "varset a b");
}
END_TEST

START_TEST(an_expression_knows_whether_it_may_act)
{
    expect("A && varset B", "A varset B &&");
    ck_assert(!parsed()->may_act);
    expect("A && (B || =(1))", "A (B =1 ||) &&");
    ck_assert(parsed()->may_act);
    expect("-> (sub { 1 })", "-><>");
    ck_assert(parsed()->may_act);
}
END_TEST

START_TEST(an_expression_knows_its_keys)
{
    expect("A_$1 && ($+{n} :> (sub { 1 }) || =($1)) && varset $:{e:2}",
           "A_$1 (:><$+{n}> =$1 ||) && varset $:{e:2} &&");
    ck_assert_uint_eq(parsed()->use_count, 3);
    ck_assert(parsed()->reads_cache);
}
END_TEST

START_TEST(what_is_no_expression_is_refused)
{
    expect_fault("A B", "");
    expect_fault("A &&", "");
    expect_fault("!", "");
    expect_fault("(A", "");
    expect_fault("A)", "");
    expect_fault("()", "");
    expect_fault("varset a b", "");
}
END_TEST

START_TEST(a_group_where_none_belongs_is_told)
{
    expect_fault("A(b)", "Unexpected subexpression 'b' in 'A(b)'");
    expect_fault("(A) && b(c)d", "Unexpected subexpression 'c' in '(A) && b(c)d'");
    expect_fault("(1) (b) -> (sub { 1 })", "Eval '1' didn't return a code reference: 1");
}
END_TEST

START_TEST(what_is_no_code_is_shown)
{
    expect_fault("-> (1)", "Eval '1' didn't return a code reference: 1");
    expect_fault("-> undef", "Eval 'undef' didn't return a code reference: undef");
}
END_TEST

START_TEST(brackets_ask_for_evaluation_before_the_pattern)
{
    expect("[A && B_$1]", "A B_$1 &&");
    ck_assert(rule_at(0)->parts[0].context_first);
    ck_assert_uint_eq(parsed()->use_count, 0);
    expect("[A", "[A");
    ck_assert(!rule_at(0)->parts[0].context_first);
    ck_assert(!load_context("[A B]"));
    ck_assert_int_ge(bytes_find(messages(), B("Invalid context expression ' A B '"), 0), 0);
}
END_TEST

START_TEST(a_nul_byte_is_a_name_like_any_other)
{
    ck_assert(load_bytes(B("type=Single\nptype=TValue\npattern=TRUE\ncontext=\0 && (B)\ndesc=d\n"
                           "action=none\n")));
    ck_bytes_eq(expr_text(parsed()), B("\0 (B) &&"));
}
END_TEST

START_TEST(groups_may_be_nested_deeply)
{
    enum { LEVELS = 20000 };
    struct buf context = {0};
    for (int i = 0; i < LEVELS; i++)
        buf_add(&context, B("(!A && "));
    buf_char(&context, 'B');
    for (int i = 0; i < LEVELS; i++)
        buf_char(&context, ')');
    char *text = bytes_cstr(buf_bytes(&context));
    ck_assert(load_context(text));
    free(text);
    buf_free(&context);
}
END_TEST

RUN_TESTS_IN_PERL("context_parse", setup, teardown, operators_follow_their_operands,
                  operators_are_found_from_the_end, groups_stand_for_themselves,
                  names_hold_what_is_no_operator, code_is_evaluated_or_called,
                  an_expression_knows_whether_it_may_act, an_expression_knows_its_keys,
                  what_is_no_expression_is_refused, a_group_where_none_belongs_is_told,
                  what_is_no_code_is_shown, brackets_ask_for_evaluation_before_the_pattern,
                  a_nul_byte_is_a_name_like_any_other, groups_may_be_nested_deeply)
