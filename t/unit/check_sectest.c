/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Test files: what each construct is read as, and where each error is. */
#include "unit.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "clock/zone.h"
#include "prove/sectest.h"

static struct buf said; /* "LINE:COLUMN+LENGTH TEXT (HINT)", a line for each error */
static struct test_file *file;

static void note(void *arg, struct test_place place, struct bytes line, struct bytes text,
                 struct bytes hint)
{
    (void)arg;
    ck_assert_uint_le(place.column + place.length, line.len + 1);
    buf_cat(&said, NUM(place.line), B(":"), NUM(place.column), B("+"), NUM(place.length), B(" "),
            text);
    if (hint.len > 0)
        buf_cat(&said, B(" ("), hint, B(")"));
    buf_char(&said, '\n');
}

static void end(void)
{
    test_file_free(file);
    file = NULL;
    buf_free(&said);
}

static void parse(const char *text)
{
    end();
    file = test_file_parse(B("dir/a.sectest"), bytes_of(text), note, NULL);
}

/* The same, and it is all right. */
static void begin(const char *text)
{
    parse(text);
    ck_bytes_eq(buf_bytes(&said), B(""));
}

/* The only test of a file that has these lines after its head; the first step is returned. */
static const struct test_step *steps(const char *lines)
{
    struct buf text = {0};
    buf_cat(&text,
            B("rules: a.sec\ndefine alert: write /var/log/alerts\ninput: log\n"
              "input: web = WEB\ntest: t\n"),
            bytes_of(lines), B("\n  nothing else\n"));
    buf_char(&text, '\0');
    begin(text.ptr);
    buf_free(&text);
    ck_assert_uint_eq(file->count, 1);
    ck_assert(file->tests->sound);
    return file->tests->steps;
}

static const struct test_expectation *expectation(const char *line)
{
    const struct test_step *step = steps(line);
    ck_assert_int_eq(step->kind, TEST_STEP_EXPECT);
    return &step->expect;
}

#define ck_text_eq(t, kind, wanted)                                                                \
    do {                                                                                           \
        ck_assert_int_eq((t).how, kind);                                                           \
        ck_bytes_eq((t).text, B(wanted));                                                          \
    } while (0)

START_TEST(an_example_is_read)
{
    begin("# ssh.sectest: tests of ssh.sec\n"
          "rules: ssh.sec\n"
          "zone: CET-1CEST,M3.5.0,M10.5.0/3\n"
          "start: Mon 2024-01-01 08:00\n"
          "header: %b %e %H:%M:%S web1\n"
          "define alert: write /var/log/alerts\n"
          "\n"
          "given:\n"
          "  +0s  sshd[1]: Server listening on 0.0.0.0 port 22.\n"
          "\n"
          "test: five failures from one address alert once\n"
          "  +0s   x4 every 10s  sshd[7]: Failed password for root from 10.0.0.9 port 1 ssh2\n"
          "  not   alert\n"
          "  +10s  sshd[7]: Failed password for root from 10.0.0.9 port 1 ssh2\n"
          "  expect alert ~ brute force .* 10\\.0\\.0\\.9\n"
          "  expect context BLOCK_10.0.0.9 until +1h\n"
          "  +30m  sshd[7]: Failed password for root from 10.0.0.9 port 1 ssh2\n"
          "  nothing else\n"
          "\n"
          "test: <what> is a failed login\n"
          "  rows:\n"
          "    | what         | line                                                    |\n"
          "    | a password   | Failed password for root from 10.0.0.9 port 1 ssh2      |\n"
          "    | unknown user | Invalid user x from 10.0.0.9 port 1                     |\n"
          "  +0s  sshd[1]: <line>\n"
          "  expect rule ssh.sec:1\n");
    ck_assert_uint_eq(file->count, 3);
    ck_bytes_eq(file->folder, B("dir"));
    const struct test *test = &file->tests[0];
    ck_bytes_eq(test->name, B("five failures from one address alert once"));
    ck_assert_uint_eq(test->place.line, 11);
    ck_bytes_eq(test->rules[0], B("dir/ssh.sec"));
    ck_bytes_eq(test->header, B("%b %e %H:%M:%S web1"));
    ck_assert_int_eq(test->start, 1704096000);
    ck_assert_int_eq(test_start_second(test), 1704096000 - 3600);
    ck_assert_uint_eq(test->step_count, 8);
    ck_assert(test->steps[0].given && !test->steps[1].given);
    ck_assert_int_eq(test->steps[1].times, 4);
    ck_assert_int_eq(test->steps[1].every, 10);
    ck_assert(test->steps[2].expect.never);
    ck_bytes_eq(test->steps[2].expect.name, B("/var/log/alerts"));
    ck_text_eq(test->steps[4].expect.text, TEST_REGEX, "brute force .* 10\\.0\\.0\\.9");
    ck_assert_uint_eq(test->steps[4].expect.text.place.column, 18);
    ck_text_eq(test->steps[5].expect.text, TEST_EQUAL, "BLOCK_10.0.0.9");
    ck_assert_int_eq(test->steps[5].expect.ends.seconds, 3600);
    ck_bytes_eq(test[2].name, B("unknown user is a failed login"));
    ck_assert_uint_eq(test[2].row, 2);
    ck_bytes_eq(test[2].steps[1].text, B("sshd[1]: Invalid user x from 10.0.0.9 port 1"));
    ck_assert(test[0].sound && test[1].sound && test[2].sound);
    end();
}
END_TEST

START_TEST(lines_of_logs)
{
    static const struct {
        const char *line, *text;
        enum test_time_kind kind;
        int64_t seconds, times, every;
    } cases[] = {
        {"  +5s sshd: x", "sshd: x", TEST_TIME_AFTER, 5, 1, 0},
        {"\t+1h30m\tsshd: x \t", "sshd: x", TEST_TIME_AFTER, 5400, 1, 0},
        {"  +1w2d  x4 a", "a", TEST_TIME_AFTER, 777600, 4, 0},
        {"  +0s x4 every 2m a", "a", TEST_TIME_AFTER, 0, 4, 120},
        {"  +0s every 2m a", "every 2m a", TEST_TIME_AFTER, 0, 1, 0},
        {"  +0s | x4 is the text ", "x4 is the text ", TEST_TIME_AFTER, 0, 1, 0},
        {"  +0s |  two blanks", " two blanks", TEST_TIME_AFTER, 0, 1, 0},
        {"  +0s |", "", TEST_TIME_AFTER, 0, 1, 0},
        {"  +0s |a|b", "|a|b", TEST_TIME_AFTER, 0, 1, 0},
        {"  +0s x4a", "x4a", TEST_TIME_AFTER, 0, 1, 0},
        {"  +0s x 4", "x 4", TEST_TIME_AFTER, 0, 1, 0},
        {"  08:00 a", "a", TEST_TIME_CLOCK, 28800, 1, 0},
        {"  8:00:10 a", "a", TEST_TIME_CLOCK, 28810, 1, 0},
        {"  08:00 09:00 a", "09:00 a", TEST_TIME_CLOCK, 28800, 1, 0},
        {"  2024-02-29 08:00 a", "a", TEST_TIME_DATE, 1709193600, 1, 0},
        {"  2024-02-29T08:00:01 a", "a", TEST_TIME_DATE, 1709193601, 1, 0},
        {"  +0s a \\\n    b\\\n  c", "a b c", TEST_TIME_AFTER, 0, 1, 0},
        {"  +0s a \\\\", "a \\\\", TEST_TIME_AFTER, 0, 1, 0},
        {"  +0s # no comment", "# no comment", TEST_TIME_AFTER, 0, 1, 0},
        {"  +0s <34>Jan 1 <what>", "<34>Jan 1 <what>", TEST_TIME_AFTER, 0, 1, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const struct test_step *step = steps(cases[i].line);
        ck_assert_int_eq(step->kind, TEST_STEP_LINE);
        ck_bytes_eq(step->text, bytes_of(cases[i].text));
        ck_assert_int_eq(step->time.kind, cases[i].kind);
        ck_assert_int_eq(step->time.seconds, cases[i].seconds);
        ck_assert_int_eq(step->times, cases[i].times);
        ck_assert_int_eq(step->every, cases[i].every);
    }
    end();
}
END_TEST

START_TEST(other_steps)
{
    const struct test_step *step = steps("  +5m");
    ck_assert_int_eq(step->kind, TEST_STEP_WAIT);
    ck_assert_int_eq(step->time.seconds, 300);
    step = steps("  > 2024-01-01  a ");
    ck_assert_int_eq(step->kind, TEST_STEP_LINE);
    ck_assert(step->own_time);
    ck_bytes_eq(step->text, B("2024-01-01  a "));
    step = steps("  from web > a");
    ck_bytes_eq(step->input, B("web"));
    ck_bytes_eq(step->text, B("a"));
    step = steps("  +1s x2 from \"web\" a");
    ck_bytes_eq(step->input, B("web"));
    ck_bytes_eq(step->text, B("a"));
    ck_assert(!step->bare);
    step = steps("  +1s x2 from web >  a ");
    ck_assert(step->bare && !step->own_time);
    ck_bytes_eq(step->text, B(" a "));
    step = steps("  lines \"my log\" from web");
    ck_assert_int_eq(step->kind, TEST_STEP_LINES);
    ck_bytes_eq(step->text, B("dir/my log"));
    ck_bytes_eq(step->input, B("web"));
    step = steps("  perl $x = 5;");
    ck_assert_int_eq(step->kind, TEST_STEP_PERL);
    ck_bytes_eq(step->text, B("$x = 5;"));
    step = steps("  signal SIGUSR1");
    ck_assert_int_eq(step->kind, TEST_STEP_SIGNAL);
    ck_bytes_eq(step->text, B("USR1"));
    ck_assert_int_eq(steps("  stop")->kind, TEST_STEP_STOP);
    step = steps("  snapshot:\n    +0s write /a: b\n      c\n\n    # d\n\n");
    ck_assert_int_eq(step->kind, TEST_STEP_SNAPSHOT);
    ck_bytes_eq(step->text, B("+0s write /a: b\n  c\n\n# d\n"));
    ck_assert_uint_eq(step->block.line, 7);
    ck_assert_uint_eq(step->block.length, 4);
    end();
}
END_TEST

START_TEST(answers_of_commands)
{
    const struct test_step *step = steps("  when run ~ ^ping .*: exit 1");
    ck_assert_int_eq(step->kind, TEST_STEP_WHEN);
    ck_assert_int_eq(step->answer.subject, TEST_RUN);
    ck_text_eq(step->answer.command, TEST_REGEX, "^ping .*");
    ck_assert_int_eq(step->answer.exit_code, 1);
    ck_bytes_eq(step->answer.output, B(""));
    step = steps("  when spawn a: b:\n    say one\n   # two\n    say |  three\n    exit 3");
    ck_assert_int_eq(step->answer.subject, TEST_SPAWN);
    ck_text_eq(step->answer.command, TEST_CONTAINS, "a: b");
    ck_assert_int_eq(step->answer.exit_code, 3);
    ck_bytes_eq(step->answer.output, B("one\n three\n"));
    step = steps("  when pipe x: say hello");
    ck_bytes_eq(step->answer.output, B("hello\n"));
    end();
}
END_TEST

START_TEST(texts_of_effects)
{
    static const struct {
        const char *line, *name, *text;
        enum test_subject subject;
        enum test_how how;
    } cases[] = {
        {"expect output five failures", "", "five failures", TEST_OUTPUT, TEST_CONTAINS},
        {"expect output = five", "", "five", TEST_OUTPUT, TEST_EQUAL},
        {"expect output =five", "", "five", TEST_OUTPUT, TEST_EQUAL},
        {"expect output =", "", "", TEST_OUTPUT, TEST_EQUAL},
        {"expect output = |  a ", "", " a ", TEST_OUTPUT, TEST_EQUAL},
        {"expect output | = a", "", "= a", TEST_OUTPUT, TEST_CONTAINS},
        {"expect output ~ ^a|b$ ", "", "^a|b$", TEST_OUTPUT, TEST_REGEX},
        {"expect output contains five", "", "five", TEST_OUTPUT, TEST_CONTAINS},
        {"expect output \"a\"", "", "\"a\"", TEST_OUTPUT, TEST_CONTAINS},
        {"expect output", "", "", TEST_OUTPUT, TEST_ANY},
        {"expect write /var/log/a b c", "/var/log/a", "b c", TEST_WRITE, TEST_CONTAINS},
        {"expect write \"/a b\" c", "/a b", "c", TEST_WRITE, TEST_CONTAINS},
        {"expect write ~ c", "", "c", TEST_WRITE, TEST_REGEX},
        {"expect write - c", "", "c", TEST_OUTPUT, TEST_CONTAINS},
        {"expect writen /a = c", "/a", "c", TEST_WRITE, TEST_EQUAL},
        {"expect run mail -s a root", "", "mail -s a root", TEST_RUN, TEST_CONTAINS},
        {"expect shellcmd", "", "", TEST_RUN, TEST_ANY},
        {"expect cmdexec = a", "", "a", TEST_RUN, TEST_EQUAL},
        {"expect spawn a", "", "a", TEST_SPAWN, TEST_CONTAINS},
        {"expect send localhost:514 a b", "localhost:514", "a b", TEST_SEND, TEST_CONTAINS},
        {"expect udgram /dev/log ~ b", "/dev/log", "b", TEST_SEND, TEST_REGEX},
        {"expect signal SIGUSR1", "USR1", "", TEST_SIGNAL, TEST_ANY},
        {"expect perl open ~ x", "open", "x", TEST_PERL, TEST_REGEX},
        {"expect event a", "", "a", TEST_EVENT, TEST_CONTAINS},
        {"expect log a", "", "a", TEST_LOG, TEST_CONTAINS},
        {"expect logonly a", "", "a", TEST_LOG, TEST_CONTAINS},
        {"expect rule ssh.sec:12", "", "ssh.sec:12", TEST_RULE, TEST_CONTAINS},
        {"expect variable %x = 5", "%x", "5", TEST_VARIABLE, TEST_EQUAL},
        {"expect file /a contains b", "/a", "b", TEST_FILE, TEST_CONTAINS},
        {"expect alert ~ b", "/var/log/alerts", "b", TEST_WRITE, TEST_REGEX},
        {"expect alert", "/var/log/alerts", "", TEST_WRITE, TEST_ANY},
        {"expect pending a b", "", "a b", TEST_PENDING, TEST_CONTAINS},
        {"expect operation a until b", "", "a until b", TEST_OPERATION, TEST_CONTAINS},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const struct test_expectation *e = expectation(cases[i].line);
        ck_assert_int_eq(e->subject, cases[i].subject);
        ck_bytes_eq(e->name, bytes_of(cases[i].name));
        ck_assert_int_eq(e->text.how, cases[i].how);
        ck_bytes_eq(e->text.text, bytes_of(cases[i].text));
        ck_assert((e->text.regex != NULL) == (cases[i].how == TEST_REGEX));
        ck_assert(!e->never && !e->only && !e->counted);
    }
    end();
}
END_TEST

START_TEST(both_sides_of_a_pipe)
{
    const struct test_expectation *e = expectation("expect pipe mail root <<< ~ five .*");
    ck_text_eq(e->text, TEST_CONTAINS, "mail root");
    ck_text_eq(e->fed, TEST_REGEX, "five .*");
    e = expectation("expect report <<< = a");
    ck_text_eq(e->text, TEST_ANY, "");
    ck_text_eq(e->fed, TEST_EQUAL, "a");
    e = expectation("not pipe ~ ^mail");
    ck_text_eq(e->text, TEST_REGEX, "^mail");
    ck_text_eq(e->fed, TEST_ANY, "");
    ck_assert(e->never);
    end();
}
END_TEST

START_TEST(how_often_and_how_soon)
{
    static const struct {
        const char *line;
        bool never, only, counted;
        int64_t least, most, within;
    } cases[] = {
        {"expect output a", false, false, false, 1, INT64_MAX, -1},
        {"expect 3 times output a", false, false, true, 3, 3, -1},
        {"expect 1 time output a", false, false, true, 1, 1, -1},
        {"expect once output a", false, false, true, 1, 1, -1},
        {"expect exactly twice output a", false, false, true, 2, 2, -1},
        {"expect at least 3 times output a", false, false, true, 3, INT64_MAX, -1},
        {"expect at most once output a", false, false, true, 0, 1, -1},
        {"expect only output a", false, true, false, 1, INT64_MAX, -1},
        {"expect only 3 times within 5m output a", false, true, true, 3, 3, 300},
        {"expect within 5m only output a", false, true, false, 1, INT64_MAX, 300},
        {"not output a", true, false, false, 1, INT64_MAX, -1},
        {"not within 1h output a", true, false, false, 1, INT64_MAX, 3600},
        {"not until +1h output a", true, false, false, 1, INT64_MAX, 3600},
        {"not context A until +1h", true, false, false, 1, INT64_MAX, 3600},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const struct test_expectation *e = expectation(cases[i].line);
        ck_assert_int_eq(e->never, cases[i].never);
        ck_assert_int_eq(e->only, cases[i].only);
        ck_assert_int_eq(e->counted, cases[i].counted);
        ck_assert_int_eq(e->least, cases[i].least);
        ck_assert_int_eq(e->most, cases[i].most);
        ck_assert_int_eq(e->until.kind, cases[i].within < 0 ? TEST_TIME_NONE : TEST_TIME_AFTER);
        if (cases[i].within >= 0)
            ck_assert_int_eq(e->until.seconds, cases[i].within);
    }
    end();
}
END_TEST

START_TEST(what_is_said_of_states)
{
    const struct test_expectation *e = expectation("expect context A");
    ck_text_eq(e->text, TEST_EQUAL, "A");
    ck_assert_int_eq(e->lines, -1);
    ck_assert_int_eq(e->ends.kind, TEST_TIME_NONE);
    e = expectation("expect context \"A B\" until 09:00 with 3 lines holding = a");
    ck_text_eq(e->text, TEST_EQUAL, "A B");
    ck_assert_int_eq(e->ends.kind, TEST_TIME_CLOCK);
    ck_assert_int_eq(e->lines, 3);
    ck_text_eq(e->holding, TEST_EQUAL, "a");
    e = expectation("expect context ~ ^A_\\d+$ with no lines forever");
    ck_text_eq(e->text, TEST_REGEX, "^A_\\d+$");
    ck_assert(e->forever);
    ck_assert_int_eq(e->lines, 0);
    ck_assert(expectation("expect context A until forever")->forever);
    e = expectation("expect operation five of a with 3 events until +5m");
    ck_text_eq(e->text, TEST_CONTAINS, "five of a");
    ck_assert_int_eq(e->lines, 3);
    ck_assert_int_eq(e->ends.seconds, 300);
    e = expectation("expect pending a at b at +5s");
    ck_text_eq(e->text, TEST_CONTAINS, "a at b");
    ck_assert_int_eq(e->ends.seconds, 5);
    end();
}
END_TEST

#define FORM "a time is written like +30s, +1h30m, 08:00, 08:00:10 or 2024-01-31 08:00"
/* Each error, where it is, and that the test does not run.  The lines come after the rules; T
 * begins a test, X is what it expects besides. */
#define T "test: t\n"
#define X "  nothing else\n"
static const struct {
    const char *text, *said;
} errors[] = {
    /* Words. */
    {T "  expct output a\n" X, "3:3+5 no step: 'expct' (did you mean 'expect'?)"},
    {T "  Expect output a\n" X, "3:3+6 no step: 'Expect' (did you mean 'expect'?)"},
    {T "  sshd[1]: a\n" X,
     "3:3+8 no step: 'sshd[1]:' (a log line has a time in front (+0s LINE), or "
     "its own (> LINE))"},
    {T "  sshd: a\n" X,
     "3:3+4 no such key: 'sshd:' (a log line has a time in front (+0s LINE), or its "
     "own (> LINE))"},
    {T "  expect: output a\n" X, "3:3+6 no such key: 'expect:' (did you mean 'expect'?)"},
    {T "  snapshot\n" X, "3:3+8 no step: 'snapshot' (did you mean 'snapshot:'?)"},
    {T "  expect outptu a\n" X, "3:10+6 nothing that can be expected: 'outptu' (did you mean "
                                "'output'?)"},
    {"define alert: write /a\n" T "  not alret\n" X,
     "4:7+5 nothing that can be expected: 'alret' (did you mean 'alert'?)"},
    {T "  expect\xc2\xa0run a\n" X,
     "3:3+11 no step: 'expect\xc2\xa0run' (the line has a no-break space, or "
     "one without width, which parts no words)"},
    {"tset: t\n", "2:1+4 no such key: 'tset:' (did you mean 'test'?)"},
    {"+0s a\n",
     "2:1+3 a step outside of a test (test: NAME begins a test; given: what comes before "
     "each of them)"},
    {"rules b.sec\n",
     "2:1+5 a line of the head is written: KEY: VALUE (a log line has a time in front "
     "(+0s LINE), or its own (> LINE))"},
    {T "  nothing\n" X, "3:10+0 it is written: nothing else"},
    {T "  nothing else here\n" X, "3:16+4 too much: nothing else"},
    /* The head. */
    {"zone: Nowhere/Else\n" T X, "2:7+12 no such zone: Nowhere/Else (a zone is written like "
                                 "Europe/Berlin, UTC or +01:00)"},
    {"start: Tue 2024-01-01\n", "2:8+3 that day is a Mon"},
    {"start: 2024-01-01 Tuesday 08:00\n", "2:19+7 that day is a Mon"},
    {"start: 2023-02-29 08:00\n", "2:8+10 no such day in the calendar: 2023-02-29"},
    {"start: 08:00\n", "2:8+5 a date is expected here (it is written like Wed 2024-01-31 08:00)"},
    {"start: 2024-01-01 24:00\n",
     "2:19+5 not a time: '24:00' (a time is written like +30s, +1h30m, "
     "08:00, 08:00:10 or 2024-01-31 08:00)"},
    {"start: 2024-01-01 08:00 UTC\n", "2:25+3 too much: the time ends before this"},
    {"start: 2024-01-01\nstart: 2024-01-02\n", "3:8+10 this is told already, in line 2"},
    {"zone: CET-1CEST,M3.5.0,M10.5.0/3\nstart: 2024-03-31 02:30\n" T X,
     "3:8+16 no clock shows this time in CET-1CEST,M3.5.0,M10.5.0/3: it is set forward there"},
    {"rules:\n", "2:7+0 a rule file's name is missing"},
    {"rules: \"a b\n", "2:8+4 the closing \" is missing"},
    {"options: quoting\n", "2:10+7 an option begins with --, like: --intcontexts"},
    {"input:\n", "2:7+0 the input's name is missing"},
    {"input: a b\n", "2:10+1 too much: an input is written: NAME = CONTEXT"},
    {"input: a =\n", "2:11+0 the context's name is missing"},
    {"env: PATH\n", "2:6+4 it is written: env: NAME=VALUE"},
    {"perl:\n", "2:6+0 the code is missing"},
    {"file: ../a\n  b\n", "2:7+4 a file is in the test's own folder: its name cannot have '..'"},
    {"file: a b\n", "2:9+1 too much: the lines of the file come below its name, indented"},
    {"tags:\n", "2:6+0 a tag is missing"},
    {"define run: run a\n",
     "2:8+3 the word has a meaning already (it is written: define WORD: SUBJECT "
     "NAME)"},
    {"define a: wrte b\n",
     "2:11+4 a word stands for something that can be expected, which begins with "
     "its subject (did you mean 'write'?)"},
    {"given: +0s a\n", "2:8+5 too much: steps come below 'given:', indented"},
    {"rows:\n  | a |\n", "2:1+4 'rows:' cannot be outside of a test"},
    {"include: no.such\n", "2:10+7 dir/no.such: No such file or directory"},
    {"include: a.sectest\n", "2:10+9 this file includes itself"},
    /* Tests. */
    {"test:\n" X, "2:1+5 the test has no name (it is written: test: what the rules do)"},
    {T "  +0s a\n",
     "2:1+4 this tests nothing (expect ... says what rules do, not ... what they must "
     "not)"},
    {T X T X, "4:7+1 there is a test of this name already, in line 2"},
    {T "  given:\n    +0s a\n" X,
     "3:3+5 'given:' cannot be in a test: it comes before the first one"},
    {T X "  start: 2024-01-01\n", "4:3+5 'start:' comes before the first step of a test"},
    {T X "  perl: f()\n",
     "4:3+4 'perl:' comes before the first step of a test (a step has no colon "
     "after its first word)"},
    {T X "start: 2024-01-01\n",
     "4:1+5 what is for all tests comes before the first one (indented, it "
     "is for the test above)"},
    {T "  stop\n  +0s a\n" X, "4:3+3 the program has ended with 'stop': this step never comes"},
    /* Times. */
    {T "  08:05 a\n  08:04 b\n" X,
     "4:3+5 time goes back: it is later already (for the next day write "
     "a date)"},
    {T "  2023-12-31 08:04 b\n" X, "3:3+10 time goes back: this is before the step above"},
    {T "  expect context A until 2023-12-31 08:00\n" X,
     "3:3+6 time goes back: this is before the step above"},
    {T "  2024-02-30 08:04 b\n" X, "3:3+10 no such day in the calendar: 2024-02-30"},
    {T "  +5 a\n" X, "3:3+2 not a time: '+5' (" FORM ")"},
    {T "  +30m1h a\n" X, "3:3+6 not a time: '+30m1h' (" FORM ")"},
    {T "  +200000d a\n" X, "3:3+8 not a time: '+200000d' (" FORM ")"},
    {T "  25:00 a\n" X, "3:3+5 not a time: '25:00' (" FORM ")"},
    {T "  2024-01-01 sshd\n" X, "3:14+4 not a time: 'sshd' (" FORM ")"},
    {T "  2024-01-01\n" X, "3:3+10 a time of day is missing (" FORM ")"},
    /* Lines. */
    {T "  +0s x0 a\n" X, "3:7+2 a line comes 1 to 1000000 times"},
    {T "  +0s x2 every day a\n" X,
     "3:16+3 a span is expected after 'every' (a span is written like "
     "30s, 5m, 1h30m or 2d)"},
    {T "  +0s x2\n" X, "3:9+0 the log line is missing (an empty line is written as |)"},
    {T "  +0s from web a\n" X,
     "3:12+3 no such input: 'web' (input: NAME says what inputs there are; a "
     "log line that begins with 'from' is written after '| ')"},
    {T "  >\n" X, "3:3+1 the log line is missing after '>'"},
    {T "  +0s >\n" X, "3:7+1 the log line is missing after '>'"},
    {T "  lines\n" X, "3:8+0 the file's name is missing"},
    {"input: web\n" T "  from web a\n" X,
     "4:12+1 a line with its own time is written: from INPUT > LINE; with another: +0s from INPUT LINE"},
    {"input: a\ngiven:\n  +0s from a b\n" T "  input: c\n" X,
     "4:3+3 the test's own 'input:' leaves out 'a'"},
    /* Expectations. */
    {T "  expect\n" X, "3:9+0 what is expected is missing"},
    {T "  expect 3 output a\n" X,
     "3:10+1 after the number comes 'times', like: expect 3 times ..."},
    {T "  expect at 3 times run\n" X, "3:10+2 after 'at' comes 'least' or 'most', like: at least 3 "
                                      "times"},
    {T "  expect at least run\n" X, "3:19+3 a number is expected here (like: at least 3 times)"},
    {T "  expect within run\n" X,
     "3:17+3 a span is expected after 'within' (a span is written like "
     "30s, 5m, 1h30m or 2d)"},
    {T "  expect until +5m run\n" X,
     "3:10+5 'until' comes after 'not'; how soon something is expected "
     "is: within 5m"},
    {T "  not once run a\n" X, "3:12+3 'not' takes no number and no 'only'"},
    {T "  expect 2 times context A\n" X,
     "3:18+7 a number of times is for what happens, not for what is "
     "there"},
    {T "  expect only log a\n" X, "3:15+3 'only' is for what rules do outside"},
    {T "  expect run a within 5m\n" X,
     "3:16+6 'within' comes before the subject: expect within 5m ... "
     "(a text that ends so is written after | )"},
    {T "  not run a until +5m\n" X,
     "3:13+5 'until' comes before the subject: not until +5m ... (a text "
     "that ends so is written after | )"},
    {T "  expect output ~ a(b\n" X, "3:22+0 the regular expression: missing closing parenthesis"},
    {T "  expect output ~\n" X, "3:17+1 a regular expression is missing after '~'"},
    {T "  expect context\n" X, "3:17+0 the context's name is missing"},
    {T "  expect context A B\n" X,
     "3:20+1 after the name comes: until TIME, forever, with N lines, "
     "holding TEXT"},
    {T "  expect context A with lines\n" X,
     "3:20+4 after 'with' comes a number, like: with 3 lines"},
    {T "  expect context A until\n" X, "3:20+5 a time is missing after 'until' (" FORM ")"},
    {T "  expect variable x = 5\n" X, "3:19+1 a variable is written like %x"},
    {T "  expect file = 5\n" X, "3:15+1 the name is missing"},
    {"define a: write /b\n" T "  expect a ~ (\n" X,
     "4:15+0 the regular expression: missing closing parenthesis"},
    {"define a: write /b ~ (\n" T "  expect a\n" X,
     "2:23+0 the regular expression: missing closing parenthesis"},
    {T "  expect run \\\n    ~ (\n" X, "4:8+0 the regular expression: missing closing parenthesis"},
    /* Other steps. */
    {T "  when rnu a: exit 1\n" X,
     "3:8+3 after 'when' comes what starts the command: run, spawn, pipe "
     "or perl (did you mean 'run'?)"},
    {T "  when run a\n" X,
     "3:13+0 the answer is missing (it is written: when run COMMAND: exit 1)"},
    {T "  when run a: exit 256\n" X, "3:20+3 after 'exit' comes a number up to 255"},
    {T "  when run a:\n    sya b\n" X, "4:5+3 a command answers with 'say' or 'exit' (did you mean "
                                       "'say'?)"},
    {T "  perl\n" X, "3:7+0 the code is missing after 'perl'"},
    {T "  signal TERM\n" X,
     "3:10+4 a signal is one of HUP, ABRT, USR1, USR2, INT (the program ends by "
     "the step: stop)"},
    {T "  stop it\n" X, "3:8+2 too much: 'stop' stands alone"},
    {T "  snapshot: a\n" X, "3:13+1 too much: the lines of a snapshot come below it, indented"},
    /* Rows. */
    {T "  rows:\n    | a | b |\n    | 1 |\n  expect output <a><b>\n",
     "5:5+5 this row has 1 cells, the table has 2 columns"},
    {T "  rows:\n    | a | bee |\n    | 1 | 2 |\n  expect output <a>\n",
     "4:11+3 no line uses the column 'bee' (<NAME> in the test stands for the cell)"},
    {T "  rows:\n    | word |\n    | 1 |\n    | 2 |\n  expect output <wrod><word>\n",
     "7:17+6 no column is called 'wrod' (did you mean 'word'?)"},
    {T "  rows:\n    | word |\n    | output |\n    | x |\n    | y |\n  expect <word> a\n",
     "8:10+6 nothing that can be expected: 'x' (there are output, write, run, spawn, pipe, send, "
     "signal, perl, event, log, rule, context, operation, variable, pending, file)"},
    {T "  rows:\n    | a |\n  expect output <a>\n",
     "3:3+5 a table without rows (below the names of the columns comes a row for each test)"},
    {T "  rows:\n    | a | a |\n    | 1 | 2 |\n" X, "4:5+9 two columns have the same name"},
    {T "  rows:\n    | a | |\n    | 1 | 2 |\n" X, "4:5+7 a column has a name without < and >"},
    {T "  rows:\n    |\n" X, "4:5+1 the names of the columns are missing"},
    {T "  rows:\n    | a |\n    1\n    | 2 |\n  not run <a>\n",
     "5:5+1 a row begins with a bar (it is written: | a cell | another one |)"},
    {T "  rows:\n    | a |\n    | 1 |\n  not run <a>\n  rows:\n    | b |\n",
     "7:3+4 a test has one table"},
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

START_TEST(a_test_has_the_head_and_its_own)
{
    begin("rules: a.sec \"b c.sec\" /x/*.sec\n"
          "options: --quoting\n"
          "tags: slow, net\n"
          "env: A=1\nenv: B = two words \n"
          "perl: $x = 1;\n"
          "input : /var/log/a=A\n"
          "file: hosts\n    one\n      two\n\n    # three\n\n"
          "test: first\n"
          "  nothing else\n"
          "test: second\n"
          "  rules: d.sec\n"
          "  rules: e.sec\n"
          "  options: --jointbuf --nojointbuf\n"
          "  tags: late\n"
          "  env: A=3\n"
          "  perl:\n"
          "    sub f {\n"
          "        1\n"
          "    }\n"
          "  input: b\n"
          "  start: 2024-02-29\n"
          "  zone: +01:00\n"
          "  header: %s\n"
          "  file: hosts\n"
          "  nothing else\n");
    const struct test *first = &file->tests[0], *second = &file->tests[1];
    ck_assert_uint_eq(first->rule_count, 3);
    ck_bytes_eq(first->rules[1], B("dir/\"b c.sec\""));
    ck_bytes_eq(first->rules[2], B("/x/*.sec"));
    ck_assert_int_eq(first->start, 1704067200);
    ck_bytes_eq(first->zone, B("UTC"));
    ck_bytes_eq(first->header, B(""));
    ck_assert_uint_eq(first->tag_count, 2);
    ck_bytes_eq(first->inputs[0].name, B("/var/log/a"));
    ck_bytes_eq(first->inputs[0].context, B("A"));
    ck_bytes_eq(first->files[0].text, B("one\n  two\n\n# three\n"));
    ck_bytes_eq(first->environment[0].text, B("1"));
    ck_bytes_eq(first->environment[1].name, B("B"));
    ck_bytes_eq(first->environment[1].text, B("two words"));
    ck_assert_uint_eq(second->rule_count, 2);
    ck_bytes_eq(second->rules[0], B("dir/d.sec"));
    ck_assert_uint_eq(second->option_count, 2);
    ck_bytes_eq(second->tags[2], B("late"));
    ck_assert_uint_eq(second->environment_count, 2);
    ck_bytes_eq(second->environment[0].text, B("3"));
    ck_bytes_eq(second->perl[0], B("$x = 1;\n"));
    ck_bytes_eq(second->perl[1], B("sub f {\n    1\n}\n"));
    ck_assert_uint_eq(second->input_count, 1);
    ck_bytes_eq(second->inputs[0].name, B("b"));
    ck_assert_int_eq(second->start, 1709164800);
    ck_assert_int_eq(test_start_second(second), 1709164800 - 3600);
    ck_bytes_eq(second->header, B("%s"));
    ck_assert_uint_eq(second->file_count, 1);
    ck_bytes_eq(second->files[0].text, B(""));
    end();
}
END_TEST

START_TEST(without_any_the_input_is_standard_input)
{
    begin("rules: a\ntest: t\n  nothing else\n");
    ck_assert_uint_eq(file->tests->input_count, 1);
    ck_bytes_eq(file->tests->inputs[0].name, B("-"));
    end();
}
END_TEST

START_TEST(ends_of_lines_and_marks_of_order)
{
    begin("\xef\xbb\xbfrules: a\r\ntest: t\r\n  snapshot:\r\n    a\r\n  +0s | b \r\n");
    ck_bytes_eq(file->tests->rules[0], B("dir/a"));
    ck_bytes_eq(file->tests->steps[0].text, B("a\n"));
    ck_bytes_eq(file->tests->steps[1].text, B("b "));
    end();
}
END_TEST

/* Indentation is for blocks alone: a test's lines need not have any. */
START_TEST(lines_need_not_be_indented)
{
    begin("rules: a\n"
          "test: one\n"
          "start: 2024-01-01\n"
          "+0s a\n"
          "  when run a:\n"
          "\tsay b\n"
          "+1s c\n"
          "nothing else\n"
          "test: two\n"
          "nothing else\n");
    ck_assert_uint_eq(file->count, 2);
    ck_assert_uint_eq(file->tests->step_count, 4);
    ck_bytes_eq(file->tests->steps[1].answer.output, B("b\n"));
    end();
}
END_TEST

START_TEST(cells_of_rows)
{
    begin("rules: a\n"
          "test: <a> and <b c>\n"
          "  rows:\n"
          "    | a  | b c | file |\n"
          "    |:---|-----|------|\n"
          "    # no row\n"
          "    | 1  | x\\|y | f\n"
          "    |    | \\    | g |\n"
          "  file: <file>\n"
          "    # <a>\n"
          "  +0s | <a><b c><d>\n"
          "  not run <b c>\n");
    ck_assert_uint_eq(file->count, 2);
    const struct test *test = &file->tests[0];
    ck_bytes_eq(test[0].name, B("1 and x|y"));
    ck_bytes_eq(test[0].steps[0].text, B("1x|y<d>"));
    ck_bytes_eq(test[0].files[0].name, B("f"));
    ck_bytes_eq(test[0].files[0].text, B("# 1\n"));
    ck_bytes_eq(test[1].name, B("and \\"));
    ck_bytes_eq(test[1].steps[0].text, B("\\<d>"));
    ck_assert_uint_eq(test[1].steps[1].expect.text.place.line, 12);
    ck_assert_uint_eq(test[1].steps[1].expect.text.place.column, 11);
    ck_assert_uint_eq(test[1].steps[1].expect.text.place.length, 5);
    end();
}
END_TEST

static int64_t second_of(enum test_time_kind kind, int64_t seconds, int64_t now)
{
    return test_time_second(file->tests, (struct test_time){kind, seconds}, now);
}

START_TEST(which_second_a_time_is)
{
    begin("rules: a\nzone: CET-1CEST,M3.5.0,M10.5.0/3\ntest: t\n  nothing else\n");
    int64_t midnight = 1704067200 - 3600; /* 2024-01-01 00:00 */
    ck_assert_int_eq(second_of(TEST_TIME_NONE, 0, 5), 5);
    ck_assert_int_eq(second_of(TEST_TIME_AFTER, 60, 5), 65);
    ck_assert_int_eq(second_of(TEST_TIME_CLOCK, 0, midnight), midnight);
    ck_assert_int_eq(second_of(TEST_TIME_CLOCK, 0, midnight + 1), midnight + 86400);
    ck_assert_int_eq(second_of(TEST_TIME_CLOCK, 3600, midnight + 60), midnight + 3600);
    ck_assert_int_eq(second_of(TEST_TIME_DATE, 1704067200, 0), midnight);
    /* 2024-10-27: 02:30 comes twice, at 00:30 and at 01:30 of UTC. */
    int64_t day = 1729987200, half = 9000;
    ck_assert_int_eq(second_of(TEST_TIME_DATE, day + half, 0), day + 1800);
    ck_assert_int_eq(second_of(TEST_TIME_DATE, day + half, day + 1801), day + 5400);
    ck_assert_int_eq(second_of(TEST_TIME_CLOCK, half, day + 1800), day + 1800);
    ck_assert_int_eq(second_of(TEST_TIME_CLOCK, half, day + 3600), day + 5400);
    end();
}
END_TEST

START_TEST(without_rules_no_test_runs)
{
    parse("test: one\n  nothing else\ntest: two\n  nothing else\ntest: three\n  rules: a\n"
          "  nothing else\n");
    ck_bytes_eq(buf_bytes(&said),
                B("1:1+4 there are no rules to test (rules: FILE says which ones)\n"));
    ck_assert(!file->tests[0].sound && !file->tests[1].sound && file->tests[2].sound);
    end();
}
END_TEST

/* -- Files -- */

static char folder[] = "/tmp/check_sectest.XXXXXX";

static void write_file(const char *name, const char *text)
{
    FILE *out = fopen(name, "we");
    ck_assert_ptr_nonnull(out);
    ck_assert_int_ge(fputs(text, out), 0);
    ck_assert_int_eq(fclose(out), 0);
}

static void enter_folder(void)
{
    strcpy(folder + sizeof(folder) - 7, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    ck_assert_int_eq(mkdir("t", 0700), 0);
}

static void leave_folder(void)
{
    static const char *const names[] = {"t/a.sectest", "t/common", "a.sec",
                                        "b c.sec",     "t/log",    "t"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        ck_assert(remove(names[i]) == 0 || errno == ENOENT);
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}

static void read_text(const char *text)
{
    end();
    write_file("t/a.sectest", text);
    file = test_file_read(B("t/a.sectest"), note, NULL);
}

START_TEST(what_is_included_is_the_head)
{
    enter_folder();
    write_file("a.sec", "");
    write_file("t/common", "start: 2024-01-02\nzone: +02:00\nrules: ../a.sec\ngiven:\n  +0s a\n"
                           "test: none of ours\n  rubbish\n");
    read_text("start: 2024-01-01\ninclude: common\ngiven:\n  +1s b\ntest: t\n  nothing else\n");
    ck_bytes_eq(buf_bytes(&said), B(""));
    ck_assert_uint_eq(file->count, 1);
    ck_assert_int_eq(file->tests->start, 1704067200);
    ck_bytes_eq(file->tests->zone, B("+02:00"));
    ck_bytes_eq(file->tests->rules[0], B("t/../a.sec"));
    ck_assert_uint_eq(file->tests->step_count, 3);
    ck_bytes_eq(file->tests->steps[0].place.file, B("t/common"));
    write_file("t/common", "rulse: a\n");
    read_text("include: common\ntest: t\n  nothing else\n");
    ck_assert_ptr_nonnull(memmem(said.ptr, said.len, "1:1+5 no such key: 'rulse:'", 27));
    ck_assert(!file->tests->sound);
    write_file("t/common", "include: ./common\n");
    read_text("rules: ../a.sec\ninclude: common\ntest: t\n  nothing else\n");
    ck_bytes_eq(buf_bytes(&said), B("1:10+8 this file includes itself\n"));
    leave_folder();
    end();
}
END_TEST

START_TEST(files_that_are_not_there)
{
    enter_folder();
    write_file("a.sec", "");
    write_file("b c.sec", "");
    write_file("t/log", "");
    read_text("rules: ../a.sec \"../b c.sec\" ../*.sec\ntest: t\n  lines log\n  nothing else\n");
    ck_bytes_eq(buf_bytes(&said), B(""));
    read_text("rules: ../a.sce ../x*\ntest: t\n  lines lgo\n  nothing else\n");
    ck_bytes_eq(buf_bytes(&said), B("1:8+8 no such rule file: ../a.sce\n"
                                    "1:17+5 no such rule file: ../x*\n"
                                    "3:9+3 this file cannot be read: t/lgo\n"));
    test_file_free(file);
    buf_clear(&said);
    file = test_file_read(B("t/b.sectest"), note, NULL);
    ck_bytes_eq(buf_bytes(&said), B("1:1+0 it cannot be read: No such file or directory\n"));
    ck_assert_uint_eq(file->count, 0);
    ck_assert_uint_eq(file->error_count, 1);
    leave_folder();
    end();
}
END_TEST

RUN_TESTS("sectest", an_example_is_read, lines_of_logs, other_steps, answers_of_commands,
          texts_of_effects, both_sides_of_a_pipe, how_often_and_how_soon, what_is_said_of_states,
          a_test_has_the_head_and_its_own, without_any_the_input_is_standard_input,
          ends_of_lines_and_marks_of_order, lines_need_not_be_indented, cells_of_rows,
          which_second_a_time_is, without_rules_no_test_runs, errors_have_their_places,
          what_is_included_is_the_head, files_that_are_not_there)
