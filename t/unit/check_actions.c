/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Actions: each test runs an action list as a rule file has it and reads what came of it. */
#include "actions.h"
#include "in_perl.h"

#include "correlate/correlate.h"

START_TEST(assign_says_what_it_does)
{
    struct fixture *f = fixture_new();
    run(f, "assign %x a%{.tab}b; assign %y; assignsq %z it's %x; free %y");
    ck_logged(f, "Assigning 'a\tb' to variable '%x'\n"
                 "Assigning 'the event' to variable '%y'\n"
                 "Assigning ''it'\\''s a\tb'' to variable '%z'\n"
                 "Freeing variable '%y'\n");
    ck_text(f, "x", "a\tb");
    ck_variable(f, "y", VARIABLE_ABSENT, "");
    ck_text(f, "z", "'it'\\''s a\tb'");
    fixture_free(f);
}
END_TEST

/* "%$1" means the variable whose name the match gives. */
static struct bytes expanded_with(struct fixture *f, const char *first)
{
    const struct value values[] = {{VALUE_TEXT, bytes_of(first)}};
    const struct match_vars vars = {.kind = VARS_VALUES, .count = 1, .values = values};
    const struct scope scope = {.text = B("s"), .keys = &f->keys, .first = &vars};
    const struct template *t =
        template_compile(&f->file->arena, B("<%$1>"), PASS_FIRST_DOLLAR | PASS_VARIABLES, &f->keys,
                         f->engine.rules.names);
    return expand(&f->engine, t, &scope);
}

START_TEST(names_in_a_match_are_not_kept)
{
    struct fixture *f = quiet_fixture();
    run(f, "assign %known value");
    uint32_t before = names_count(f->engine.rules.names);
    ck_bytes_eq(expanded_with(f, "known"), B("<value>"));
    ck_bytes_eq(expanded_with(f, "unknown"), B("<>"));
    ck_bytes_eq(expanded_with(f, "1"), B("<%1>"));
    ck_assert_uint_eq(names_count(f->engine.rules.names), before);
    fixture_free(f);
}
END_TEST

START_TEST(if_takes_one_of_two_ways)
{
    struct fixture *f = quiet_fixture();
    run(f, "assign %t 1; if %t ( logonly yes ) else ( logonly no ); "
           "if %u0 ( logonly yes ) else ( logonly no ); if %u0 ( logonly yes )");
    ck_logged(f, "yes\nno\n");
    fixture_free(f);
}
END_TEST

START_TEST(while_ends_by_its_condition_or_by_break)
{
    struct fixture *f = quiet_fixture();
    run(f, "fill C a%{.nl}b%{.nl}c; getsize %n C; "
           "while %n ( shift C %e; logonly %e; getsize %n C )");
    ck_logged(f, "a\nb\nc\n");
    run(f, "fill C a%{.nl}b%{.nl}c; assign %t 1; "
           "while %t ( shift C %e; getsize %n C; if %n ( continue ); logonly last %e; break; "
           "logonly never ); logonly after");
    ck_logged(f, "last c\nafter\n");
    fixture_free(f);
}
END_TEST

START_TEST(break_outside_a_loop_ends_the_list)
{
    struct fixture *f = quiet_fixture();
    run(f, "assign %t 1; logonly a; if %t ( break; logonly b ); logonly c");
    ck_logged(f, "a\n");
    fixture_free(f);
}
END_TEST

static bool interrupted(struct engine *engine)
{
    return ++engine->run.processed_lines == 20000;
}

START_TEST(an_endless_loop_can_be_interrupted_and_needs_no_memory)
{
    struct fixture *f = quiet_fixture();
    f->engine.hooks.interrupted = interrupted;
    arena_alloc(&f->engine.line.arena, 1);
    const struct arena_block *block = arena_mark(&f->engine.line.arena).block;
    run(f, "assign %t 1; while %t ( assign %x %{.chr65}%{s}%{s}%{s}; add C x; empty C %y ); "
           "logonly done");
    ck_logged(f, "done\n");
    ck_assert_uint_eq(f->engine.run.processed_lines, 20000);
    ck_assert_ptr_eq(arena_mark(&f->engine.line.arena).block, block);
    fixture_free(f);
}
END_TEST

static void ck_event(struct fixture *f, const char *text, const char *context)
{
    struct bytes got_text, got_context;
    ck_assert(events_pop(f->engine.state.events, &f->engine.line.arena, &got_text, &got_context));
    ck_bytes_eq(got_text, bytes_of(text));
    ck_bytes_eq(got_context, bytes_of(context));
}

START_TEST(events_are_created_now_or_later)
{
    struct fixture *f = fixture_new();
    run(f, "event a%{.nl}b; event 05 later; event 0; cevent CTX 0 c; cevent CTX 3 d; tevent 2 e");
    ck_logged(f, "Creating event 'a'\nCreating event 'b'\n"
                 "Scheduling the creation of event 'later' after 5 seconds\n"
                 "Creating event 'the event'\n"
                 "Creating event 'c' with context 'CTX'\n"
                 "Scheduling the creation of event 'd' with context 'CTX' after 3 seconds\n"
                 "Scheduling the creation of event 'e' after 2 seconds\n");
    ck_event(f, "a", "_INTERNAL_EVENT");
    ck_event(f, "b", "_INTERNAL_EVENT");
    ck_event(f, "the event", "_INTERNAL_EVENT");
    ck_event(f, "c", "CTX");
    ck_assert(!events_any(f->engine.state.events));
    ck_assert_int_eq(events_pending_at(f->engine.state.events, 0)->due, 1005);
    ck_bytes_eq(events_pending_at(f->engine.state.events, 1)->context, B("CTX"));
    ck_warns(f, "tevent x a; cevent C 1y a; tevent 5 %nothing",
             "Invalid time specification 'x' for creating events\n"
             "Invalid time specification '1y' for creating events\n");
    ck_assert_uint_eq(events_pending_count(f->engine.state.events), 3);
    fixture_free(f);
}
END_TEST

START_TEST(sigemul_sets_the_flags_of_signals)
{
    struct fixture *f = quiet_fixture();
    struct pending_signals *signals = &f->engine.run.signals;
    ck_warns(f, "sigemul kill", "The arrival of 'KILL' signal can't be emulated\n");
    ck_assert(!signals->received);
    run(f, "sigemul usr1; sigemul Int; sigemul INT");
    ck_assert(signals->received && signals->dumpdata);
    ck_assert(!signals->refresh && !signals->softrefresh && !signals->openlog &&
              !signals->terminate);
    ck_assert_int_eq(signals->debuglevelinc, 2);
    run(f, "sigemul HUP; sigemul ABRT; sigemul USR2; sigemul TERM");
    ck_assert(signals->refresh && signals->softrefresh && signals->openlog && signals->terminate);
    fixture_free(f);
}
END_TEST

START_TEST(varset_asks_the_pattern_match_cache)
{
    struct fixture *f = quiet_fixture();
    struct match_vars vars = {.kind = VARS_GROUPS, .line = B("line")};
    cache_store(f->engine.state.cache, B("HAVE"), &vars);
    run(f, "varset %a HAVE; varset %b NOT");
    ck_number(f, "a", "1");
    ck_number(f, "b", "0");
    fixture_free(f);
}
END_TEST

static struct fixture *fixture_with_window(size_t size)
{
    struct fixture *f = quiet_fixture();
    f->engine.windows.joint = true;
    f->engine.windows.bufsize = size;
    f->engine.windows.all = window_new(size);
    for (size_t i = 0; i < size; i++)
        window_push(f->engine.windows.all, B("line"), B("input"));
    return f;
}

static void ck_window(struct fixture *f, const char *text)
{
    struct window *window = f->engine.windows.all;
    ck_bytes_eq(window_joined(window, window_size(window), &f->engine.line.arena), bytes_of(text));
}

START_TEST(rewrite_fills_the_newest_lines)
{
    struct fixture *f = fixture_with_window(3);
    log_set_level(f->engine.log, LOG_DETAIL);
    run(f, "rewrite 1 new");
    ck_assert(f->engine.line.rewritten);
    ck_window(f, "line\nline\nnew");
    run(f, "rewrite 0 a%{.nl}b");
    ck_window(f, "line\na\nb");
    run(f, "rewrite 3 c");
    ck_window(f, "\n\nc");
    run(f, "rewrite 2 d%{.nl}e%{.nl}f");
    ck_window(f, "\nd\ne");
    run(f, "rewrite 9 g%{.nl}h%{.nl}i%{.nl}j");
    ck_window(f, "g\nh\ni");
    ck_logged(f, "Input buffer rewritten with 'new'\n"
                 "Input buffer rewritten with 'a\nb'\n"
                 "Input buffer rewritten with '\n\nc'\n"
                 "Input buffer rewritten with 'd\ne'\n"
                 "Input buffer rewritten with 'g\nh\ni'\n");
    ck_warns(f, "rewrite x a; rewrite 0 %nothing",
             "Invalid linecount 'x', can't rewrite input buffer\n"
             "No data for rewriting input buffer\n");
    window_free(f->engine.windows.all);
    fixture_free(f);
}
END_TEST

START_TEST(rewrite_of_a_synthetic_events_own_window)
{
    struct fixture *f = fixture_with_window(2);
    f->engine.windows.joint = false;
    f->engine.windows.synthetic = window_new(2);
    window_push(f->engine.windows.all, B("event"), bytes_make(NULL, 0));
    window_push(f->engine.windows.synthetic, B("event"), bytes_make(NULL, 0));
    log_set_level(f->engine.log, LOG_DETAIL);
    run(f, "rewrite 1 new");
    ck_logged(f, "Input buffer of synthetic events rewritten with 'new'\n");
    ck_bytes_eq(window_line(f->engine.windows.synthetic, 0), B("new"));
    ck_bytes_eq(window_line(f->engine.windows.all, 0), B("event"));
    window_free(f->engine.windows.synthetic);
    window_free(f->engine.windows.all);
    fixture_free(f);
}
END_TEST

START_TEST(eval_keeps_what_one_value_is)
{
    struct fixture *f = quiet_fixture();
    run(f, "eval %n (6*7); eval %d (1/4); eval %t ('007'); eval %l ((1,undef,'b')); "
           "eval %e (()); eval %u (undef); eval %c (sub { 'sum ', $_[0]+$_[1] })");
    ck_number(f, "n", "42");
    ck_number(f, "d", "0.25");
    ck_text(f, "t", "007");
    ck_text(f, "l", "1\n\nb");
    ck_variable(f, "e", VARIABLE_UNDEF, "");
    ck_text(f, "u", "");
    ck_assert_int_eq(get(f, "c")->kind, VARIABLE_CODE);
    run(f, "call %r %c 3 %n; assign %c2 %c");
    ck_text(f, "r", "sum \n45");
    ck_assert(bytes_starts(buf_bytes(&get(f, "c2")->text), B("CODE(0x")));
    ck_warns(f, "call %r %n; call %r %absent",
             "Variable '%n' is not a code reference\nVariable '%absent' is not a code reference\n");
    ck_text(f, "r", "sum \n45");
    fixture_free(f);
}
END_TEST

START_TEST(code_that_fails_leaves_the_variable)
{
    struct fixture *f = quiet_fixture();
    run(f, "assign %x old; eval %c (sub { die \"no\\n\" })");
    ck_warns(f, "eval %x (die \"bad\\n\")", "Error evaluating code 'die \"bad\\n\"': bad\n");
    log_set_level(f->engine.log, LOG_WARN);
    run(f, "call %x %c; lcall %x -> ( sub { die \"l\\n\" } )");
    struct bytes text = log_lines(f);
    ck_assert(bytes_starts(text, B("Code '%c->()' runtime error: no\n\nCode 'CODE(0x")));
    ck_text(f, "x", "old");
    fixture_free(f);
}
END_TEST

START_TEST(lcall_passes_words_or_cache_entries)
{
    struct fixture *f = quiet_fixture();
    struct match_vars vars = {.kind = VARS_GROUPS, .line = B("line")};
    cache_store(f->engine.state.cache, B("HAVE"), &vars);
    run(f, "assign %w HAVE; lcall %a one %w -> ( sub { return reverse @_ } ); "
           "lcall %b %w NOT :> ( sub { $_[0]->{0} . (defined($_[1]) ? 'yes' : 'no') } ); "
           "lcall %c -> ( sub { 5 } ); lcall %d -> ( sub { () } )");
    ck_text(f, "a", "HAVE\none");
    ck_text(f, "b", "lineno");
    ck_text(f, "c", "5");
    ck_variable(f, "d", VARIABLE_UNDEF, "");
    fixture_free(f);
}
END_TEST

START_TEST(code_may_replace_the_variable_it_was_called_from)
{
    struct fixture *f = quiet_fixture();
    run(f, "eval %c (sub { 'done' }); call %c %c; assign %x %c");
    ck_text(f, "x", "done");
    fixture_free(f);
}
END_TEST

static const char *const counting_rules =
    "type=SingleWithThreshold\nptype=SubStr\npattern=a\ndesc=d\naction=none\nwindow=10\nthresh=5\n"
    "\n"
    "type=SingleWithSuppress\nptype=SubStr\npattern=b\ndesc=d\naction=none\nwindow=10\n";

/* A fixture with rules loaded from a file of the name that its actions belong to. */
static struct fixture *fixture_with_rules(char path[40])
{
    struct fixture *f = fixture_new();
    struct engine *engine = &f->engine;
    strcpy(path, "/tmp/check_actions.XXXXXX");
    int fd = mkstemp(path);
    ck_assert_int_eq(write(fd, counting_rules, strlen(counting_rules)),
                     (ssize_t)strlen(counting_rules));
    close(fd);
    struct parse_env parse_env = {.log = engine->log,
                                  .clock = engine->clock,
                                  .names = engine->rules.names,
                                  .rule_types = rule_types,
                                  .action_types = action_types};
    struct bytes name = bytes_of(path);
    ck_assert(ruleset_load(engine->rules.set, &parse_env, &name, 1));
    file_states_follow(&engine->state.files, engine->rules.set);
    f->file->name = name;
    engine->state.operations = operations_new(1000);
    log_lines(f);
    return f;
}

static struct operation *start(struct fixture *f, size_t rule, const char *desc)
{
    return operations_start(&f->engine, &f->engine.state.files.items[0]->rules[rule],
                            bytes_of(desc), engine_now(&f->engine), 10, NULL);
}

static void end_with_rules(struct fixture *f, const char *path)
{
    operations_free(f->engine.state.operations);
    file_states_free(&f->engine.state.files);
    unlink(path);
    fixture_free(f);
}

START_TEST(reset_ends_the_operation_of_a_rule_or_of_all_rules)
{
    char path[40];
    struct fixture *f = fixture_with_rules(path);
    struct operations *operations = f->engine.state.operations;
    start(f, 0, "d");
    start(f, 1, "d");
    start(f, 1, "e");
    run(f, "reset 2 d; reset 7 d; reset -3 d");
    ck_assert_uint_eq(operations_count(operations), 2);
    log_set_level(f->engine.log, LOG_NOTE);
    start(f, 1, "d");
    run(f, "reset d");
    ck_assert_uint_eq(operations_count(operations), 1);
    ck_bytes_eq(operation_desc(operations_first(operations)), B("e"));
    end_with_rules(f, path);
}
END_TEST

START_TEST(reset_says_what_it_ends_even_when_there_is_nothing)
{
    char path[40];
    struct fixture *f = fixture_with_rules(path);
    f->file->name = B("other.sec");
    run(f, "reset +1; reset");
    ck_logged(f, "Terminating event correlation operation 'other.sec | 1 | the event'\n"
                 "Terminating all event correlation operations started from other.sec "
                 "with operation description string 'the event'\n");
    end_with_rules(f, path);
}
END_TEST

START_TEST(windows_can_be_read_and_moved)
{
    char path[40];
    struct fixture *f = fixture_with_rules(path);
    struct operation *operation = start(f, 1, "d");
    advance_to(f, 1005);
    log_set_level(f->engine.log, LOG_NOTE);
    run(f, "setwpos 1003 2 d; getwpos %x 2 d");
    ck_number(f, "x", "1003");
    ck_assert_int_eq(operation->timer.due, 1014);
    f->file->name = B("r");
    ck_warns(f, "getwpos %y 2 d; setwpos 5 2 d; setwpos x 2 d",
             "Operation 'r | 1 | d' does not exist, can't get window position\n"
             "Operation 'r | 1 | d' does not exist, can't set window position\n"
             "Invalid timestamp 'x' for moving the window of operation 'r | 1 | d'\n");
    f->file->name = bytes_of(path);
    ck_warns(f, "setwpos 1002 2 d; setwpos 1006 2 d; setwpos 1003 2 d",
             "Can't move event correlation window backwards to 'Thu Jan  1 00:16:42 1970'\n"
             "Can't move event correlation window into future to 'Thu Jan  1 00:16:46 1970'\n");
    operation->starting = true;
    ck_assert(bytes_find(warnings_of(f, "setwpos 1004 2 d"),
                         B(" is initializing, can't set window position"), 0) > 0);
    operation->starting = false;
    operation->ending = true;
    ck_assert(bytes_find(warnings_of(f, "setwpos 1004 2 d"),
                         B(" is terminating, can't set window position"), 0) > 0);
    end_with_rules(f, path);
}
END_TEST

START_TEST(moving_the_window_past_all_events_ends_counting)
{
    char path[40];
    struct fixture *f = fixture_with_rules(path);
    struct operation *operation = start(f, 0, "d");
    operation_push_time(operation, 1000);
    operation_push_time(operation, 1002);
    advance_to(f, 1005);
    run(f, "setwpos 1001 1 d");
    ck_assert_uint_eq(operation->time_count, 1);
    ck_assert_int_eq(operation->time, 1001);
    log_lines(f);
    run(f, "setwpos 1003 1 d");
    ck_assert(
        bytes_find(log_lines(f), B(" | 0 | d' finished its work after window was moved\n"), 0) > 0);
    ck_assert_uint_eq(operations_count(f->engine.state.operations), 0);
    end_with_rules(f, path);
}
END_TEST

RUN_TESTS_IN_PERL("actions", NULL, NULL, assign_says_what_it_does, names_in_a_match_are_not_kept,
                  if_takes_one_of_two_ways, while_ends_by_its_condition_or_by_break,
                  break_outside_a_loop_ends_the_list,
                  an_endless_loop_can_be_interrupted_and_needs_no_memory,
                  events_are_created_now_or_later, sigemul_sets_the_flags_of_signals,
                  varset_asks_the_pattern_match_cache, rewrite_fills_the_newest_lines,
                  rewrite_of_a_synthetic_events_own_window, eval_keeps_what_one_value_is,
                  code_that_fails_leaves_the_variable, lcall_passes_words_or_cache_entries,
                  code_may_replace_the_variable_it_was_called_from,
                  reset_ends_the_operation_of_a_rule_or_of_all_rules,
                  reset_says_what_it_ends_even_when_there_is_nothing, windows_can_be_read_and_moved,
                  moving_the_window_past_all_events_ends_counting)
