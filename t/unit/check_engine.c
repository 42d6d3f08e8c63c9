/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Engines from their making to their end, and time that is set: what ends in a second of days ends
 * in that second. */
#include "whole_engine.h"

#include <malloc.h>

__attribute__((constructor)) static void before_perl(void)
{
    surface_expect_event_clock(1000);
}

static size_t lines_heard(void)
{
    size_t lines = 0;
    for (size_t i = 0; i < heard.len; i++)
        lines += heard.ptr[i] == '\n';
    return lines;
}

static void hear(void *arg, int level, struct bytes message)
{
    (void)arg;
    (void)level;
    if (bytes_starts(message, B("Assigning '")))
        buf_cat(&heard, NUM(engine_now(engine)), B(" "), message, B("\n"));
}

static void start(int64_t second)
{
    make_engine(second);
    hear_log(hear);
    engine_begin(engine);
}

static void line_at(int64_t second, const char *line)
{
    ck_assert(engine_advance(engine, second));
    events_push(engine->state.events, bytes_of(line), B(CONTEXT_SYNTHETIC));
    ck_assert(engine_advance(engine, second));
}

/* The same of an input. */
static void input_at(int64_t second, const char *line)
{
    struct line_source source = {.name = B("-")};
    ck_assert(engine_advance(engine, second));
    process_line(engine, bytes_of(line), &source);
    process_settle(engine);
    ck_assert(engine_advance(engine, second));
}

static const char days[] = "type=PairWithWindow\n"
                           "ptype=RegExp\n"
                           "pattern=^down (\\S+)$\n"
                           "desc=$1 is down\n"
                           "action=assign %x late $1\n"
                           "ptype2=SubStr\n"
                           "pattern2=up $1\n"
                           "desc2=$1 is up\n"
                           "action2=assign %x back $1\n"
                           "window=60\n"
                           "\n"
                           "type=Single\n"
                           "ptype=RegExp\n"
                           "pattern=^keep (\\S+)$\n"
                           "desc=$1\n"
                           "action=create C_$1 140 (assign %x over $1)\n"
                           "\n"
                           "type=Single\n"
                           "ptype=RegExp\n"
                           "pattern=^later (\\S+)$\n"
                           "desc=$1\n"
                           "action=tevent 190 now $1\n"
                           "\n"
                           "type=Single\n"
                           "ptype=RegExp\n"
                           "pattern=^now (\\S+)$\n"
                           "desc=$1\n"
                           "action=assign %x event $1\n"
                           "\n"
                           "type=Calendar\n"
                           "time=*/10 * * * *\n"
                           "desc=ten\n"
                           "action=assign %x minutes\n";

/* The times are those of upstream in virtual time. */
START_TEST(each_end_has_its_second)
{
    write_rules(days);
    start(2000);
    line_at(2000, "down a");
    line_at(2000, "keep b");
    line_at(2000, "later c");
    line_at(2001, "down d");
    line_at(2050, "up d");
    ck_assert(engine_advance(engine, 4000));
    ck_bytes_eq(buf_bytes(&heard), B("2050 Assigning 'back d' to variable '%x'\n"
                                     "2061 Assigning 'late a' to variable '%x'\n"
                                     "2141 Assigning 'over b' to variable '%x'\n"
                                     "2190 Assigning 'event c' to variable '%x'\n"
                                     "2400 Assigning 'minutes' to variable '%x'\n"
                                     "3000 Assigning 'minutes' to variable '%x'\n"
                                     "3600 Assigning 'minutes' to variable '%x'\n"));
    ck_assert_int_eq(engine_now(engine), 4000);
    engine_free(engine);
}
END_TEST

/* A leap of a year leaves out none of its minutes. */
START_TEST(a_leap_leaves_nothing_out)
{
    write_rules("type=Calendar\ntime=30 12 1 * *\ndesc=noon\naction=assign %x noon\n");
    start(1767225600); /* the first second of 2026 */
    ck_assert(engine_advance(engine, 1767225600 + 365 * 86400));
    ck_assert_uint_eq(lines_heard(), 12);
    engine_free(engine);
}
END_TEST

/* Code in rules sees the engine that is there, and no other before it. */
START_TEST(code_sees_the_present_engine)
{
    write_rules("type=Single\nptype=RegExp\npattern=^go (\\w+)$\ndesc=$1\n"
                "action=create OWN_$1; lcall %x -> ( sub { join ',', sort keys "
                "%main::context_list } ); assign %y %x\n");
    for (int i = 0; i < 3; i++) {
        char line[20];
        snprintf(line, sizeof(line), "go %d", i);
        start(1000);
        line_at(1001, line);
        engine_free(engine);
    }
    ck_assert(bytes_find(buf_bytes(&heard), B("'OWN_2'"), 0) >= 0);
    ck_assert(bytes_find(buf_bytes(&heard), B("OWN_1,"), 0) < 0);
}
END_TEST

/* Its time is the engine's, and a pause moves that on. */
START_TEST(code_is_told_the_engines_time)
{
    write_rules("type=Single\nptype=RegExp\npattern=^go\ndesc=d\n"
                "action=lcall %x -> ( sub { time } ); assign %y %x; "
                "lcall %x -> ( sub { sleep 7; scalar gmtime } ); assign %y %x\n");
    start(1000);
    line_at(5000, "go");
    ck_assert(bytes_find(buf_bytes(&heard), B("5000 Assigning '5000'"), 0) >= 0);
    ck_assert(bytes_find(buf_bytes(&heard), B("5007 Assigning 'Thu Jan  1 01:23:27 1970'"), 0) >=
              0);
    engine_free(engine);
}
END_TEST

/* A pause of half a second ends in its second, twice that in the next. */
START_TEST(a_second_begins_anew)
{
    write_rules("type=Single\nptype=RegExp\npattern=^go\ndesc=d\n"
                "action=lcall %x -> ( sub { select(undef, undef, undef, 0.5); time } ); "
                "assign %y %x\n");
    start(1000);
    line_at(2000, "go");
    line_at(3000, "go");
    line_at(3000, "go");
    ck_assert(bytes_find(buf_bytes(&heard), B("3000 Assigning '3000'"), 0) >= 0);
    ck_assert(bytes_find(buf_bytes(&heard), B("3001 Assigning '3001'"), 0) >= 0);
    engine_free(engine);
}
END_TEST

/* As on the machine, a line comes after the clean-up of its second: what it has fall due at once
 * waits for the next one.  What fell due while its code ran does not wait for its events. */
START_TEST(a_line_comes_between_clean_ups)
{
    write_rules("type=PairWithWindow\nptype=RegExp\npattern=^down\ndesc=down\n"
                "action=assign %x late\nptype2=SubStr\npattern2=up\ndesc2=up\n"
                "action2=assign %x back\nwindow=10\n\n"
                "type=Single\nptype=RegExp\npattern=^nap\ndesc=d\n"
                "action=lcall %o -> ( sub { sleep 3 } ); event told\n\n"
                "type=Single\nptype=RegExp\npattern=^now\ndesc=d\n"
                "action=lcall %o -> ( sub { push @main::pending_events, "
                "[time, 'told', '_INTERNAL_EVENT'] } )\n\n"
                "type=Single\nptype=RegExp\npattern=^told\ndesc=d\naction=assign %x told\n");
    start(2000);
    input_at(2000, "down");
    input_at(2009, "nap");
    input_at(2060, "now");
    ck_assert(engine_advance(engine, 2100));
    ck_bytes_eq(buf_bytes(&heard), B("2012 Assigning 'late' to variable '%x'\n"
                                     "2012 Assigning 'told' to variable '%x'\n"
                                     "2061 Assigning 'told' to variable '%x'\n"));
    engine_free(engine);
}
END_TEST

/* A clean-up comes by each operation once, however long its actions take. */
START_TEST(a_clean_up_comes_by_once)
{
    write_rules("type=EventGroup\nptype=RegExp\npattern=^tick (\\w)\nthresh=9\ndesc=$1\n"
                "action=none\nwindow=10\nslide=assign %x slides; lcall %o -> ( sub { sleep 5 } )\n"
                "end=assign %x ends\n");
    start(2000);
    input_at(2000, "tick a");
    input_at(2003, "tick a");
    input_at(2020, "x");
    ck_bytes_eq(buf_bytes(&heard), B("2011 Assigning 'slides' to variable '%x'\n"
                                     "2017 Assigning 'ends' to variable '%x'\n"));
    engine_free(engine);
}
END_TEST

/* Events are due by the time when a clean-up comes to them, after the contexts. */
START_TEST(an_end_that_takes_long_lets_events_come)
{
    write_rules(
        "type=Single\nptype=RegExp\npattern=^go\ndesc=d\n"
        "action=create A 3 (lcall %o -> ( sub { sleep 5 } ); assign %x a); tevent 6 told\n\n"
        "type=Single\nptype=RegExp\npattern=^told\ndesc=d\naction=assign %x told\n");
    start(2000);
    input_at(2000, "go");
    ck_assert(engine_advance(engine, 2100));
    ck_bytes_eq(buf_bytes(&heard), B("2009 Assigning 'a' to variable '%x'\n"
                                     "2009 Assigning 'told' to variable '%x'\n"));
    engine_free(engine);
}
END_TEST

/* A clean-up deals with what was due when it began: what the actions of an end let end waits. */
START_TEST(what_an_end_lets_end_waits)
{
    write_rules("type=Single\nptype=RegExp\npattern=^go\ndesc=d\n"
                "action=create A 10 (create B 5 (assign %x b); lcall %o -> ( sub { "
                "$main::context_list{B}{Time} = 1000 } ); tevent 0 told; assign %x a)\n\n"
                "type=Single\nptype=RegExp\npattern=^told\ndesc=d\naction=assign %x told\n");
    start(2000);
    input_at(2000, "go");
    ck_assert(engine_advance(engine, 2100));
    ck_bytes_eq(buf_bytes(&heard), B("2011 Assigning 'a' to variable '%x'\n"
                                     "2011 Assigning 'told' to variable '%x'\n"
                                     "2012 Assigning 'b' to variable '%x'\n"));
    engine_free(engine);
}
END_TEST

/* The first turn is an event's of the start; signals come at the end of turns. */
START_TEST(events_of_the_start_come_before_its_signals)
{
    write_rules("type=Single\nptype=RegExp\npattern=^SEC_STARTUP\ndesc=d\n"
                "action=sigemul INT; event one; event two\n\n"
                "type=Single\nptype=RegExp\npattern=^(one|two)\ndesc=d\naction=assign %x $1\n");
    options->intevents = true;
    start(2000);
    ck_assert(!engine_advance(engine, 2000));
    ck_bytes_eq(buf_bytes(&heard), B("2000 Assigning 'one' to variable '%x'\n"));
    ck_assert(engine_handle_signals(engine));
    log_set_level(engine->log, LOG_DETAIL);
    ck_assert(engine_advance(engine, 2000));
    ck_bytes_eq(buf_bytes(&heard), B("2000 Assigning 'one' to variable '%x'\n"
                                     "2000 Assigning 'two' to variable '%x'\n"));
    engine_free(engine);
}
END_TEST

/* With --cleantime=0 there is a clean-up in the turn of a line and one while the next is waited
 * for. */
START_TEST(a_line_is_waited_for)
{
    write_rules("type=Single\nptype=SubStr\npattern=SEC_STARTUP\ndesc=d\n"
                "action=eval %past ( sub { $main::context_list{$_[0]}{Time} = 1000 } )\n\n"
                "type=Single\nptype=RegExp\npattern=^go\ndesc=d\n"
                "action=create A 5 (assign %x a; create B 5 (assign %x b); call %o %past B); "
                "call %o %past A\n\n"
                "type=Single\nptype=RegExp\npattern=^line\ndesc=d\naction=assign %x line\n");
    options->cleantime = 0;
    options->intevents = true;
    start(2000);
    input_at(2000, "go");
    input_at(2000, "line");
    ck_bytes_eq(buf_bytes(&heard), B("2000 Assigning 'a' to variable '%x'\n"
                                     "2000 Assigning 'b' to variable '%x'\n"
                                     "2000 Assigning 'line' to variable '%x'\n"));
    engine_free(engine);
}
END_TEST

/* Operations and events are of the second in which their line came, whatever time actions took:
 * those that the rule runs first, and those of an operation that was over. */
START_TEST(an_operation_begins_with_its_line)
{
    write_rules("type=EventGroup\nptype=RegExp\npattern=^tick (\\w)\nthresh=9\ndesc=$1\n"
                "action=none\nwindow=10\ninit=lcall %o -> ( sub { sleep 5 } )\n"
                "end=assign %x ends\n\n"
                "type=PairWithWindow\nptype=RegExp\npattern=^down\ndesc=down\nwindow=600\n"
                "action=assign %x late; lcall %o -> ( sub { sleep 5 } )\n"
                "ptype2=SubStr\npattern2=up\ndesc2=up\naction2=none\n");
    start(2000);
    input_at(2000, "tick a");
    ck_assert(engine_advance(engine, 2050));
    options->cleantime = 3600;
    input_at(3000, "down");
    input_at(4000, "down");
    options->cleantime = 1;
    ck_assert(engine_advance(engine, 5000));
    ck_bytes_eq(buf_bytes(&heard), B("2011 Assigning 'ends' to variable '%x'\n"
                                     "4000 Assigning 'late' to variable '%x'\n"
                                     "4601 Assigning 'late' to variable '%x'\n"));
    engine_free(engine);
}
END_TEST

static void run_one(void)
{
    start(2000);
    line_at(2000, "down a");
    line_at(2000, "keep b");
    line_at(2000, "later c");
    engine_free(engine);
    buf_clear(&heard);
}

/* Many, with all that rules can hold; what is lost is the leak sanitizer's to tell, and growth.  Now
 * and then a table of perl's grows, by a step; what is not freed makes each part grow. */
START_TEST(ten_thousand_engines)
{
    enum { PARTS = 5, ENGINES = 2000 };
    size_t least = SIZE_MAX;
    write_rules(days);
    for (int part = 0; part < PARTS; part++) {
        size_t then = mallinfo2().uordblks;
        for (int i = 0; i < ENGINES; i++)
            run_one();
        size_t now = mallinfo2().uordblks, growth = now > then ? now - then : 0;
        least = growth < least ? growth : least;
    }
    ck_assert_msg(least < 2 * ENGINES, "each part takes %zu bytes", least);
}
END_TEST

RUN_TESTS_IN_PERL("engine", begin_rules, end_rules, each_end_has_its_second,
                  a_leap_leaves_nothing_out, code_sees_the_present_engine,
                  code_is_told_the_engines_time, a_second_begins_anew,
                  a_line_comes_between_clean_ups, a_clean_up_comes_by_once,
                  an_end_that_takes_long_lets_events_come, what_an_end_lets_end_waits,
                  events_of_the_start_come_before_its_signals, a_line_is_waited_for,
                  an_operation_begins_with_its_line, ten_thousand_engines)
