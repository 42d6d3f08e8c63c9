/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Test files: what each construct is read as, and where each error is. */
#include "unit.h"

#include <sys/stat.h>
#include <time.h>
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

/* Each error, where it is, and that the test does not run.  The lines come after RULES. */
#define RULES "rules: a.sec\n"
static const struct {
    const char *text, *said;
} errors[] = {
    {"test: t\n  expct output a\n  nothing else\n",
     "3:3+5 no step: 'expct' (did you mean 'expect'?)\n"},
    {"test: t\n  expect outptu a\n  nothing else",
     "3:10+6 nothing that can be expected: 'outptu' (did you mean 'output'?)\n"},
    {"tset: t\n", "2:1+4 no such key: 'tset:' (did you mean 'test'?)\n"},
    {"zone: Nowhere/Else\ntest: t\n  nothing else",
     "2:7+12 no such zone: Nowhere/Else (a zone is written like Europe/Berlin, UTC or +01:00)\n"},
    {"start: Tue 2024-01-01\n", "2:8+3 that day is a Mon\n"},
    {"start: 2023-02-29 08:00\n", "2:8+10 no such day in the calendar: 2023-02-29\n"},
    {"test: t\n  expect output ~ a(b\n  nothing else",
     "3:22+0 the regular expression: missing closing parenthesis\n"},
    {"test: t\n  +0s a\n", "2:1+4 this tests nothing (expect ... says what rules do, not ... what "
                           "they must not)\n"},
    {"test: t\n  nothing else\ntest: t\n  nothing else",
     "4:7+1 there is a test of this name already, in line 2\n"},
    {"test: t\n  stop\n  +0s a\n  nothing else",
     "4:3+3 the program has ended with 'stop': this step never comes\n"},
    {"test: t\n  08:05 a\n  08:04 b\n  nothing else",
     "4:3+5 time goes back: it is later already (for the next day write a date)\n"},
    {"test: t\n  2023-12-31 08:04 b\n  nothing else",
     "3:3+10 time goes back: this is before the step above\n"},
    {"test: t\n  +5 a\n  nothing else",
     "3:3+2 not a time: '+5' (a time is written like +30s, +1h30m, 08:00, 08:00:10 or 2024-01-31 "
     "08:00)\n"},
    {"test: t\n  rows:\n    | a | b |\n    | 1 |\n  expect output <a><b>\n",
     "5:5+5 this row has 1 cells, the table has 2 columns\n"},
    {"test: t\n  rows:\n    | a | bee |\n    | 1 | 2 |\n  expect output <a>\n",
     "4:11+3 no line uses the column 'bee' (<NAME> in the test stands for the cell)\n"},
    {"test: t\n  rows:\n    | word |\n    | 1 |\n    | 2 |\n  expect output <wrod><word>\n",
     "7:17+6 no column is called 'wrod' (did you mean 'word'?)\n"},
    {"test: t\n  rows:\n    | word |\n    | output |\n    | x |\n  expect <word> a\n",
     "7:10+6 nothing that can be expected: 'x' (there are output, write, run, spawn, pipe, send, "
     "signal, perl, event, log, rule, context, operation, variable, pending, file)\n"},
    {"define a: write /b\ntest: t\n  expect a ~ (\n",
     "4:15+0 the regular expression: missing closing parenthesis\n"},
};

START_TEST(errors_have_their_places)
{
    for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
        struct buf text = {0};
        buf_cat(&text, B(RULES), bytes_of(errors[i].text));
        buf_char(&text, '\0');
        parse(text.ptr);
        ck_bytes_eq(buf_bytes(&said), bytes_of(errors[i].said));
        ck_assert_uint_eq(file->error_count, 1);
        buf_free(&text);
    }
    end();
}
END_TEST

RUN_TESTS("sectest", an_example_is_read, lines_of_logs, other_steps, answers_of_commands,
          texts_of_effects, both_sides_of_a_pipe, how_often_and_how_soon, what_is_said_of_states,
          errors_have_their_places)
