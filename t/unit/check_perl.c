/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bridge to Perl.  All tests run inside one interpreter, as the engine does. */
#include "perl_bridge.h"

#include <malloc.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "perl/time.h"

START_TEST(only_a_code_reference_compiles)
{
    struct perl_value *v;
    perl_release(code("sub { 1 }"));
    ck_assert(!perl_compile(B("'text'"), &v, &error));
    ck_assert_str_eq(error_text(), "text");
    buf_clear(&error);
    ck_assert(!perl_compile(B(""), &v, &error));
    ck_assert_str_eq(error_text(), "undef");
    buf_clear(&error);
    ck_assert(!perl_compile(B("bless sub { 1 }, 'Code'"), &v, &error));
    ck_assert(bytes_starts(buf_bytes(&error), B("Code=CODE(0x")));
    buf_clear(&error);
    ck_assert(!perl_compile(B("sub { "), &v, &error));
    ck_assert(bytes_starts(buf_bytes(&error), B("Missing right curly")));
    ck_assert_int_ne(error.ptr[error.len - 1], '\n');
}
END_TEST

START_TEST(values_come_with_their_kind)
{
    struct perl_list list = eval("(undef, '', \"a\\0b\", 42, -7, 1/4, 1e15, '5', [1], sub {})");
    ck_assert_uint_eq(list.count, 10);
    const struct {
        enum perl_kind kind;
        struct bytes text;
    } expected[] = {{PERL_UNDEF, B("")},       {PERL_TEXT, B("")},     {PERL_TEXT, B("a\0b")},
                    {PERL_NUMBER, B("42")},    {PERL_NUMBER, B("-7")}, {PERL_NUMBER, B("0.25")},
                    {PERL_NUMBER, B("1e+15")}, {PERL_TEXT, B("5")}};
    for (size_t i = 0; i < 8; i++) {
        ck_assert_int_eq(list.items[i].kind, expected[i].kind);
        ck_assert(bytes_eq(list.items[i].text, expected[i].text));
    }
    ck_assert_int_eq(list.items[8].kind, PERL_VALUE);
    ck_assert(bytes_starts(list.items[8].text, B("ARRAY(0x")));
    ck_assert(perl_is_code(list.items[9].value));
    ck_assert(!perl_is_hash(list.items[9].value));
    perl_list_release(&list);
}
END_TEST

START_TEST(wide_strings_come_as_utf8_and_latin_ones_as_bytes)
{
    struct perl_list list = eval("my $n = \"\\xe4\"; utf8::upgrade($n); ($n, \"\\x{263a}\")");
    ck_assert(bytes_eq(list.items[0].text, B("\xe4")));
    ck_assert(bytes_eq(list.items[1].text, B("\xe2\x98\xba")));
}
END_TEST

START_TEST(eval_works_in_scalar_and_list_context)
{
    bool truth;
    ck_assert_str_eq(value("wantarray ? 'list' : 'scalar'"), "list");
    ck_assert(perl_eval_true(B("!wantarray"), &truth, &error));
    ck_assert(truth);
    ck_assert(perl_eval_true(B("my @empty = (); @empty"), &truth, &error));
    ck_assert(!truth);
    ck_assert_uint_eq(eval("()").count, 0);
    ck_assert_uint_eq(eval("return (1, 2); 3").count, 2);
    ck_assert(!perl_eval_true(B("die \"no\\n\""), &truth, &error));
    ck_assert_str_eq(error_text(), "no");
}
END_TEST

START_TEST(code_runs_in_the_package_of_sec)
{
    ck_assert_str_eq(value("__PACKAGE__"), "main::SEC");
    ck_assert_str_eq(value("$^W"), "1");
    ck_assert_str_eq(value("$undeclared = 5; $main::SEC::undeclared"), "5");
    ck_assert_str_eq(value("__FILE__ =~ /^\\(eval [0-9]+\\)$/ ? 1 : 0"), "1");
    ck_assert_str_eq(value("my ($a) = __FILE__ =~ /(\\d+)/; "
                           "my ($b) = eval('__FILE__') =~ /(\\d+)/; $b - $a"),
                     "1");
    ck_assert_str_eq(value("local $SIG{__WARN__} = sub { $w = $_[0] }; warn 'hm'; "
                           "$w =~ s/\\d+/N/r"),
                     "hm at (eval N) line 1.\n");
}
END_TEST

START_TEST(code_that_sets_ok_to_false_has_failed)
{
    bool truth;
    ck_assert(!perl_eval_true(B("$ok = 0; 'why'"), &truth, &error));
    ck_assert_str_eq(error_text(), "why");
}
END_TEST

START_TEST(a_call_passes_copies_and_returns_values)
{
    struct perl_value *join =
        code("sub { my $r = join '|', map { $_ // 'undef' } @_; $_[0] .= 'x'; $r }");
    struct perl_list list;
    struct perl_item args[] = {
        text_item("a"), {.kind = PERL_UNDEF}, {.kind = PERL_NUMBER, .text = B("12")}};
    for (int i = 0; i < 2; i++) {
        ck_assert(perl_call(join, args, 3, PERL_SCALAR, &arena, &list, &error));
        ck_assert_str_eq(text_of(list.items[0].text), "a|undef|12");
    }
    perl_release(join);
}
END_TEST

START_TEST(an_argument_that_was_kept_does_not_change)
{
    struct perl_value *keep = code("sub { push @kept, \\$_[0]; 1 }");
    call(keep, "one", PERL_SCALAR);
    call(keep, "two", PERL_SCALAR);
    ck_assert_str_eq(value("join ' ', map { $$_ } @kept"), "one two");
    perl_release(keep);
}
END_TEST

START_TEST(an_argument_with_pos_or_utf8_does_not_mark_the_next)
{
    struct perl_value *mark = code("sub { $_[0] =~ /./g; utf8::upgrade($_[0]); pos $_[0] }");
    for (int i = 0; i < 2; i++)
        ck_assert_str_eq(text_of(call(mark,
                                      "\xe4"
                                      "b",
                                      PERL_SCALAR)
                                     .items[0]
                                     .text),
                         "1");
    perl_release(mark);
    struct perl_value *length = code("sub { length $_[0] }");
    ck_assert_str_eq(text_of(call(length, "\xc3\xa4", PERL_SCALAR).items[0].text), "2");
    perl_release(length);
}
END_TEST

START_TEST(a_died_call_gives_the_text_as_it_is)
{
    struct perl_value *die = code("sub { die $_[0] }");
    struct perl_list list;
    struct perl_item arg = text_item("called\n");
    ck_assert(!perl_call(die, &arg, 1, PERL_LIST, &arena, &list, &error));
    ck_assert_str_eq(error_text(), "called\n");
    perl_release(die);
    buf_clear(&error);
    struct perl_value *object = code("sub { die { a => 1 } }");
    ck_assert(!perl_call(object, NULL, 0, PERL_LIST, &arena, &list, &error));
    ck_assert(bytes_starts(buf_bytes(&error), B("HASH(0x")));
    perl_release(object);
}
END_TEST

START_TEST(a_million_calls_leak_nothing)
{
    struct perl_value *good = code("sub { $_[0] =~ /(o)(n)/ ? ($1, $2, [1]) : 0 }");
    struct perl_value *bad = code("sub { die \"no\\n\" }");
    size_t before = 0;
    for (int i = 0; i < 1000000; i++) {
        struct perl_list list = call(good, "one", PERL_LIST);
        perl_list_release(&list);
        struct perl_item arg = text_item("x");
        if (i % 16 == 0)
            ck_assert(!perl_call(bad, &arg, 1, PERL_LIST, &arena, &list, &error));
        buf_clear(&error);
        arena_reset(&arena);
        if (i == 1000)
            before = mallinfo2().uordblks;
    }
    ck_assert_uint_lt(mallinfo2().uordblks, before + 4096);
    perl_release(good);
    perl_release(bad);
}
END_TEST

START_TEST(evaluations_and_regexes_leak_nothing)
{
    size_t before = 0;
    for (int i = 0; i < 20000; i++) {
        bool truth;
        struct perl_regex *regex;
        ptrdiff_t at[6];
        ck_assert(perl_eval_true(B("my @l = (1, 2); $l[1] == 2"), &truth, &error));
        ck_assert(!perl_eval_true(B("die"), &truth, &error));
        ck_assert(perl_regex_compile(B("(?<a>x)(\\d+)?"), &regex, &error));
        ck_assert(perl_regex_match(regex, B("axb"), at));
        perl_regex_free(regex);
        ck_assert(!perl_regex_compile(B("(x"), &regex, &error));
        buf_clear(&error);
        if (i == 1000)
            before = mallinfo2().uordblks;
    }
    ck_assert_uint_lt(mallinfo2().uordblks, before + 65536);
}
END_TEST

/* The status of a child that runs the text; -1: it did not exit. */
static int exit_status_of(void (*run)(void))
{
    pid_t pid = fork();
    if (pid == 0) {
        run();
        abort();
    }
    int status;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void exit_in_eval(void)
{
    eval("eval { for my $i (1) { exit 7 } }");
}

static void exit_in_call(void)
{
    call(code("sub { my @l = sort { exit 8 } (2, 1); 1 }"), "x", PERL_LIST);
}

static void exit_at_compile_time(void)
{
    code("BEGIN { exit 9 } sub { 1 }");
}

static void exit_from_c(void)
{
    perl_exit(10);
}

static void exit_with_end_block(void)
{
    eval("eval 'END { $? = 11 }'; exit 3");
}

static void exit_in_condition(void)
{
    bool truth;
    perl_eval_true(B("exit(12) if 1; 1"), &truth, &error);
}

START_TEST(exit_ends_the_program_wherever_it_stands)
{
    ck_assert_int_eq(exit_status_of(exit_in_eval), 7);
    ck_assert_int_eq(exit_status_of(exit_in_call), 8);
    ck_assert_int_eq(exit_status_of(exit_at_compile_time), 9);
    ck_assert_int_eq(exit_status_of(exit_from_c), 10);
    ck_assert_int_eq(exit_status_of(exit_with_end_block), 11);
    ck_assert_int_eq(exit_status_of(exit_in_condition), 12);
}
END_TEST

START_TEST(a_child_that_user_code_forks_has_its_own_end)
{
    ck_assert_str_eq(value("my $p = fork; exit 5 if !$p; waitpid $p, 0; $? >> 8"), "5");
}
END_TEST

/* Code that names %INC gets all modules, so these look at it under a name that is not seen. */
START_TEST(modules_are_loaded_when_code_can_notice)
{
    ck_assert_str_eq(value("join ' ', grep { /^(?:POSI|JSO)/ } keys %{'IN' . 'C'}"), "");
    ck_assert_str_eq(value("'POSIX'->can('floor') ? 1 : 0"), "1");
    ck_assert_str_eq(value("POSIX::floor(2.5)"), "2");
    ck_assert_str_eq(value("JSON::PP->new->canonical->encode({ a => 1 })"), "{\"a\":1}");
    ck_assert_str_eq(value("List::Util::sum(1, 2)"), "3");
    ck_assert_str_eq(value("main->can('strftime') ? 1 : 0"), "0");
    ck_assert_str_eq(value("main::O_CREAT()"), value("use Fcntl; O_CREAT"));
    ck_assert_str_eq(value("main::strftime('%Y', gmtime 0)"), "1970");
}
END_TEST

START_TEST(modules_are_loaded_for_code_from_files)
{
    ck_assert_str_eq(value("require Data::Dumper; join ' ', grep { /^POSI/ } keys %{'IN' . 'C'}"),
                     "");
    struct perl_list list;
    ck_assert(!perl_eval_list(B("require './no-such-file.pl'"), &arena, &list, &error));
    ck_assert_str_eq(value("defined &main::WNOHANG ? 1 : 0"), "1");
}
END_TEST

START_TEST(modules_are_loaded_for_code_that_asks_for_them)
{
    ck_assert_str_eq(value("join ' ', sort grep { /^(?:POSIX|JSON.PP)\\.pm/ } keys %INC"),
                     "JSON/PP.pm POSIX.pm");
}
END_TEST

START_TEST(eval_numbers_do_not_count_module_loading)
{
    ck_assert_str_eq(value("my ($a) = __FILE__ =~ /(\\d+)/; $n = $a"),
                     value("__FILE__ =~ /(\\d+)/; $1 - 1"));
    ck_assert_str_eq(value("Sys::Syslog->can('syslog') && __FILE__ =~ /(\\d+)/ && $1 - $n"), "2");
}
END_TEST

static int woken;
static void wake(void *arg)
{
    (void)arg;
    woken++;
}

START_TEST(a_signal_wakes_and_its_handler_runs_on_dispatch)
{
    perl_on_signal(wake, NULL);
    eval("Secant::handle_signals(1)");
    ck_assert_str_eq(value("ref $SIG{TERM}"), "CODE");
    raise(SIGUSR1);
    ck_assert_int_eq(woken, 1);
    perl_dispatch_signals();
    ck_assert_str_eq(value("\"$main::dumpdata$main::refresh$main::sigreceived\""), "101");
    raise(SIGTERM);
    perl_dispatch_signals();
    ck_assert_str_eq(value("$main::terminate{$$}"), "1");
}
END_TEST

START_TEST(a_local_handler_of_user_code_gives_way_to_ours)
{
    eval("Secant::handle_signals(1)");
    ck_assert_str_eq(value("{ local $SIG{HUP} = sub { $got = 'mine' }; kill HUP => $$; } $got"),
                     "mine");
    ck_assert_str_eq(value("$main::refresh"), "0");
    raise(SIGHUP);
    perl_dispatch_signals();
    ck_assert_str_eq(value("$main::refresh"), "1");
    ck_assert_str_eq(value("$SIG{PIPE}"), "IGNORE");
    ck_assert_uint_eq(eval("defined $SIG{ALRM} || defined $SIG{CHLD} ? 1 : ()").count, 0);
}
END_TEST

static int befores, afters;
static void before(void *arg)
{
    (void)arg;
    befores++;
}
static void after(void *arg)
{
    (void)arg;
    afters++;
}

START_TEST(hooks_run_around_user_code_also_when_it_dies)
{
    bool truth;
    struct perl_list list;
    struct perl_value *die = code("sub { die }");
    perl_set_hooks(before, after, NULL);
    ck_assert(perl_eval_true(B("1"), &truth, &error));
    ck_assert(!perl_call(die, NULL, 0, PERL_SCALAR, &arena, &list, &error));
    ck_assert_int_eq(befores, 2);
    ck_assert_int_eq(afters, 2);
    perl_set_hooks(NULL, NULL, NULL);
    perl_release(die);
}
END_TEST

START_TEST(program_name_and_options_are_in_place)
{
    ck_assert_str_eq(value("join ' ', @ARGV"), "--conf=a -e 1");
    ck_assert_str_eq(value("$0 =~ /check_perl$/ ? 1 : 0"), "1");
}
END_TEST

/* How many seconds the code takes. */
static double duration(const char *text)
{
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    value(text);
    clock_gettime(CLOCK_MONOTONIC, &after);
    return (double)(after.tv_sec - before.tv_sec) + (double)(after.tv_nsec - before.tv_nsec) / 1e9;
}

/* With a source of its own: check_time.c. */
START_TEST(time_is_the_machines)
{
    static const char *const times[] = {
        "time",        "require Time::Local; Time::Local::timelocal(localtime)",
        "POSIX::time", "require Time::HiRes; int Time::HiRes::time()",
        "$^T",
    };
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        int64_t before = i == 4 ? 0 : time(NULL);
        int64_t got = strtoll(value(times[i]), NULL, 10);
        ck_assert_msg(got >= before && got <= time(NULL), "%s: %lld", times[i], (long long)got);
    }
    ck_assert(duration("scalar select(undef, undef, undef, 0.05)") >= 0.05);
    ck_assert(duration("Time::HiRes::sleep(0.05)") >= 0.05);
    value("alarm 1000");
    ck_assert_uint_gt(alarm(0), 900);
    value("Time::HiRes::alarm(1000)");
    ck_assert_uint_gt(alarm(0), 900);
    ck_assert_str_eq(
        value("my $w = 1; eval { local $SIG{ALRM} = sub { die }; Time::HiRes::alarm(0.01);"
              " sleep 60; $w = 0 }; $w"),
        "1");
}
END_TEST

/* Aborts: code that has been compiled would not see it. */
START_TEST(a_source_of_time_comes_before_code)
{
    static const struct perl_time source;
    perl_on_time(&source);
}
END_TEST

static void run_in_perl(void *arg)
{
    Suite *suite = suite_create("perl");
    TCase *tests = tcase_create("perl");
    tcase_add_checked_fixture(tests, fresh, done);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, only_a_code_reference_compiles);
    tcase_add_test(tests, values_come_with_their_kind);
    tcase_add_test(tests, wide_strings_come_as_utf8_and_latin_ones_as_bytes);
    tcase_add_test(tests, eval_works_in_scalar_and_list_context);
    tcase_add_test(tests, code_runs_in_the_package_of_sec);
    tcase_add_test(tests, code_that_sets_ok_to_false_has_failed);
    tcase_add_test(tests, a_call_passes_copies_and_returns_values);
    tcase_add_test(tests, an_argument_that_was_kept_does_not_change);
    tcase_add_test(tests, an_argument_with_pos_or_utf8_does_not_mark_the_next);
    tcase_add_test(tests, a_died_call_gives_the_text_as_it_is);
    tcase_add_test(tests, a_million_calls_leak_nothing);
    tcase_add_test(tests, evaluations_and_regexes_leak_nothing);
    tcase_add_test(tests, exit_ends_the_program_wherever_it_stands);
    tcase_add_test(tests, a_child_that_user_code_forks_has_its_own_end);
    tcase_add_test(tests, modules_are_loaded_when_code_can_notice);
    tcase_add_test(tests, modules_are_loaded_for_code_from_files);
    tcase_add_test(tests, modules_are_loaded_for_code_that_asks_for_them);
    tcase_add_test(tests, eval_numbers_do_not_count_module_loading);
    tcase_add_test(tests, a_signal_wakes_and_its_handler_runs_on_dispatch);
    tcase_add_test(tests, a_local_handler_of_user_code_gives_way_to_ours);
    tcase_add_test(tests, hooks_run_around_user_code_also_when_it_dies);
    tcase_add_test(tests, program_name_and_options_are_in_place);
    tcase_add_test(tests, time_is_the_machines);
    tcase_add_test_raise_signal(tests, a_source_of_time_comes_before_code, SIGABRT);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    *(int *)arg = srunner_ntests_failed(runner);
    srunner_free(runner);
}

int main(int argc, char **argv, char **env)
{
    (void)argc;
    int failed = 1;
    pid_t pid = getpid();
    char *args[] = {argv[0], (char[]){"--conf=a"}, (char[]){"-e"}, (char[]){"1"}, NULL};
    int status = perl_run_main(4, args, env, run_in_perl, &failed);
    if (getpid() != pid)
        _exit(status); /* a child that a test forked */
    return failed == 0 && status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
