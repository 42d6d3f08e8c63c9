/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors of test files: where each is, and what is said of it. */
#include "sectest.h"

#define SPAN "a span is written like 30s, 5m, 1h30m or 2d; its units are w, d, h, m, s"
#define FORM "a time is written like +30s, +1h30m, 08:00, 08:00:10 or 2024-01-31 08:00"
/* Each error, where it is, and that the test does not run.  The lines come after the rules; T
 * begins a test, X is what it expects besides. */
#define T "test: t\n"
#define X "  nothing else\n"
static const struct {
    const char *text, *said;
} errors[] = {
    /* Words. */
    {T "  expct output a\n" X, "3:3+5 'expct' is not a step (did you mean 'expect'?)"},
    {T "  Expect output a\n" X, "3:3+6 'Expect' is not a step (did you mean 'expect'?)"},
    {T "  sshd[1]: a\n" X,
     "3:3+8 'sshd[1]:' is not a step (a log line has a time before it (+0s LINE), or its own (> "
     "LINE))"},
    {T "  sshd: a\n" X,
     "3:3+4 'sshd:' is not a key (a log line has a time before it (+0s LINE), or its own (> "
     "LINE))"},
    {T "  expect: output a\n" X, "3:3+6 'expect:' is not a key (did you mean 'expect'?)"},
    {T "  snapshot\n" X, "3:3+8 'snapshot' is not a step (did you mean 'snapshot:'?)"},
    {T "  expect outptu a\n" X,
     "3:10+6 'outptu' is not something you can expect (did you mean 'output'?)"},
    {"define alert: write /a\n" T "  not alret\n" X,
     "4:7+5 'alret' is not something you can expect (did you mean 'alert'?)"},
    {T "  expect\xc2\xa0run a\n" X,
     "3:3+11 'expect\xc2\xa0"
     "run' is not a step (the line has a no-break or zero-width space, which does not separate "
     "words)"},
    {"tset: t\n", "2:1+4 'tset:' is not a key (did you mean 'test'?)"},
    {"+0s a\n",
     "2:1+3 a step must be in a test ('test: NAME' begins a test, 'given:' what comes before each "
     "of them)"},
    {"rules b.sec\n", "2:1+5 a line of the head has the form KEY: VALUE (did you mean 'rules:'?)"},
    {T "  nothing\n" X, "3:10+0 the step is: nothing else"},
    {T "  nothing else here\n" X, "3:16+4 unexpected text: the step is: nothing else"},
    {T "  then output a\n" X, "3:3+4 'then' is not a step (did you mean 'expect'?)"},
    {T "  expects output a\n" X, "3:3+7 'expects' is not a step (did you mean 'expect'?)"},
    {T "  Wait +5s\n" X, "3:3+4 'Wait' is not a step (a time alone lets time pass: +5m)"},
    {T "  rules b.sec\n" X, "3:3+5 'rules' is not a step (did you mean 'rules:'?)"},
    {T "  expect nothing\n" X,
     "3:10+7 'nothing' is not something you can expect (write 'nothing else', or 'not' and a "
     "subject)"},
    {T "  expect not output\n" X,
     "3:10+3 'not' is not something you can expect (use 'not' instead of 'expect': not pipe mail)"},
    {T "  +5min a\n" X, "3:3+5 '+5min' is not a time (" SPAN ")"},
    /* The head. */
    {"zone: Nowhere/Else\n" T X,
     "2:7+12 no such zone: Nowhere/Else (a zone is written like Europe/Berlin, UTC or +01:00)"},
    {"start: Tue 2024-01-01\n", "2:8+3 that day is a Monday"},
    {"start: 2024-01-01 Tuesday 08:00\n", "2:19+7 that day is a Monday"},
    {"start: 2023-02-29 08:00\n", "2:8+10 there is no such day: 2023-02-29"},
    {"start: 08:00\n", "2:8+5 a date is expected here (like Wed 2024-01-31 08:00)"},
    {"start: 2024-01-01 24:00\n", "2:19+5 '24:00' is not a time (" FORM ")"},
    {"start: 2024-01-01 08:00 UTC\n", "2:25+3 unexpected text: nothing follows the time"},
    {"conf: a.sec\n" T X, "2:1+4 'conf:' is not a key (rule files are named by 'rules:')"},
    {"start: 2024-01-01\nstart: 2024-01-02\n", "3:8+10 this was already set on line 2"},
    {"zone: CET-1CEST,M3.5.0,M10.5.0/3\nstart: 2024-03-31 02:30\n" T X,
     "3:8+16 this time does not exist in CET-1CEST,M3.5.0,M10.5.0/3: clocks go forward then"},
    {"rules:\n", "2:7+0 the name of a rule file is missing"},
    {"rules: \"a b\n", "2:8+4 the closing \" is missing"},
    {"options: quoting\n", "2:10+7 an option begins with --, like --intcontexts"},
    {"input:\n", "2:7+0 the input's name is missing"},
    {"input: a b\n", "2:10+1 unexpected text: an input is NAME or NAME = CONTEXT"},
    {"input: a =\n", "2:11+0 the context's name is missing"},
    {"env: PATH\n", "2:6+4 write: env: NAME=VALUE"},
    {"perl:\n", "2:6+0 the code is missing"},
    {"file: ../a\n  b\n", "2:7+4 a file is in the test's own folder: its name cannot contain '..'"},
    {"file: a b\n", "2:9+1 unexpected text: the lines of the file go below its name, indented"},
    {"tags:\n", "2:6+0 a tag is missing"},
    {"define run: run a\n",
     "2:8+3 the word already has a meaning (write: define WORD: SUBJECT NAME)"},
    {"define a: wrte b\n",
     "2:11+4 a word stands for a subject and what follows it (did you mean 'write'?)"},
    {"given: +0s a\n", "2:8+5 unexpected text: steps go below 'given:', indented"},
    {"rows:\n  | a |\n", "2:1+4 'rows:' belongs in a test"},
    {"include: no.such\n", "2:10+7 dir/no.such: No such file or directory"},
    {"include: a.sectest\n", "2:10+9 this file includes itself"},
    /* Tests. */
    {"test:\n" X, "2:1+5 the test has no name (write: test: what the rules do)"},
    {T "  +0s a\n",
     "2:1+4 this test has no expectations ('expect ...' says what the rules do, 'not ...' what "
     "they must not do)"},
    {T X T X, "4:7+1 a test of this name is already on line 2"},
    {T "  given:\n    +0s a\n" X, "3:3+5 'given:' must come before the first test"},
    {T X "  start: 2024-01-01\n", "4:3+5 'start:' must come before the first step of the test"},
    {T X "  perl: f()\n",
     "4:3+4 'perl:' must come before the first step of the test (a step has no colon after its "
     "first word)"},
    {T X "start: 2024-01-01\n",
     "4:1+5 what is for all tests must come before the first one (indent it if it is for the test "
     "above)"},
    {T "  stop\n  +0s a\n" X, "4:3+3 'stop' ended the program: this step cannot run"},
    /* Times. */
    {T "  08:05 a\n  08:04 b\n" X,
     "4:3+5 time goes back: it is already later (for the next day, write a date)"},
    {T "  2023-12-31 08:04 b\n" X, "3:3+10 time goes back: this is before the step above"},
    {T "  expect context A until 2023-12-31 08:00\n" X,
     "3:3+6 time goes back: this is before the step above"},
    {T "  2024-02-30 08:04 b\n" X, "3:3+10 there is no such day: 2024-02-30"},
    {T "  +5 a\n" X, "3:3+2 '+5' is not a time (" SPAN ")"},
    {T "  +30m1h a\n" X, "3:3+6 '+30m1h' is not a time (" SPAN ")"},
    {T "  +200000d a\n" X, "3:3+8 '+200000d' is not a time (" SPAN ")"},
    {T "  25:00 a\n" X, "3:3+5 '25:00' is not a time (" FORM ")"},
    {T "  2024-01-01 sshd\n" X, "3:14+4 'sshd' is not a time (" FORM ")"},
    {T "  2024-01-01\n" X, "3:3+10 a time of day is missing (" FORM ")"},
    /* Lines. */
    {T "  +0s x0 a\n" X, "3:7+2 a line can be repeated 1 to 1000000 times"},
    {T "  +0s x2 every day a\n" X, "3:16+3 a span is expected after 'every' (" SPAN ")"},
    {T "  +0s x2\n" X, "3:9+0 the log line is missing (for an empty line write |)"},
    {T "  +0s from web a\n" X,
     "3:12+3 there is no input 'web' ('input: NAME' declares one; a log line that begins with "
     "'from' is written after '| ')"},
    {T "  >\n" X, "3:3+1 the log line is missing after '>'"},
    {T "  +0s >\n" X, "3:7+1 the log line is missing after '>'"},
    {T "  lines\n" X, "3:8+0 the file's name is missing"},
    {"input: web\n" T "  from web a\n" X,
     "4:12+1 the step is 'from INPUT > LINE' for a line with its own time, else '+0s from INPUT "
     "LINE'"},
    {"input: a\ngiven:\n  +0s from a b\n" T "  input: c\n" X,
     "4:3+3 the test's own 'input:' leaves out 'a'"},
    /* Expectations. */
    {T "  expect\n" X, "3:9+0 what to expect is missing"},
    {T "  expect 3 output a\n" X,
     "3:10+1 a number is followed by 'times', as in: expect 3 times output"},
    {T "  expect at 3 times run\n" X,
     "3:10+2 'at' is followed by 'least' or 'most', as in: at least 3 times"},
    {T "  expect at least run\n" X, "3:19+3 a number is expected here (as in: at least 3 times)"},
    {T "  expect within run\n" X, "3:17+3 a span is expected after 'within' (" SPAN ")"},
    {T "  expect until +5m run\n" X,
     "3:10+5 'until' goes with 'not'; to say how soon, write: expect within 5m ..."},
    {T "  not once run a\n" X, "3:12+3 'not' takes no number and no 'only'"},
    {T "  expect 2 times context A\n" X,
     "3:18+7 only what happens can be counted, not what is there"},
    {T "  expect only log a\n" X,
     "3:15+3 'only' goes with effects: output, write, run, spawn, pipe, send, signal, perl"},
    {T "  expect run a within 5m\n" X,
     "3:16+6 'within' goes before the subject: expect within 5m ... (if the text ends like this, "
     "write it after '| ')"},
    {T "  not run a until +5m\n" X,
     "3:13+5 'until' goes before the subject: not until +5m ... (if the text ends like this, "
     "write it after '| ')"},
    {T "  expect output ~ a(b\n" X,
     "3:22+0 the regular expression is wrong: missing closing parenthesis"},
    {T "  expect output ~\n" X, "3:17+1 a regular expression is missing after '~'"},
    {T "  expect context\n" X, "3:17+0 the context's name is missing"},
    {T "  expect context A B\n" X,
     "3:20+1 unexpected text: the name may be followed by until TIME, forever, with N lines, "
     "holding TEXT"},
    {T "  expect context A with lines\n" X, "3:20+4 'with' takes a number, as in: with 3 lines"},
    {T "  expect context A until 2h\n" X, "3:26+2 '2h' is not a time (did you mean +2h?)"},
    {T "  not until 5m output\n" X, "3:13+2 '5m' is not a time (did you mean +5m?)"},
    {T "  expect context A until then\n" X, "3:26+4 'then' is not a time (" FORM ")"},
    {T "  expect context A until\n" X, "3:20+5 a time is missing after 'until' (" FORM ")"},
    {T "  expect variable x = 5\n" X, "3:19+1 a variable is written like %x"},
    {T "  expect file = 5\n" X, "3:15+1 the name is missing"},
    {"define a: write /b\n" T "  expect a ~ (\n" X,
     "4:15+0 the regular expression is wrong: missing closing parenthesis"},
    {"define a: write /b ~ (\n" T "  expect a\n" X,
     "2:23+0 the regular expression is wrong: missing closing parenthesis"},
    {T "  expect run \\\n    ~ (\n" X,
     "4:8+0 the regular expression is wrong: missing closing parenthesis"},
    /* Other steps. */
    {T "  when rnu a: exit 1\n" X,
     "3:8+3 'when' is followed by what starts the command: run, spawn, pipe or perl (did you mean "
     "'run'?)"},
    {T "  when run a\n" X, "3:13+0 the answer is missing (write: when run COMMAND: exit 1)"},
    {T "  when run a: exit 256\n" X, "3:20+3 'exit' takes a number from 0 to 255"},
    {T "  when run a:\n    sya b\n" X,
     "4:5+3 a command answers with 'say' or 'exit' (did you mean 'say'?)"},
    {T "  perl\n" X, "3:7+0 the code is missing after 'perl'"},
    {T "  signal TERM\n" X,
     "3:10+4 a signal is one of HUP, ABRT, USR1, USR2, INT (to end the program write 'stop')"},
    {T "  stop it\n" X, "3:8+2 unexpected text: the step is: stop"},
    {T "  snapshot: a\n" X,
     "3:13+1 unexpected text: the lines of a snapshot go below it, indented"},
    /* Rows. */
    {T "  rows:\n    | a | b |\n    | 1 |\n  expect output <a><b>\n",
     "5:5+5 the row has 1 cell, the table 2 columns"},
    {T "  rows:\n    | a | bee |\n    | 1 | 2 |\n  expect output <a>\n",
     "4:11+3 no line uses the column 'bee' (<NAME> in the test stands for its cell)"},
    {T "  rows:\n    | word |\n    | 1 |\n    | 2 |\n  expect output <wrod><word>\n",
     "7:17+6 there is no column 'wrod' (did you mean 'word'?)"},
    {T "  rows:\n    | word |\n    | output |\n    | x |\n    | y |\n  expect <word> a\n",
     "8:10+6 'x' is not something you can expect (subjects are output, write, run, spawn, pipe, "
     "send, signal, perl, event, log, rule, context, operation, variable, pending, file)"},
    {T "  rows:\n    | a |\n  expect output <a>\n",
     "3:3+5 the table has no rows (below the names of the columns comes a row for each test)"},
    {T "  rows:\n    | a | a |\n    | 1 | 2 |\n" X, "4:5+9 two columns have the same name"},
    {T "  rows:\n    | a | |\n    | 1 | 2 |\n" X,
     "4:5+7 the name of a column is empty, or has < or > in it"},
    {T "  rows:\n    |\n" X, "4:5+1 the names of the columns are missing"},
    {T "  rows:\n    | a |\n    1\n    | 2 |\n  not run <a>\n",
     "5:5+1 a row begins with a bar (like: | a cell | another |)"},
    {T "  rows:\n    | a |\n    | 1 |\n  not run <a>\n  rows:\n    | b |\n",
     "7:3+4 a test can have only one table"},
};

START_TEST(errors_have_their_places)
{
    for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
        struct buf text = {0};
        buf_cat(&text, B("rules: a.sec\n"), bytes_of(errors[i].text));
        buf_char(&text, '\0');
        parse(text.ptr);
        ck_bytes_eq(bytes_trim(buf_bytes(&said)), bytes_of(errors[i].said));
        ck_assert_uint_eq(file->error_count, 1);
        for (size_t j = 0; j + 1 < file->count; j++) /* the last one has the error, all or none */
            ck_assert(!file->tests[j].sound || !file->tests[file->count - 1].sound);
        buf_free(&text);
    }
    end();
}
END_TEST

START_TEST(without_rules_no_test_runs)
{
    parse("test: one\n  nothing else\ntest: two\n  nothing else\ntest: three\n  rules: a\n"
          "  nothing else\n");
    ck_bytes_eq(buf_bytes(&said),
                B("1:1+4 there are no rules to test ('rules: FILE' names them)\n"));
    ck_assert(!file->tests[0].sound && !file->tests[1].sound && file->tests[2].sound);
    end();
}
END_TEST

START_TEST(a_rule_file_is_one_error)
{
    parse("# rules\n\ntype = Single\nptype=RegExp\npattern=test: (a)\ndesc=d\naction=none\n");
    ck_bytes_eq(buf_bytes(&said),
                B("3:1+4 dir/a.sectest is a rule file; tests are in NAME.sectest (write "
                  "dir/a.sectest with 'rules: a.sectest' and tests; man secant-test)\n"));
    ck_assert_uint_eq(file->count, 0);
    parse("rem=\n");
    ck_assert_uint_eq(file->error_count, 1);
    end();
}
END_TEST

RUN_TESTS("sectest errors", errors_have_their_places, without_rules_no_test_runs,
          a_rule_file_is_one_error)
