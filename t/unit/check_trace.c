/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The trace of a test that failed: which lines are in it, what they did, what time alone did. */
#include "prove.h"

#include <fcntl.h>
#include <sys/timerfd.h>

#include "base/monotonic.h"

#define HEAD "rules: r.sec\nheader: %b %e %H:%M:%S web1\nstart: Mon 2024-01-01 08:00\n"

static const char counting[] = "type=SingleWithThreshold\nptype=RegExp\npattern=fail (\\S+)\n"
                               "desc=guesses from $1\naction=write - brute force from $1\n"
                               "window=60\nthresh=5\n";

static json_t *failure_of(size_t test, size_t i)
{
    ck_status(test, "failed");
    json_t *failure = json_array_get(json_object_get(outcome(test), "failures"), i);
    ck_assert_msg(failure != NULL, "%s", dump(outcome(test)));
    return failure;
}

static json_t *passage(json_t *failure, size_t i)
{
    json_t *object = json_array_get(json_object_get(failure, "trace"), i);
    ck_assert_msg(object != NULL, "%s", dump(failure));
    return object;
}

#define ck_lines(failure, count)                                                                   \
    ck_assert_msg(json_array_size(json_object_get(failure, "trace")) == (count), "%s",             \
                  dump(failure))

/* All of the list, a line each. */
#define ck_list(object, key, want)                                                                 \
    do {                                                                                           \
        struct buf list = {0};                                                                     \
        json_t *array = json_object_get(object, key);                                              \
        for (size_t k = 0; k < json_array_size(array); k++)                                        \
            buf_cat(&list, bytes_of(json_string_value(json_array_get(array, k))), B("\n"));        \
        ck_bytes_eq(buf_bytes(&list), B(want));                                                    \
        buf_free(&list);                                                                           \
    } while (0)

static void ck_starts(json_t *list, size_t i, const char *want)
{
    struct bytes got = bytes_of(json_string_value(json_array_get(list, i)));
    ck_assert_msg(bytes_starts(got, bytes_of(want)), "%s", dump(list));
}

START_TEST(lines_that_do_the_same_are_one)
{
    prove(counting, HEAD "test: it\n  +0s x3 every 10s fail a\n  +10s fail a\n  expect output\n");
    json_t *failure = failure_of(0, 0), *first = passage(failure, 0), *last = passage(failure, 1);
    ck_lines(failure, 2);
    ck_assert_str_eq(text_in(first, "when"), "+0s");
    ck_assert_str_eq(text_in(first, "until"), "+20s");
    ck_assert_int_eq(json_integer_value(json_object_get(first, "times")), 3);
    ck_assert_str_eq(text_in(first, "text"), "Jan  1 08:00:00 web1 fail a");
    ck_list(first, "said",
            "r.sec:1 SingleWithThreshold: counted by \"guesses from a\": 1 to 3 of 5, ends at "
            "08:01:00\n");
    ck_assert_str_eq(text_in(last, "when"), "+30s");
    ck_list(last, "said",
            "r.sec:1 SingleWithThreshold: counted by \"guesses from a\": 4 of 5, ends at "
            "08:01:00\n");
}
END_TEST

START_TEST(earlier_lines_are_those_that_touched_the_same)
{
    prove(counting, HEAD "test: it\n  +0s fail b\n  +1s fail a\n  not output\n  +1s fail b\n"
                         "  +1s fail a\n  expect output\n");
    json_t *failure = failure_of(0, 0);
    ck_lines(failure, 3); /* from the first one of `a` on all, since one of them may have missed */
    ck_assert_str_eq(text_in(passage(failure, 0), "when"), "+1s");
    ck_assert_str_eq(text_in(passage(failure, 1), "when"), "+2s");
    ck_assert_str_eq(text_in(passage(failure, 2), "when"), "+3s");
}
END_TEST

START_TEST(what_nobody_expected_shows_where_it_came_from)
{
    prove("type=Single\nptype=SubStr\npattern=one\ndesc=d\naction=write - one\n",
          HEAD "test: it\n  +0s one\n  +5s two\n  +5s three\n  nothing else\n");
    json_t *failure = failure_of(0, 0);
    ck_lines(failure, 1);
    ck_assert_str_eq(text_in(passage(failure, 0), "when"), "+0s");
    ck_list(passage(failure, 0), "said", "r.sec:1 Single: write -: one\n");
}
END_TEST

START_TEST(what_a_later_step_took_shows_where_it_came_from)
{
    prove("type=Single\nptype=SubStr\npattern=go\ndesc=d\naction=event 5 late\n\n"
          "type=Single\nptype=SubStr\npattern=late\ndesc=d\naction=write - x\n",
          HEAD "test: it\n  +0s go\n  +9s wait\n  not output\n  expect output\n");
    json_t *failure = failure_of(0, 0);
    ck_lines(failure, 1);
    ck_assert_str_eq(text_in(passage(failure, 0), "when"), "+5s");
}
END_TEST

START_TEST(a_line_that_no_rule_took_names_the_nearest)
{
    prove("type=Single\nptype=RegExp\npattern=disk (\\d+) of 'it' is gone\ndesc=d\n"
          "action=write - $1\n",
          HEAD "test: it\n  +0s disk sda of 'it' is gone\n  expect output\n");
    json_t *line = passage(failure_of(0, 0), 0);
    ck_list(line, "said", "no rule matched\n");
    json_t *near = json_object_get(line, "near");
    ck_assert_uint_eq(json_array_size(near), 3); /* t/explain.t has the words */
    ck_starts(near, 0, "nearest: r.sec:1 Single: its pattern ");
    ck_starts(near, 1, "  Jan  1 08:00:00 web1 disk sda of 'it' is gone");
    ck_starts(near, 2, "                            ^");
    ck_assert_str_eq(text_in(line, "explain"),
                     "secant explain --conf=r.sec 'Jan  1 08:00:00 web1 disk sda of '\\''it'\\'' "
                     "is gone'");
}
END_TEST

START_TEST(a_rule_that_was_not_reached_is_named)
{
    prove("type=Single\nptype=SubStr\npattern=go\ndesc=d\naction=write - other\n\n"
          "type=Single\nptype=SubStr\npattern=go\ndesc=d\naction=write - wanted\n",
          HEAD "test: it\n  +0s go\n  expect output wanted\n");
    json_t *line = passage(failure_of(0, 0), 0);
    ck_list(line, "said", "r.sec:1 Single: write -: other\n");
    ck_list(line, "near",
            "r.sec:7 Single: not reached: r.sec:1 (Single) matched before and has no `continue`; "
            "this rule's pattern does match\n");
    ck_assert_ptr_null(json_object_get(line, "explain"));
}
END_TEST

START_TEST(time_alone_has_a_trace)
{
    prove("type=Calendar\ntime=5 8 * * *\ndesc=c\naction=event tick\n\n"
          "type=Single\nptype=SubStr\npattern=tick\ndesc=t\naction=write - tock\n\n"
          "type=Single\nptype=SubStr\npattern=go\ndesc=g\naction=event 700 late; create A 800\n\n"
          "type=Single\nptype=SubStr\npattern=late\ndesc=l\naction=write - too late\n",
          HEAD "test: it\n  +0s go\n  +1h wait\n  nothing else\n");
    json_t *failure = failure_of(0, 0), *tick = passage(failure, 0), *late = passage(failure, 1);
    ck_assert_str_eq(text_in(tick, "when"), "+5m");
    ck_assert_str_eq(text_in(tick, "text"), "");
    ck_list(tick, "said", "r.sec:1 Calendar: event \"tick\"\n  r.sec:6 Single: write -: tock\n");
    ck_assert_str_eq(text_in(late, "when"), "+11m40s");
    ck_list(late, "said",
            "r.sec:12 Single: event \"late\"\n  r.sec:18 Single: write -: too late\n");
    ck_list(failure, "done",
            "08:05:00  r.sec:1 > r.sec:6  output tock\n"
            "08:11:40  r.sec:12 > r.sec:18  output too late\n");
}
END_TEST

START_TEST(a_window_that_ended_is_there_for_who_needed_it)
{
    prove(counting, HEAD "test: it\n  +0s x4 fail a\n  +61s fail a\n  expect output\n");
    json_t *failure = failure_of(0, 0);
    ck_lines(failure, 3);
    ck_assert_str_eq(text_in(passage(failure, 1), "text"), "");
    ck_list(passage(failure, 1), "said",
            "r.sec:1 SingleWithThreshold: operation \"guesses from a\" ended\n");
}
END_TEST

START_TEST(a_snapshot_shows_what_is_new_since_the_last_one)
{
    prove("type=Single\nptype=SubStr\npattern=say\ndesc=d\naction=write - said\n",
          HEAD "test: it\n  +0s say\n  snapshot:\n    +0s output said\n  +1s say\n"
               "  snapshot:\n    +1s output other\n");
    json_t *failure = failure_of(0, 0);
    ck_lines(failure, 1);
    ck_assert_str_eq(text_in(passage(failure, 0), "when"), "+1s");
}
END_TEST

START_TEST(what_a_snapshot_misses_shows_lines_that_might_have_made_it)
{
    prove("type=Single\nptype=SubStr\npattern=say\ndesc=d\naction=write - said\n\n"
          "type=Single\nptype=SubStr\npattern=say it\ndesc=d\naction=write - it\n",
          HEAD "test: it\n  +0s say\n  +1s say it\n  +1s say\n  snapshot:\n    +0s output said\n"
               "    +1s output said\n    +1s output it\n    +2s output said\n");
    json_t *failure = failure_of(0, 0);
    ck_lines(failure, 1);
    ck_assert_str_eq(text_in(passage(failure, 0), "when"), "+1s");
    ck_assert_str_eq(text_in(failure, "because"),
                     "r.sec:7 Single: not reached: r.sec:1 (Single) matched before and has no "
                     "`continue`; this rule's pattern does match");
}
END_TEST

START_TEST(the_line_that_began_an_operation_is_named)
{
    prove("type=SingleWithSuppress\nptype=RegExp\npattern=(\\w+) fails\ndesc=d\n"
          "action=write - $1\nwindow=60\n",
          HEAD "test: it\n  +0s a fails\n  +5s b fails\n  expect output b\n");
    json_t *failure = failure_of(0, 0);
    ck_list(failure, "notes",
            "r.sec:1 has  desc=d  window=60\n"
            "\"d\" began at +0s with  Jan  1 08:00:00 web1 a fails\n");
}
END_TEST

START_TEST(a_line_that_was_counted_apart_is_named)
{
    prove(counting, HEAD "test: it\n  +0s x2 fail a\n  +1s fail b\n  expect output\n");
    ck_list(
        failure_of(0, 0), "notes",
        "r.sec:1 has  thresh=5  window=60\n"
        "r.sec:1 counted the line at +0s apart, by \"guesses from a\":  Jan  1 08:00:00 web1 fail "
        "a\n");
}
END_TEST

START_TEST(fields_that_decide_are_noted)
{
    prove(counting, HEAD "test: it\n  +0s x2 fail a\n  expect output\n");
    ck_list(failure_of(0, 0), "notes", "r.sec:1 has  thresh=5  window=60\n");
    prove("type=Calendar\ntime=5 9 * * *\ndesc=c\naction=write - tick\n",
          HEAD "test: it\n  +2h wait\n  nothing else\n");
    ck_list(failure_of(0, 0), "notes", "r.sec:1 has  time=5 9 * * *  action=write - tick\n");
    prove("type=Single\nptype=SubStr\npattern=go\ndesc=one\naction=write - %s and %s\n",
          HEAD "test: it\n  +0s go\n  expect output = one and two\n");
    ck_list(failure_of(0, 0), "notes", "r.sec:1 has  pattern=go  action=write - %s and %s\n");
    prove(
        "type=Single\nptype=SubStr\npattern=go\ndesc=one\naction=getsize %n C; write - %s and %s\n",
        HEAD "test: it\n  +0s go\n  expect output = one and two\n");
    ck_list(failure_of(0, 0), "notes",
            "r.sec:1 has  pattern=go  action=getsize %n C; write - %s and %s\n");
}
END_TEST

START_TEST(a_rule_file_may_have_any_name)
{
    write_text("a: b.sec", counting);
    prove("", "rules: \"a: b.sec\"\ntest: it\n  +0s x2 fail a\n  expect output\n");
    ck_list(failure_of(0, 0), "notes", "a: b.sec:1 has  thresh=5  window=60\n");
}
END_TEST

START_TEST(what_came_at_another_time_is_in_the_trace_alone)
{
    prove("type=Single\nptype=RegExp\npattern=^\\S+ (.*)\ndesc=d\naction=write - $1\n",
          "rules: r.sec\ntest: it\n  +0s go x\n  +5s go x y\n  +5s go z\n  expect output = x y\n");
    json_t *failure = failure_of(0, 0);
    ck_assert_str_eq(text_in(failure, "reason"), "it happened earlier, before the last line");
    ck_lines(failure, 2);
    ck_assert_str_eq(text_in(passage(failure, 0), "when"), "+5s");
    ck_assert_str_eq(text_in(passage(failure, 1), "when"), "+10s");
}
END_TEST

static const char *cause(size_t test)
{
    return text_in(failure_of(test, 0), "cause");
}

START_TEST(the_cause_is_the_same_where_the_story_is)
{
    prove(counting, HEAD "test: one\n  +0s x2 fail a\n  expect output\n"
                         "test: later\n  +9s x2 fail a\n  expect output\n"
                         "test: fewer\n  +0s fail a\n  expect output\n"
                         "test: another\n  +0s x2 fail b\n  expect output\n");
    ck_assert_str_ne(cause(0), "");
    ck_assert_str_eq(cause(0), cause(1));
    ck_assert_str_ne(cause(0), cause(2));
    ck_assert_str_ne(cause(0), cause(3));
    ck_assert_str_eq(text_in(failure_of(2, 0), "because"),
                     "r.sec:1 SingleWithThreshold: counted by \"guesses from a\": 1 of 5, ends at "
                     "08:01:00");
}
END_TEST

static const char single[] = "type=Single\nptype=SubStr\npattern=go\ndesc=d\naction=none\n";

/* A test fails after `code`, and runs once more, with a trace, and then `again` runs: both read
 * from the same place of a file of one byte. */
static void prove_twice(const char *rules, const char *code, const char *again)
{
    char tests[500];
    write_text("one", "1");
    int fd = open("one", O_RDONLY);
    ck_assert_int_ge(fd, 0);
    snprintf(tests, sizeof(tests),
             "rules: r.sec\ntest: it\n  +0s go\n  perl open(my $f, '<&=', %d) or die; "
             "sysread($f, my $c, 1) ? do { %s; die('first') } : do { %s }\n  nothing else\n",
             fd, code, again);
    prove(rules, tests);
    ck_assert_int_eq(lseek(fd, 0, SEEK_CUR), 1);
    close(fd);
    ck_assert_uint_eq(json_array_size(outcomes), 1);
    ck_assert_str_eq(text_in(failure_of(0, 0), "expected"), "the step to run");
}

START_TEST(what_has_failed_once_has_failed)
{
    if (prover.with)
        return; /* it runs once */
    prove_twice(single, "", "1");
    ck_list(passage(failure_of(0, 0), 0), "said", "");
}
END_TEST

START_TEST(what_dies_when_it_is_traced_has_failed)
{
    if (prover.with)
        return;
    prove_twice(single, "", "require POSIX; POSIX::_exit(9)");
}
END_TEST

/* Rules with code are loaded once for both runs.  The first one waits for a timer; the second,
 * whose outcome is told, does not. */
START_TEST(each_run_has_its_own_time)
{
    const struct itimerspec half = {.it_value = {.tv_nsec = 500 * 1000 * 1000}};
    char wait[80];
    if (prover.with)
        return; /* it runs once */
    int timer = timerfd_create(CLOCK_MONOTONIC, 0);
    ck_assert_int_ge(timer, 0);
    snprintf(wait, sizeof(wait), "open(my $t, '<&=', %d); sysread($t, my $n, 8)", timer);
    double begun = monotonic_seconds();
    ck_assert_int_eq(timerfd_settime(timer, 0, &half, NULL), 0);
    prove_twice("type=Single\nptype=SubStr\npattern=go\ndesc=d\naction=lcall %x -> (sub { 1 })\n",
                wait, "die('again')");
    double whole = monotonic_seconds() - begun;
    double told = json_real_value(json_object_get(outcome(0), "seconds"));
    ck_assert_msg(whole >= 0.5 && told <= whole - 0.5, "%f of %f", told, whole);
    close(timer);
}
END_TEST

RUN_PROVING_TESTS("trace", lines_that_do_the_same_are_one,
                  earlier_lines_are_those_that_touched_the_same,
                  what_nobody_expected_shows_where_it_came_from,
                  what_a_later_step_took_shows_where_it_came_from,
                  a_line_that_no_rule_took_names_the_nearest, a_rule_that_was_not_reached_is_named,
                  time_alone_has_a_trace, a_window_that_ended_is_there_for_who_needed_it,
                  a_snapshot_shows_what_is_new_since_the_last_one,
                  what_a_snapshot_misses_shows_lines_that_might_have_made_it,
                  the_line_that_began_an_operation_is_named, a_line_that_was_counted_apart_is_named,
                  fields_that_decide_are_noted, a_rule_file_may_have_any_name,
                  what_came_at_another_time_is_in_the_trace_alone,
                  the_cause_is_the_same_where_the_story_is, what_has_failed_once_has_failed,
                  what_dies_when_it_is_traced_has_failed, each_run_has_its_own_time)
