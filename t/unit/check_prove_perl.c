/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of rules that hold code: what it finds, what it may do, and what it cannot do to others. */
#include "prove.h"

/* "code EXPRESSION" writes its value. */
static const char coder[] = "type=Single\nptype=PerlFunc\n"
                            "pattern=sub { return $_[0] =~ /^code (.*)/ ? ($1) : 0; }\n"
                            "desc=code\naction=eval %x ( $1 ); write - got %x\n\n"
                            "type=Single\nptype=RegExp\npattern=^plain (\\w+)\ndesc=p\n"
                            "action=write - plain $1\n";

static const char *message(size_t i)
{
    ck_status(i, "error");
    json_t *messages = json_object_get(outcome(i), "messages");
    const char *text = json_string_value(json_array_get(messages, 0));
    return text ? text : "";
}

static void after_code(const char *head, const char *steps)
{
    struct buf text = {0};
    buf_cat(&text, B("rules: r.sec\n"), bytes_of(head), B("test: it\n"), bytes_of(steps), B("\0"));
    prove(coder, text.ptr);
    ck_passed(0);
    buf_free(&text);
}

START_TEST(code_of_the_head_comes_first)
{
    after_code("perl:\n  our $base = 41;\n  sub twice { 2 * $_[0] }\nenv: COLOUR=it's \\red\n",
               "  +0s code $base + 1\n  expect output = got 42\n"
               "  +0s code twice(4)\n  expect output = got 8\n"
               "  +0s code $ENV{COLOUR}\n  expect output = got it's \\red\n");
    after_code("", "  perl our $step = 5; print \"printed\\n\"\n  expect output = printed\n"
                   "  +0s code $step\n  expect output = got 5\n");
    prove(coder, "rules: r.sec\nperl: die \"no tables\\n\"\ntest: it\n  +0s x\n  not output\n");
    ck_assert_str_eq(message(0), "perl: no tables");
    prove(coder, "rules: r.sec\ntest: it\n  perl die \"no\\n\"\n  not output\n");
    ck_status(0, "failed");
}
END_TEST

START_TEST(each_test_has_its_own_perl)
{
    prove(coder, "rules: r.sec\ntest: one\n  +0s code ++$main::SEC::seen\n"
                 "  expect output = got 1\n"
                 "test: two\n  +0s code ++$main::SEC::seen\n  expect output = got 1\n"
                 "test: plain\n  +0s plain x\n  expect output = plain x\n  nothing else\n"
                 "test: later\n  start: 2030-01-01\n  +0s code time\n"
                 "  expect output = got 1893456000\n");
    for (size_t i = 0; i < 4; i++)
        ck_passed(i);
}
END_TEST

/* Code that nothing has told of before it runs. */
START_TEST(eval_alone_is_code)
{
    prove("type=Single\nptype=RegExp\npattern=^go\ndesc=d\naction=eval %x (++$seen); write - %x\n",
          "rules: r.sec\ntest: one\n  +0s go\n  expect output = 1\n"
          "test: two\n  +0s go\n  expect output = 1\ntest: three\n  +0s go\n  +0s go\n"
          "  expect output = 2\n");
    for (size_t i = 0; i < 3; i++)
        ck_passed(i);
}
END_TEST

START_TEST(random_numbers_are_always_the_same)
{
    prove(coder, "rules: r.sec\ntest: one\n  +0s code int(rand(1000000))\n  expect output x\n"
                 "test: two\n  +0s code int(rand(1000000))\n  expect output x\n");
    const char *first = text_in(
        json_object_get(json_array_get(json_object_get(outcome(0), "failures"), 0), "nearest"),
        "text");
    const char *second = text_in(
        json_object_get(json_array_get(json_object_get(outcome(1), "failures"), 0), "nearest"),
        "text");
    ck_assert_uint_gt(strlen(first), 4);
    ck_assert_str_eq(first, second);
}
END_TEST

START_TEST(one_that_ends_is_one_error)
{
    prove(coder, "rules: r.sec\ntest: exit\n  +0s code exit 3\n  not output\n"
                 "test: after\n  +0s plain x\n  expect output\n"
                 "test: abort\n  +0s code require POSIX; POSIX::abort()\n  not output\n"
                 "test: die\n  +0s code die 'here'\n  expect log Error evaluating code\n");
    ck_assert_str_eq(message(0), "code in the rules ended the program: exit 3");
    ck_passed(1);
    ck_assert_str_eq(message(2), prover.with ? "the other SEC died of signal 6 (Aborted)"
                                             : "the test died of signal 6 (Aborted)");
    ck_passed(3);
    prove("type=Single\nptype=RegExp\npattern=^end (\\d)\ndesc=d\naction=eval %x (exit $1)\n",
          "rules: r.sec\ntest: one\n  +0s end 4\n  not output\ntest: two\n  +0s x\n  not output\n");
    ck_assert_str_eq(message(0), "code in the rules ended the program: exit 4");
    ck_passed(1);
}
END_TEST

/* The next one has all the time that a busy machine needs. */
static void give_time(void *arg, struct bytes text)
{
    prover.limit = 0;
    keep_outcome(arg, text);
}

START_TEST(one_that_hangs_is_one_error)
{
    prover.limit = 1;
    prover.told = give_time;
    prove(coder, "rules: r.sec\ntest: hangs\n  +0s code 1 while 1\n  not output\n"
                 "test: after\n  +0s plain x\n  expect output\n");
    ck_assert_str_eq(message(0), "the test took longer than 1 s");
    ck_passed(1);
}
END_TEST

START_TEST(files_are_read)
{
    prove(coder,
          "rules: r.sec\nfile: hosts\n  10.0.0.1 web1\nfile: /etc/secant/hosts\n  10.0.0.2 web2\n"
          "test: fixtures\n"
          "  +0s code open(my $f, '<', 'hosts') or die; <$f>\n  expect output got 10.0.0.1 web1\n"
          "  +0s code open(my $f, '/etc/secant/hosts') or die; <$f>\n"
          "  expect output got 10.0.0.2 web2\n"
          "  +0s code use Fcntl; sysopen(my $f, '/etc/secant/hosts', O_RDONLY) or die; <$f>\n"
          "  expect output got 10.0.0.2 web2\n"
          "test: written\n"
          "  +0s code open(my $f, '>>', '/log') or die; print $f \"one\\n\"; print {$f} 'two'\n"
          "  expect write /log = one\n  expect write /log = two\n  expect file /log two\n"
          "  +0s code open(my $f, '/log') or die; scalar(<$f>) . <$f>\n  expect output got one\n"
          "  expect output two\n"
          "  +0s code open(my $f, '>', '/log') or die; 1\n  not file /log one\n"
          "test: removed\n"
          "  +0s code unlink 'hosts'; -e 'hosts' ? 'there' : 'gone'\n"
          "  expect perl unlink hosts\n  expect output = got gone\n  not file hosts\n"
          "test: there again\n  +0s code -e 'hosts' ? 'there' : 'gone'\n"
          "  expect output = got there\n  nothing else\n");
    for (size_t i = 0; i < 4; i++)
        ck_passed(i);
}
END_TEST

/* Another SEC's Perl looks at the real ones. */
START_TEST(files_are_looked_at)
{
    if (prover.with)
        return;
    prove(coder, "rules: r.sec\nfile: /etc/secant/hosts\n  10.0.0.2 web2\n"
                 "test: it\n"
                 "  +0s code -s '/etc/secant/hosts'\n  expect output = got 14\n"
                 "  +0s code -e '/etc/secant/none' ? 'there' : 'gone'\n  expect output = got gone\n"
                 "  +0s code (stat '/etc/secant/hosts')[7]\n  expect output = got 14\n");
    ck_passed(0);
}
END_TEST

/* The rules are loaded once for both. */
START_TEST(files_that_the_head_makes)
{
    if (prover.with)
        return;
    prove(coder, "rules: r.sec\nfile: hosts\n  web1\n"
                 "perl: open(my $f, '>>', 'hosts'); print $f \"web2\\n\"; close($f);\n"
                 "test: first\n  +0s code unlink 'hosts'; open(my $f, '>', 'log'); 1\n"
                 "  expect perl unlink hosts\n"
                 "test: second\n  +0s code open(my $f, '<', 'hosts') or die; join('', <$f>)\n"
                 "  expect output = got web1\n  expect output = web2\n"
                 "  +0s code -e 'log' ? 'there' : 'gone'\n  expect output = got gone\n");
    ck_passed(0);
    ck_passed(1);
}
END_TEST

START_TEST(commands_of_perl_answer)
{
    after_code(
        "",
        "  when perl ~ ^ping:\n    say pong\n    exit 5\n"
        "  when spawn who: say user alice\n"
        "  +0s code system('ping', '-c1', 'x') >> 8\n"
        "  expect run = ping -c1 x\n  expect output = got 5\n"
        "  +0s code my $x = `ping y`; chomp $x; $x\n  expect run = ping y\n  expect output got pong\n"
        "  +0s code open(my $p, '-|', 'who') or die; my $x = <$p>; chomp $x; $x\n  expect run who\n"
        "  expect output got user alice\n"
        "  +0s code open(my $p, '|-', 'mail root') or die; print $p \"a\\n\"; "
        "print $p 'b'; 1\n"
        "  expect pipe mail root <<< ~ ^a\\nb$\n  expect output\n"
        "  +0s code warn \"odd\\n\"; mkdir '/x'\n  expect perl print = STDERR odd\n"
        "  expect perl mkdir /x\n  expect output\n  nothing else\n");
}
END_TEST

START_TEST(options_and_output)
{
    after_code("options: --intcontexts\n",
               "  +0s code print 'a'; print \"b\\nc\"; 1\n  expect output = ab\n"
               "  expect output = cgot 1\n");
}
END_TEST

RUN_PROVING_TESTS("prove_perl", code_of_the_head_comes_first, each_test_has_its_own_perl,
                  eval_alone_is_code, random_numbers_are_always_the_same,
                  one_that_ends_is_one_error, one_that_hangs_is_one_error, files_are_read,
                  files_are_looked_at, files_that_the_head_makes, commands_of_perl_answer,
                  options_and_output)
