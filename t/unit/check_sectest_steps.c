/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps of tests: what each is read as, and which second its time is. */
#include "sectest.h"

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

RUN_TESTS("sectest steps", lines_of_logs, other_steps, answers_of_commands, texts_of_effects,
          both_sides_of_a_pipe, how_often_and_how_soon, what_is_said_of_states,
          which_second_a_time_is)
