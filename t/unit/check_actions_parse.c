/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Action lists: forms, parameters and what is said about wrong ones. */
#include "lang.h"

static bool load_action(const char *action)
{
    struct buf rule = {0};
    buf_printf(&rule, "type=Single\nptype=RegExp\npattern=(.)\ndesc=d\naction=%s\n", action);
    bool sound = load_bytes(buf_bytes(&rule));
    buf_free(&rule);
    return sound;
}

static void expect(const char *action, const char *want)
{
    bool sound = load_action(action);
    struct bytes said = messages();
    ck_assert_msg(sound, "%s: %.*s", action, (int)said.len, said.ptr);
    ck_bytes_eq(list_text(rule_at(0)->action), bytes_of(want));
}

/* The rule is refused with this message in front of "Invalid action list". */
static void expect_fault(const char *action, const char *message)
{
    struct buf want = {0};
    ck_assert_msg(!load_action(action), "%s", action);
    if (*message)
        buf_printf(&want, "Rule in rules at line 1: %s\n", message);
    buf_printf(&want,
               "Rule in rules at line 1: Invalid action list ' %s '\n"
               "No valid rules found in configuration file rules\n",
               action);
    ck_bytes_eq(messages(), buf_bytes(&want));
    buf_free(&want);
}

START_TEST(semicolons_outside_parentheses_separate_actions)
{
    expect("none;  write - a ;none", "none; write [-] [a]; none");
    expect("write - (a;b) c; none", "write [-] [(a;b) c]; none");
    expect("none;;", "none");
    expect(";", "");
    expect("logonly a\\(b;none", "logonly [a(b]; none");
}
END_TEST

START_TEST(an_empty_action_in_between_is_invalid)
{
    expect_fault("none;;none", "Invalid action ''");
    expect_fault(";none", "Invalid action ''");
}
END_TEST

START_TEST(keywords_have_no_case)
{
    expect("WRITE - a; NoNe", "write [-] [a]; none");
    expect("IF %x (NONE) ELSE (none)", "if %x (none) (none)");
}
END_TEST

START_TEST(texts_lose_outer_parentheses_and_masks)
{
    expect("write (f) ( a b )", "write [f] [a b]");
    expect("write f ((a))", "write [f] [(a)]");
    expect("logonly (a) and (b)", "logonly [a) and (b]");
    expect("logonly \\(a\\) \\\\( b\\)", "logonly [(a) \\( b)]");
}
END_TEST

START_TEST(missing_texts_have_a_default)
{
    expect("logonly", "logonly [%s]");
    expect("write f", "write [f] [%s]");
    expect("write f ()", "write [f] [%s]");
    expect("create", "create [%s] [0] ()");
    expect("create A", "create [A] [0] ()");
    expect("create () ()", "create [%s] [0] ()");
    expect("delete", "delete [%s]");
    expect("addinput f", "addinput [f] [-] [_FILE_EVENT_f]");
    expect("addinput f 0 c", "addinput [f] [0] [c]");
}
END_TEST

START_TEST(a_needed_text_must_not_be_empty)
{
    expect_fault("write () a", "Empty filename given for write action");
    expect_fault("WRITE ()", "Empty filename given for write action");
    expect_fault("shellcmd ()", "Empty commandline given for shellcmd action");
    expect_fault("cmdexec ( )", "Empty commandline given for cmdexec action");
    expect_fault("exists %x ()", "Empty context name given for exists action");
}
END_TEST

START_TEST(word_lists_are_split_at_white_space)
{
    expect("cmdexec /bin/x  a 'b c'", "cmdexec </bin/x a 'b c'>");
    expect("cmdexec (/bin/x a)", "cmdexec </bin/x a>");
    expect("call %x %y", "call %x %y <>");
    expect("call %x %y ( a b )", "call %x %y <a b>");
}
END_TEST

START_TEST(an_optional_number_is_a_whole_word)
{
    expect("event", "event 0 [%s]");
    expect("event 5", "event 5 [%s]");
    expect("event 5 x", "event 5 [x]");
    expect("event 5x", "event 0 [5x]");
    expect("event 007 x", "event 7 [x]");
    expect("event 000", "event 0 [%s]");
    expect("event -5", "event 0 [-5]");
    expect("event (5) x", "event 0 [(5) x]");
}
END_TEST

START_TEST(rules_are_numbered_from_one_or_from_here)
{
    expect("reset", "reset # [%s]");
    expect("reset 0", "reset #0 [%s]");
    expect("reset 1 x", "reset #0 [x]");
    expect("reset 010", "reset #9 [%s]");
    expect("reset +1 text", "reset #1 [text]");
    expect("reset -2", "reset #-2 [%s]");
    expect("reset +0", "reset #0 [%s]");
    expect("reset + 1", "reset # [+ 1]");
    expect("reset 1x", "reset # [1x]");
    expect("getwpos %x -1", "getwpos %x #-1 [%s]");
    expect_fault("getwpos %x", "Invalid action 'getwpos %x'");
    expect_fault("getwpos %x 1x", "Invalid action 'getwpos %x 1x'");
}
END_TEST

START_TEST(a_quoted_text_ends_at_the_next_quote)
{
    expect("pipe 'x'", "pipe [x] []");
    expect("pipe '' cat -n", "pipe [%s] [cat -n]");
    expect("pipe '(a b)' (cat)", "pipe [a b] [cat]");
    expect_fault("pipe 'x'cat", "Invalid action 'pipe 'x'cat'");
    expect_fault("pipe 'x", "Invalid action 'pipe 'x'");
    expect_fault("pipe x", "Invalid action 'pipe x'");
}
END_TEST

START_TEST(variables_have_a_token_and_a_name)
{
    expect("copy A %x_1", "copy [A] %x_1");
    expect("empty A", "empty [A] %");
    expect("empty A %x", "empty [A] %x");
    expect_fault("copy A x", "Variable x does not have the form "
                             "%<letter>[<letter>|<digit>|<underscore>]...");
    expect_fault("assign %1 x", "Variable %1 does not have the form "
                                "%<letter>[<letter>|<digit>|<underscore>]...");
    expect_fault("copy () x", "Empty context name given for copy action");
    expect_fault("exists x ()", "Variable x does not have the form "
                                "%<letter>[<letter>|<digit>|<underscore>]...");
}
END_TEST

START_TEST(what_has_another_form_is_invalid)
{
    expect_fault("none x", "Invalid action 'none x'");
    expect_fault("write", "Invalid action 'write'");
    expect_fault("delete a b", "Invalid action 'delete a b'");
    expect_fault("eval %x", "Invalid action 'eval %x'");
    expect_fault("frobnicate x", "Invalid action 'frobnicate x'");
    expect_fault("write(a)", "Invalid action 'write(a)'");
    expect("eval %x ()", "eval %x []");
}
END_TEST

START_TEST(lists_stand_inside_lists)
{
    expect("create A 10 write - x", "create [A] [10] (write [-] [x])");
    expect("create A 10 (write - x; none); none", "create [A] [10] (write [-] [x]; none); none");
    expect("create A 10 ()", "create [A] [10] ()");
    expect("create A 10 (create B 5 (none))", "create [A] [10] (create [B] [5] (none))");
    expect_fault("create A 10 (foo)", "Invalid action 'foo'");
}
END_TEST

START_TEST(conditions_have_blocks)
{
    expect("if %x (none)", "if %x (none) ()");
    expect("if %x (none;none) else ( logonly )", "if %x (none; none) (logonly [%s])");
    expect("if %x () else (none)", "if %x () (none)");
    expect("while %x ( if %y (none) )", "while %x (if %y (none) ())");
    expect("while %x (;)", "while %x ()");
}
END_TEST

START_TEST(a_condition_without_its_form_is_refused_silently)
{
    expect_fault("if %x none", "");
    expect_fault("if %x (none) else none", "");
    expect_fault("if %x (none) else(none)", "");
    expect_fault("if %x (none) x (none)", "");
    expect_fault("if %x(none)", "");
    expect_fault("while %x (none) else (none)", "");
    expect_fault("if", "Invalid action 'if'");
}
END_TEST

START_TEST(empty_blocks_are_told)
{
    expect_fault("if %x ()", "empty action lists given for if-else");
    expect_fault("if %x (;) else ( )", "empty action lists given for if-else");
    expect_fault("while %x ( )", "empty action list given for while");
    expect_fault("if x (foo)", "Variable x does not have the form "
                               "%<letter>[<letter>|<digit>|<underscore>]...");
}
END_TEST

START_TEST(code_follows_an_operator)
{
    expect("lcall %o -> sub { 1 }", "lcall %o <>");
    expect("lcall %o a $1 -> ( sub { 1 } )", "lcall %o <a $1>");
    expect("lcall %o->sub{ 1 }", "lcall %o <>");
    expect("lcall %o (a b):>(sub { \\(1\\) })", "lcall %o <a b>");
    ck_assert(rule_at(0)->action->actions[0]->args[1].cache_entries);
    expect("lcall %o -> sub { $_[0]->{x} }", "lcall %o <>");
    ck_assert(!rule_at(0)->action->actions[0]->args[1].cache_entries);
    expect_fault("lcall %o ->", "Invalid action 'lcall %o ->'");
    expect_fault("lcall -> sub { 1 }", "Invalid action 'lcall -> sub { 1 }'");
    expect_fault("lcall %o->sub { $x->{y} }", "Variable %o->sub does not have the form "
                                              "%<letter>[<letter>|<digit>|<underscore>]...");
}
END_TEST

START_TEST(what_is_no_code_is_shown)
{
    expect_fault("lcall %o -> 1", "Eval '1' didn't return a code reference: 1");
    expect_fault("lcall %o -> undef", "Eval 'undef' didn't return a code reference: undef");
    expect_fault("lcall %o -> (die qq(x\\n))",
                 "Eval 'die qq(x\\n)' didn't return a code reference: x");
}
END_TEST

START_TEST(parentheses_must_be_balanced)
{
    expect_fault("write - (a", "Unbalanced parentheses found in action list 'write - (a'");
    expect_fault("write - a)", "Unbalanced parentheses found in action list 'write - a)'");
    expect("write - a\\)", "write [-] [a)]");
}
END_TEST

enum { LEVELS = 20000 };

START_TEST(lists_may_be_nested_deeply)
{
    static const char *const around[][3] = {
        {"if %a ( ", "none", " )"}, {"create A 5 ", "none", ""}, {"write - ", "(", ")"}};
    for (size_t k = 0; k < 3; k++) {
        struct buf action = {0};
        for (int i = 0; i < LEVELS; i++)
            buf_add(&action, bytes_of(around[k][k == 2 && i > 0]));
        buf_add(&action, bytes_of(around[k][1]));
        for (int i = 0; i < LEVELS; i++)
            buf_add(&action, bytes_of(around[k][2]));
        char *text = bytes_cstr(buf_bytes(&action));
        ck_assert(load_action(text));
        free(text);
        buf_free(&action);
    }
}
END_TEST

START_TEST(a_list_knows_the_keys_inside_it)
{
    expect("write - $1; create A 10 (write - $2; if %x (none) else (write - $1))",
           "write [-] [$1]; create [A] [10] (write [-] [$2]; if %x (none) (write [-] [$1]))");
    const struct action_list *list = rule_at(0)->action;
    ck_assert_uint_eq(list->use_count, 2);
    ck_assert_uint_eq(list->actions[1]->args[2].list->use_count, 2);
    ck_assert(!list->reads_cache);
    expect("create A 10 (write - $:{e:1})", "create [A] [10] (write [-] [$:{e:1}])");
    ck_assert(rule_at(0)->action->reads_cache);
}
END_TEST

RUN_TESTS_IN_PERL("actions_parse", setup, teardown, semicolons_outside_parentheses_separate_actions,
                  an_empty_action_in_between_is_invalid, keywords_have_no_case,
                  texts_lose_outer_parentheses_and_masks, missing_texts_have_a_default,
                  a_needed_text_must_not_be_empty, word_lists_are_split_at_white_space,
                  an_optional_number_is_a_whole_word, rules_are_numbered_from_one_or_from_here,
                  a_quoted_text_ends_at_the_next_quote, variables_have_a_token_and_a_name,
                  what_has_another_form_is_invalid, lists_stand_inside_lists,
                  conditions_have_blocks, a_condition_without_its_form_is_refused_silently,
                  empty_blocks_are_told, code_follows_an_operator, what_is_no_code_is_shown,
                  parentheses_must_be_balanced, lists_may_be_nested_deeply,
                  a_list_knows_the_keys_inside_it)
