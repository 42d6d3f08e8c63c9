/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What drives an engine becomes entries of a journal. */
#include "journal.h"

static const char rules[] =
    "type=Single\nptype=RegExp\npattern=^event (\\S+)\ndesc=e\naction=event $1; event $1 again\n\n"
    "type=Single\nptype=RegExp\npattern=^keep\ndesc=k\naction=create C 2\n\n"
    "type=Single\nptype=RegExp\npattern=^add (\\S+)\ndesc=a\naction=addinput $1 256\n\n"
    "type=Single\nptype=RegExp\npattern=^drop (\\S+)\ndesc=d\naction=dropinput $1\n";

static void start(void)
{
    start_recorded(rules);
    ck_entries("begin; second 1000; pattern a; pattern b; input 1 a; input 2 b; file 1 256; "
               "file 2 256; ");
}

START_TEST(lines_of_one_input_are_one_entry)
{
    start();
    ck_assert(!recorder_has(recorder));
    say("a", "1");
    say("a", "22");
    ck_assert(recorder_has(recorder));
    say("a", "");
    ck_entries("lines 1 3 6; ");
    ck_assert(!recorder_has(recorder));
    say("a", "4");
    ck_entries("lines 1 1 2; ");
}
END_TEST

START_TEST(lines_of_two_inputs_stay_in_their_order)
{
    start();
    say("a", "1");
    say("b", "2");
    say("b", "3");
    say("a", "4");
    ck_entries("lines 1 1 2; lines 2 2 4; lines 1 1 2; ");
}
END_TEST

START_TEST(a_second_is_told_before_what_is_of_it)
{
    start();
    say("a", "1");
    pass(1);
    say("a", "2");
    say("a", "keep");
    ck_entries("lines 1 1 2; second 1001; cleanup; lines 1 2 7; ");
    pass(2);
    ck_entries("second 1002; cleanup; second 1003; cleanup; ");
}
END_TEST

START_TEST(events_are_counted)
{
    start();
    say("a", "1");
    say("b", "event x");
    do_events();
    say("b", "2");
    ck_entries("lines 1 1 2; lines 2 1 8; events 2; lines 2 1 2; ");
    say("a", "event y");
    process_event(engine);
    ck_entries("lines 1 1 8; events 1; ");
    process_event(engine);
    process_internal(engine, B("SEC_LOGROTATE"));
    ck_entries("events 1; internal SEC_LOGROTATE; ");
}
END_TEST

START_TEST(all_else_that_has_rules_run_is_told)
{
    start();
    say("a", "1");
    process_internal(engine, B("SEC_X"));
    say("a", "2");
    journal_note(&engine->journal, .cause = CAUSE_OUTPUT, .text = B("text"), .context = B("C"));
    engine->run.away = true;
    journal_note(&engine->journal, .cause = CAUSE_CLEAN_UP);
    engine->run.away = false;
    ck_entries("lines 1 1 2; internal SEC_X; lines 1 1 2; output text; away; ");
}
END_TEST

START_TEST(an_input_that_comes_has_a_number_of_its_own)
{
    make_file("c");
    start();
    say("a", "add c");
    say("c", "1");
    say("a", "drop c");
    ck_entries("input 3 c; file 3 0; lines 1 1 6; lines 3 1 2; lines 1 1 7; ");
}
END_TEST

START_TEST(an_input_may_go_while_its_lines_are_counted)
{
    make_file("c");
    start();
    say("a", "add c");
    ck_entries("input 3 c; file 3 0; lines 1 1 6; ");
    say("c", "1");
    say("c", "drop c");
    ck_assert_ptr_null(inputs_find(engine->io.inputs, B("c")));
    say("a", "2");
    ck_entries("lines 3 2 9; lines 1 1 2; ");
}
END_TEST

START_TEST(nothing_is_recorded_while_it_pauses)
{
    start();
    say("a", "1");
    recorder_pause(recorder);
    say("a", "2");
    pass(1);
    ck_entries("lines 1 1 2; ");
    recorder_begin(recorder);
    say("a", "3");
    ck_entries("begin; second 1001; pattern a; pattern b; input 1 a; input 2 b; file 1 260; "
               "file 2 256; lines 1 1 2; ");
}
END_TEST

static bool is_mark(struct bytes line)
{
    return bytes_eq(line, B("BEGIN")) || bytes_eq(line, B("COMMIT"));
}

START_TEST(marks_of_transactions_are_passed_over)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    char *words[] = {"secant", conf, "--input=-", "--notail", NULL};
    write_rules(rules);
    options_read_again(options, 4, words);
    make_engine(BEGAN);
    engine_choose_effects(engine, durable_effects_new);
    engine_open_inputs(engine, 0, false);
    record(is_mark);
    ck_entries("begin; second 1000; pattern -; input 1 -; pipe 1 0; ");
    ck_assert_int_eq(write(ends[1], "BEGIN\n1\n22\nCOMMIT\n3\n", 20), 20);
    for (int i = 0; i < 5; i++)
        take_line();
    ck_entries("bytes 1 BEGIN\n1\n22\nCOMMIT\n3\n; passed 1 6; lines 1 2 5; passed 1 7; "
               "lines 1 1 2; ");
    ck_assert_uint_eq(engine->run.processed_lines, 3);
    close(ends[0]);
    close(ends[1]);
}
END_TEST

RUN_TESTS_IN_PERL("recorder", before_journal, after_journal, lines_of_one_input_are_one_entry,
                  lines_of_two_inputs_stay_in_their_order, a_second_is_told_before_what_is_of_it,
                  events_are_counted, all_else_that_has_rules_run_is_told,
                  an_input_that_comes_has_a_number_of_its_own,
                  an_input_may_go_while_its_lines_are_counted, nothing_is_recorded_while_it_pauses,
                  marks_of_transactions_are_passed_over)
