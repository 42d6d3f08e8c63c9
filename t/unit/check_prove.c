/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of rules, from their steps to their outcomes: each subject and each form of expectation, as
 * it passes and as it fails. */
#include "prove.h"

#define HEAD "rules: r.sec\nzone: Europe/Berlin\nstart: Mon 2024-01-01 08:00\n"

static const char brute[] = "type=SingleWithThreshold\nptype=RegExp\npattern=fail (\\S+)\n"
                            "desc=guesses from $1\n"
                            "action=write /var/log/alerts brute force from $1; create BLOCK_$1 "
                            "3600\nwindow=60\nthresh=5\n";

/* Rules that do what the line says. */
#define SAY(word, action)                                                                          \
    "type=Single\nptype=RegExp\npattern=^" word " ?(.*)\ndesc=" word " $1\naction=" action "\n\n"
static const char doers[] = SAY("out", "write - $1") SAY("write", "write /log $1")
    SAY("run", "shellcmd cmd $1") SAY("spawn", "spawn cmd $1") SAY("pipe", "pipe '$1' mail root")
        SAY("send", "udpsock host:514 $1") SAY("emulate", "sigemul $1")
            SAY("event", "event made $1") SAY("later", "event 30 made $1; write /log later")
                SAY("note", "logonly $1") SAY("make", "create C_$1 60; add C_$1 one; add C_$1 two")
                    SAY("forever", "create C_$1") SAY("set", "assign %x $1")
                        SAY("two", "write /log a $1; shellcmd b $1; write /log c $1")
                            SAY("delayed", "create D 10 ( write /log over $1 )");

/* The steps pass. */
static void passes(const char *steps)
{
    struct buf text = {0};
    buf_cat(&text, B(HEAD "test: it\n"), bytes_of(steps), B("\0"));
    prove(doers, text.ptr);
    ck_passed(0);
    buf_free(&text);
}

/* Another SEC does not say whose action it was. */
static void ck_reason_eq(const char *got, const char *reason)
{
    struct bytes want = bytes_of(reason);
    ptrdiff_t rule = bytes_find(want, B(" (r.sec:"), 0);
    ck_bytes_eq(bytes_of(got),
                prover.with && rule >= 0 ? bytes_slice(want, 0, (size_t)rule) : want);
}

/* One of them fails: its line in the file, the reason, and what is nearest, "WHEN TEXT MARKED" with
 * the marked part between "[" and "]"; "": nothing is. */
static void fails(const char *steps, int line, const char *reason, const char *near)
{
    struct buf text = {0}, got = {0};
    buf_cat(&text, B(HEAD "test: it\n"), bytes_of(steps), B("\0"));
    prove(doers, text.ptr);
    ck_status(0, "failed");
    json_t *failures = json_object_get(outcome(0), "failures");
    ck_assert_msg(json_array_size(failures) == 1, "%s", dump(failures));
    json_t *failure = json_array_get(failures, 0), *nearest = json_object_get(failure, "nearest");
    ck_assert_int_eq(json_integer_value(json_object_get(failure, "line")), line + 4);
    ck_reason_eq(text_in(failure, "reason"), reason);
    if (nearest) {
        struct bytes shown = bytes_of(text_in(nearest, "text"));
        json_t *mark = json_object_get(nearest, "mark");
        size_t from = (size_t)json_integer_value(json_array_get(mark, 0));
        size_t to = (size_t)json_integer_value(json_array_get(mark, 1));
        buf_cat(&got, bytes_of(text_in(nearest, "when")), B(" "), bytes_slice(shown, 0, from),
                B("["), bytes_slice(shown, from, to), B("]"), bytes_from(shown, to));
    }
    ck_bytes_eq(buf_bytes(&got), bytes_of(near));
    buf_free(&text);
    buf_free(&got);
}

/* -- A test and its outcome -- */

START_TEST(a_test_passes)
{
    prove(brute, HEAD "header: %b %e %H:%M:%S web1\ntags: fast net\n"
                      "test: five failures alert once\n"
                      "  +0s x4 every 10s fail 10.0.0.9\n"
                      "  not write\n"
                      "  +10s fail 10.0.0.9\n"
                      "  expect write /var/log/alerts ~ ^brute force from 10\\.0\\.0\\.9$\n"
                      "  expect context BLOCK_10.0.0.9 until +1h\n"
                      "  +30m fail 10.0.0.9\n"
                      "  nothing else\n");
    ck_passed(0);
    ck_assert_str_eq(text_in(outcome(0), "file"), "t.sectest");
    ck_assert_str_eq(text_in(outcome(0), "name"), "five failures alert once");
    ck_assert_int_eq(json_integer_value(json_object_get(outcome(0), "line")), 6);
    json_t *tags = json_object_get(outcome(0), "tags");
    ck_assert_str_eq(json_string_value(json_array_get(tags, 1)), "net");
    ck_assert_uint_eq(json_array_size(json_object_get(outcome(0), "failures")), 0);
}
END_TEST

START_TEST(a_failure_tells_what_happened)
{
    if (prover.with)
        return; /* another SEC does not say what it decides */
    prove(brute, HEAD "header: %b %e %H:%M:%S web1\n"
                      "test: it\n"
                      "  +0s x4 every 10s fail 10.0.0.9\n"
                      "  +10s fail 10.0.0.9\n"
                      "  expect write /var/log/alerts ~ ^brute .* 10\\.0\\.0\\.8$\n"
                      "test: another\n"
                      "  +0s fail 10.0.0.9\n"
                      "  not write\n");
    ck_status(0, "failed");
    json_t *failure = json_array_get(json_object_get(outcome(0), "failures"), 0);
    ck_assert_str_eq(text_in(failure, "step"),
                     "expect write /var/log/alerts ~ ^brute .* 10\\.0\\.0\\.8$");
    ck_assert_str_eq(text_in(failure, "expected"),
                     "write /var/log/alerts ~ ^brute .* 10\\.0\\.0\\.8$");
    json_t *line = json_array_get(json_object_get(failure, "trace"), 1);
    ck_assert_uint_eq(json_array_size(json_object_get(failure, "trace")), 2);
    ck_assert_str_eq(text_in(line, "when"), "+40s");
    ck_assert_str_eq(text_in(line, "text"), "Jan  1 08:00:40 web1 fail 10.0.0.9");
    ck_assert_int_eq(json_integer_value(json_object_get(line, "line")), 7);
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(line, "said"), 0)),
                     "r.sec:1 SingleWithThreshold: reached by \"guesses from 10.0.0.9\": 5 of 5");
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(failure, "done"), 0)),
                     "08:00:40  r.sec:1  write /var/log/alerts: brute force from 10.0.0.9");
    ck_passed(1);
}
END_TEST

START_TEST(given_steps_come_before)
{
    prove(doers, HEAD "given:\n  +0s write given\n  +0s make G\n"
                      "test: one\n  +5s out x\n  expect context C_G until +55s\n  expect output\n"
                      "  nothing else\n"
                      "test: two\n  expect write\n  not output\n");
    ck_passed(0);
    ck_status(1, "failed");
}
END_TEST

/* -- Subjects -- */

START_TEST(output)
{
    passes("  +0s out hello there\n  expect output hello\n");
    passes("  +0s out hello there\n  expect output = hello there\n");
    passes("  +0s out hello there\n  expect output ~ ^h.*e$\n");
    passes("  +0s out hello\n  expect output\n");
    fails("  +0s out hello\n  expect output = help\n", 2, "it did not happen", "+0s []hello");
    fails("  +0s out hello\n  expect output ~ ^hel*[po]$\n  expect output\n", 3,
          "the expectation on line 6 took it", "+0s []hello");
    fails("  +0s write x\n  expect output\n", 2, "there is no output", "");
}
END_TEST

START_TEST(write_)
{
    passes("  +0s write hello\n  expect write /log hello\n");
    passes("  +0s write hello\n  expect write ~ ^hello$\n");
    fails("  +0s write hello\n  expect write /lag hello\n", 2, "it did not happen",
          "+0s /[log]: hello");
    fails("  +0s write hello you\n  expect write /log = hello me\n", 2, "it did not happen",
          "+0s hello [you]");
    fails("  +0s out x\n  expect write /log hello\n", 2, "nothing was written to a file", "");
}
END_TEST

START_TEST(commands)
{
    passes("  +0s run x\n  expect run cmd x\n");
    passes("  +0s spawn x\n  expect spawn = cmd x\n");
    passes("  +0s pipe text\n  expect pipe mail root <<< text\n");
    passes("  +0s pipe text\n  expect pipe <<< = text\n");
    passes("  +0s pipe text\n  expect pipe = mail root\n");
    passes("  +0s out x\n  not run\n  not spawn\n  not pipe\n");
    fails("  +0s run xa\n  expect run cmd xb\n", 2, "it did not happen", "+0s cmd [xa]");
    fails("  +0s out x\n  expect run\n", 2, "no command was run", "");
    fails("  +0s run x\n  expect spawn\n", 2, "no command was spawned", "");
    fails("  +0s pipe text\n  expect pipe mail root <<< test\n", 2, "it did not happen",
          "+0s mail root <<< [text]");
    fails("  +0s run x\n  expect pipe\n", 2, "nothing was piped to a command", "");
}
END_TEST

START_TEST(sends_and_signals)
{
    passes("  +0s send text\n  expect send host:514 text\n");
    fails("  +0s send text\n  expect send host:515 text\n", 2, "it did not happen",
          "+0s host:[514]: text");
    fails("  +0s out text\n  expect send\n", 2, "nothing was sent", "");
    passes("  +0s emulate usr1\n  expect signal USR1\n  expect log SIGUSR1 received\n");
    fails("  +0s emulate USR1\n  expect signal USR2\n", 2, "it did not happen", "+0s []USR1");
    fails("  +0s out text\n  expect signal HUP\n", 2, "no signal was emulated", "");
}
END_TEST

START_TEST(what_else_is_heard)
{
    passes("  +0s event x\n  expect event = made x\n");
    fails("  +0s event x\n  expect event = made y\n", 2, "it did not happen", "+0s made [x]");
    fails("  +0s out x\n  expect event\n", 2, "no event was created", "");
    passes("  +0s note something\n  expect log something\n");
    passes("  +0s write x\n  expect log Writing event 'x' to file '/log'\n");
    passes("  +0s out x\n  expect rule r.sec:1\n  not rule r.sec:7\n");
    passes("  +0s out x\n  expect rule = out $1\n");
    passes("  +0s out x\n  expect rule r.sec\n  not rule sec\n");
    passes("  signal HUP\n  not rule r.sec\n");
    passes("  +0s out x\n  signal HUP\n  not output\n  expect log SIGHUP\n");
    passes("  +0s out x\n  expect rule ~ ^r\\.sec:\\d$\n");
    fails("  +0s out x\n  expect rule r.sec:7\n", 2, "it did not happen", "+0s r.sec:[1]: out $1");
    fails("  +0s nothing\n  expect rule\n", 2, "no rule matched", "");
}
END_TEST

START_TEST(contexts)
{
    passes("  +0s make A\n  expect context C_A\n  not context C_B\n  not context C\n");
    passes("  +0s make A\n  +10s\n  expect context C_A until +50s\n");
    passes("  +0s make A\n  expect context C_A until 08:01 with 2 lines holding = two\n");
    passes("  +0s forever A\n  expect context C_A forever\n  +1000d\n  expect context ~ ^C_.$\n");
    passes("  +0s make A\n  +61s\n  not context C_A\n");
    fails("  +0s make A\n  expect context C_B\n", 2, "there is no such context", "+0s []C_A");
    fails("  +0s out x\n  expect context C_B\n", 2, "there is no such context", "");
    fails("  +0s make A\n  +10s\n  expect context C_A until +1m\n", 3,
          "it lives until +1m, not until +1m10s", "+10s []C_A");
    fails("  +0s make A\n  expect context C_A forever\n", 2, "it lives until +1m", "+0s []C_A");
    fails("  +0s forever A\n  expect context C_A until +1m\n", 2,
          "it never ends; expected until +1m", "+0s []C_A");
    fails("  +0s make A\n  expect context C_A with 1 line\n", 2, "it has 2 lines, not 1",
          "+0s []C_A");
    fails("  +0s make A\n  expect context C_A holding three\n", 2,
          "it holds no such line; the nearest is: one", "+0s []C_A");
    fails("  +0s forever A\n  expect context C_A holding three\n", 2, "it holds no lines",
          "+0s []C_A");
    fails("  +0s make A\n  +60s\n  not context C_A\n", 3, "C_A was there at +1m", "");
}
END_TEST

static void prove_operation(const char *expectation)
{
    struct buf text = {0};
    buf_cat(&text, B(HEAD "test: it\n  +0s fail h\n  +10s fail h\n  "), bytes_of(expectation),
            B("\n\0"));
    prove(brute, text.ptr);
    buf_free(&text);
}

static const char *failure_reason(void)
{
    ck_status(0, "failed");
    return text_in(json_array_get(json_object_get(outcome(0), "failures"), 0), "reason");
}

START_TEST(operations)
{
    prove_operation("expect operation guesses from h");
    ck_passed(0);
    prove_operation("expect operation = guesses from h with 2 events until +50s");
    ck_passed(0);
    prove_operation("not operation guesses from i");
    ck_passed(0);
    prove_operation("expect operation = guesses");
    ck_assert_str_eq(failure_reason(), "there is no such operation");
    prove_operation("expect operation guesses with 3 events");
    ck_assert_str_eq(failure_reason(), "it has 2 events, not 3");
    prove_operation("expect operation guesses until +60s");
    ck_assert_str_eq(failure_reason(), "it lives until +1m, not until +1m10s");
    prove_operation("not operation guesses");
    ck_assert_str_eq(failure_reason(), "guesses from h was there at +10s");
    prove_operation("not operation guesses until +20s");
    ck_assert_str_eq(failure_reason(), "guesses from h was there at +10s");
}
END_TEST

START_TEST(variables)
{
    passes("  +0s set 5\n  expect variable %x = 5\n");
    passes("  +0s set\n  expect variable %x =\n");
    passes("  +0s out x\n  not variable %x\n");
    fails("  +0s set 5\n  expect variable %x = 6\n", 2, "it has another value", "+0s []5");
    fails("  +0s set 5\n  expect variable %y = 5\n", 2, "there is no variable %y", "");
    fails("  +0s set 5\n  not variable %x 5\n", 2, "it was '5' at +0s", "");
}
END_TEST

START_TEST(pending_events)
{
    passes("  +0s later x\n  expect pending made x\n  +10s\n  expect pending = made x at +20s\n"
           "  +20s\n  not pending made x\n  expect event made x\n");
    fails("  +0s later x\n  expect pending made y\n", 2, "no such event is pending",
          "+0s made [x]");
    fails("  +0s later x\n  expect pending made x at +20s\n", 2, "it is due at +30s, not at +20s",
          "+0s []made x");
}
END_TEST

START_TEST(files_)
{
    passes("  file: /log\n    before\n  +0s write x\n  +0s write y\n  expect file /log before\n"
           "  expect file /log ~ x\\ny\n  not file /other\n");
    passes("  +0s write x\n  expect file /log = x\n");
    fails("  +0s write hello\n  expect file /log = help\n", 2, "it does not have this text",
          "+0s []hello");
    fails("  +0s write x\n  expect file /lag\n", 2, "nothing was written to /lag", "");
}
END_TEST

/* -- Forms -- */

START_TEST(not_)
{
    passes("  +0s write x\n  expect write\n  +1s nothing\n  not write\n");
    fails("  +0s write x\n  not write\n", 2, "it happened: write /log: x, at +0s (r.sec:7)", "");
    fails("  +0s write x\n  not write /log ~ [x-z]\n", 2,
          "it happened: write /log: x, at +0s (r.sec:7)", "");
    passes("  +0s write x\n  not write /log y\n  not write /lag\n");
}
END_TEST

START_TEST(spans)
{
    passes("  +0s delayed x\n  expect within 11s write /log over x\n");
    passes("  +0s delayed x\n  not within 10s write\n");
    passes("  +0s delayed x\n  not until 08:00:10 write\n  +11s\n  expect write\n");
    fails("  +0s delayed x\n  expect within 10s write\n", 2, "nothing was written to a file", "");
    fails("  +0s delayed x\n  not within 11s write\n", 2,
          "it happened: write /log: over x, at +11s (r.sec:85)", "");
    fails("  +0s delayed x\n  expect within 5s write\n  +1h\n", 2, "it happened later, at +11s",
          "+11s []/log: over x");
    passes("  +0s delayed x\n  expect context D\n  +5s out x\n  expect context D until +5s\n");
    passes("  +0s later x\n  expect within 1m event made x\n");
    fails("  +0s make A\n  not within 10s context C_A\n", 2, "C_A was there at +0s", "");
    passes("  +0s later x\n  not within 29s event made x\n  +10s out x\n");
}
END_TEST

/* An expectation of the state that may take its time. */
START_TEST(spans_of_the_state)
{
    const char *rules = "type=Single\nptype=SubStr\npattern=go\ndesc=d\n"
                        "action=create A 10 ( create B 10 )\n";
    prove(rules, HEAD "test: comes\n  +0s go\n  expect within 11s context B\n"
                      "test: too late\n  +0s go\n  expect within 10s context B\n"
                      "test: until\n  +0s go\n  not context B until +10s\n  +1m\n"
                      "test: not until\n  +0s go\n  not context B until +11s\n  +1m\n");
    ck_passed(0);
    ck_status(1, "failed");
    ck_passed(2);
    ck_status(3, "failed");
}
END_TEST

START_TEST(numbers)
{
    passes("  +0s x3 every 1s write x\n  expect 3 times write\n");
    passes("  +0s x3 write x\n  expect at least 2 times write\n  nothing else\n");
    passes("  +0s x3 write x\n  expect at most 3 times write\n");
    passes("  +0s write x\n  expect once write\n");
    passes("  +0s out x\n  expect at most 2 times write\n");
    fails("  +0s x3 write x\n  expect 2 times write\n", 2, "it happened 3 times; expected 2 times",
          "");
    fails("  +0s write x\n  expect at least 2 times write\n", 2,
          "it happened once; expected at least 2 times", "");
    fails("  +0s x3 write x\n  expect at most 2 times write\n", 2,
          "it happened 3 times; expected at most 2 times", "");
    fails("  +0s write x\n  expect once write /log y\n", 2, "it did not happen; expected once",
          "+0s []x");
}
END_TEST

START_TEST(the_nearest_is_one_that_nobody_took)
{
    fails("  +0s out hello you\n  expect output hello\n  expect output = hello me\n", 3,
          "it did not happen", "");
    fails("  +0s out hello you\n  +0s out help us\n  expect output help\n"
          "  expect output = help me\n",
          4, "it did not happen", "");
    fails("  +0s out one for web1: one for web1\n  expect output = one for web1: two\n", 2,
          "it did not happen", "+0s one for web1: [one for web1]");
    fails("  +0s out mail bob: warning on db1\n  expect output mail alice: warning on web1\n", 2,
          "it did not happen", "");
    fails("  +0s out one two three\n  expect output = one tow three\n", 2, "it did not happen",
          "+0s one [two] three");
    fails("  +0s out one three\n  expect output = one two three\n", 2, "it did not happen",
          "+0s one []three");
    fails("  +0s out ab\xc3\xa4 x\n  expect output = ab\xc3\xb6 x\n", 2, "it did not happen",
          "+0s [ab\xc3\xa4] x");
    fails("  +0s out x\n  expect rule ~ ^r\\.sec:6$\n", 2, "it did not happen",
          "+0s r.sec:[1]: out $1");
    fails("  +0s out x\n  expect rule q.sec\n", 2, "it did not happen", "+0s [r].sec:1: out $1");
    fails("  +0s out x\n  expect rule Singel\n", 2,
          "it did not happen; Single is a type: a rule is named by FILE:LINE, FILE or its desc",
          "");
    fails("  +0s pipe text\n  expect pipe mail root < text\n", 2,
          "it did not happen; a command's input comes after '<<<'", "+0s mail root[] <<< text");
    fails("  +0s out x\n  expect output\n  +1s x\n  expect output\n", 4,
          "it did not happen again: the expectation on line 6 took it", "+0s []x");
    fails("  +0s make A\n  expect context SOMETHING_ELSE\n", 2, "there is no such context", "");
    fails("  +0s out x\n  expect output\n  +0s out y\n  expect 0 times output\n", 4,
          "it happened once; expected 0 times", "");
}
END_TEST

START_TEST(order)
{
    passes("  +0s two x\n  expect write /log a\n  expect run b\n  expect write /log c\n  nothing "
           "else\n");
    fails("  +0s two x\n  expect run b\n  expect write /log a\n", 3,
          "it happened before what the expectation on line 6 took", "+0s []a x");
    fails("  +0s write x\n  +1s nothing\n  expect write /log x\n", 3,
          "it happened earlier, before the last line", "+0s []x");
    passes("  +0s two x\n  expect run b\n  expect log Writing event 'a x'\n");
}
END_TEST

START_TEST(nothing_else)
{
    passes("  +0s note x\n  +0s event y\n  +0s later z\n  expect write\n  nothing else\n");
    fails("  +0s two x\n  expect write /log a\n  expect write /log c\n  nothing else\n", 4,
          "1 effect was not expected: run b x, at +0s (r.sec:79)", "");
    fails("  +0s two x\n  +1s out y\n  expect output\n  nothing else\n", 4,
          "3 effects were not expected; the first was: write /log: a x, at +0s (r.sec:79)", "");
    passes("  +0s run x\n  +1s out y\n  expect only output\n");
    fails("  +0s two y\n  expect only run\n", 2,
          "2 effects were not expected; the first was: write /log: a y, at +0s (r.sec:79)", "");
}
END_TEST

START_TEST(snapshots_)
{
    passes("  +0s two x\n  snapshot:\n    +0s write /log: a x\n    +0s run b x\n"
           "    +0s write /log: c x\n  +90s pipe y\n  snapshot:\n"
           "    +1m30s pipe mail root <<< y\n  nothing else\n");
    prove(doers, HEAD "test: it\n  +0s run x\n  snapshot:\n    +0s run y\n  +0s out z\n"
                      "  snapshot:\n");
    ck_status(0, "failed");
    json_t *snapshots = json_object_get(outcome(0), "snapshots");
    ck_assert_uint_eq(json_array_size(snapshots), 2);
    json_t *first = json_array_get(snapshots, 0);
    ck_assert_str_eq(text_in(first, "text"), "+0s run cmd x\n");
    ck_assert_int_eq(json_integer_value(json_object_get(first, "line")), 7);
    ck_assert_int_eq(json_integer_value(json_object_get(first, "length")), 1);
    ck_assert_str_eq(text_in(json_array_get(snapshots, 1), "text"), "+0s output z\n");
}
END_TEST

/* -- Steps -- */

START_TEST(times)
{
    const char *rules = "type=Single\nptype=RegExp\npattern=(.*)\ndesc=d\n"
                        "action=write - $1 at %.hmsstr %.sec\n";
    prove(rules, HEAD "header: %H:%M:%S\n"
                      "test: it\n"
                      "  +10s a\n  expect output = 08:00:10 a at 08:00:10 10\n"
                      "  +1h1m b\n  expect output = 09:01:10 b at 09:01:10 10\n"
                      "  09:30 c\n  expect output = 09:30:00 c at 09:30:00 00\n"
                      "  2024-03-31 01:59:59 d\n  expect output 01:59:59 d\n"
                      "  +1s e\n  expect output 03:00:00 e\n"
                      "  2024-07-01 01:59:59 f\n  +0s x3 every 1s g\n"
                      "  expect output 01:59:59 g\n  expect output 02:00:00 g\n"
                      "  expect output 02:00:01 g\n"
                      "  +1s h\n  expect output 02:00:02 h\n"
                      "  +1s > i\n  expect output = i at 02:00:03 03\n");
    ck_passed(0);
}
END_TEST

START_TEST(lines_tell_their_time)
{
    write_text("a.log", "Jan  1 08:00:05 h a\nJan  1 08:00:15 h b\nwithout c\n"
                        "Jan  1 08:00:10 h late\n2024-01-01T08:00:30+01:00 h d\n");
    prove("type=Single\nptype=RegExp\npattern=(\\w+)$\ndesc=d\naction=write - $1 %u\n",
          HEAD "test: it\n  > Jan  1 08:00:02 h x\n  expect output = x 1704092402\n"
               "  lines a.log\n  expect output = a 1704092405\n  expect output = b 1704092415\n"
               "  expect output = c 1704092415\n  expect output = late 1704092415\n"
               "  expect output = d 1704092430\n  +5s y\n  expect output = y 1704092435\n");
    ck_passed(0);
}
END_TEST

START_TEST(inputs)
{
    prove("type=Single\nptype=RegExp\npattern=(\\w+)\ncontext=SSH\ndesc=d\n"
          "action=write - ssh $1 $+{_inputsrc}\n\n"
          "type=Single\nptype=RegExp\npattern=(\\w+)\ncontext=_FILE_EVENT_b\ndesc=d\n"
          "action=write - other $1\n",
          HEAD "input: /var/log/auth.log = SSH\ninput: b\n"
               "test: it\n  +0s x\n  expect output = ssh x /var/log/auth.log\n"
               "  +0s from b y\n  expect output = other y\n  nothing else\n");
    ck_passed(0);
}
END_TEST

START_TEST(answers)
{
    const char *rules = "type=Single\nptype=SubStr\npattern=go\ndesc=d\n"
                        "action=spawn who am i; shellcmd ping\n\n"
                        "type=Single\nptype=RegExp\npattern=^user (\\w+)\ndesc=d\n"
                        "action=write - $1\n\n"
                        "type=SingleWithScript\nptype=SubStr\npattern=check\nscript=/bin/check it\n"
                        "desc=d\naction=write - yes\naction2=write - no\n";
    prove(rules, HEAD "test: it\n"
                      "  when spawn who:\n    say user a\n    say user b\n    exit 3\n"
                      "  when run ~ ^ping$: exit 4\n"
                      "  +0s go\n  expect output = a\n  expect output = b\n"
                      "  expect log non-zero exitcode 3\n  expect log non-zero exitcode 4\n"
                      "  +0s check\n  expect run = /bin/check it\n  expect output = yes\n"
                      "  when run check: exit 1\n"
                      "  +0s check\n  expect output = no\n");
    ck_passed(0);
}
END_TEST

START_TEST(signals)
{
    passes("  +0s make A\n  signal HUP\n  not context C_A\n  expect log SIGHUP received\n"
           "  +0s make A\n  signal ABRT\n  expect context C_A\n");
    prove("type=Single\nptype=RegExp\npattern=^SEC_\\w+\ndesc=$0\naction=write - $0\n",
          HEAD "options: --intevents\ntest: it\n  expect output = SEC_STARTUP\n"
               "  signal USR2\n  expect output = SEC_PRE_LOGROTATE\n"
               "  expect output = SEC_LOGROTATE\n  stop\n  expect output = SEC_SHUTDOWN\n"
               "  nothing else\n"
               "test: nobody asks for the start\n  +0s x\n  nothing else\n");
    ck_passed(0);
    ck_passed(1);
}
END_TEST

/* -- What cannot run -- */

#define LONG "abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz abcde"

START_TEST(rules_with_errors)
{
    prove("type=Single\nptype=RegExp\npattern=(\ndesc=d\naction=none\n",
          HEAD "test: one\n  +0s x\n  not write\ntest: two\n  +0s x\n  not write\n");
    ck_status(0, "error");
    ck_status(1, "error");
    json_t *messages = json_object_get(outcome(1), "messages");
    const char *message = json_string_value(json_array_get(messages, 0));
    ck_assert_ptr_nonnull(message);
    const char *wanted = prover.with ? "Rule in r.sec at line 1: Invalid"
                                     : "r.sec:3:9: Invalid regular expression: Unmatched ( in "
                                       "regex: ( <-- HERE ";
    ck_assert_msg(strncmp(message, wanted, strlen(wanted)) == 0, "%s", message);
    prove("", HEAD "test: one\n  +0s x\n  not write\n");
    ck_status(0, "error");
}
END_TEST

/* The rules r.sec do not load: what is told first, and how much. */
static void ck_messages(const char *rules, size_t count, const char *first, const char *last)
{
    prove(rules, HEAD "test: one\n  +0s x\n  not write\n");
    json_t *messages = json_object_get(outcome(0), "messages");
    ck_assert_msg(json_array_size(messages) == count, "%s", dump(outcome(0)));
    ck_assert_str_eq(json_string_value(json_array_get(messages, 0)), first);
    ck_assert_str_eq(json_string_value(json_array_get(messages, count - 2)), last);
}

START_TEST(errors_of_rules_have_their_places)
{
    if (prover.with)
        return; /* it tells them in its own words */
    ck_messages("type=Single\nptype=SubStr\npattern=a\ndesc=d\naction=none\n"
                "type=Single\nptype=SubStr\npattern=b\ndesc=e\naction=nono x\n",
                3,
                "r.sec:6:1: 'type' again in the rule that begins at line 1; is an empty line "
                "missing?",
                "r.sec:10:8: Invalid action 'nono x'");
    ck_messages(
        "type=Single\nptype=RegExp\npattern=" LONG LONG "( x\ndesc=d\naction=none\n", 2,
        "r.sec:3:127: Invalid regular expression: Unmatched ( in regex: " LONG "( <-- HERE  x",
        "r.sec:3:127: Invalid regular expression: Unmatched ( in regex: " LONG "( <-- HERE  x");
}
END_TEST

/* The step cannot be: what is told. */
static void refuses(const char *steps, const char *message)
{
    struct buf text = {0};
    buf_cat(&text, B(HEAD "test: it\n"), bytes_of(steps), B("\0"));
    prove(doers, text.ptr);
    ck_status(0, "error");
    json_t *messages = json_object_get(outcome(0), "messages");
    ck_assert_str_eq(json_string_value(json_array_get(messages, 0)), message);
    buf_free(&text);
}

START_TEST(rules_that_are_named_are_there)
{
    if (prover.with)
        return; /* nobody knows its rules */
    refuses("  +0s out x\n  not rule r.sec:6\n",
            "t.sectest:6:12: no rule begins on line 6 of r.sec; the next one begins on line 7");
    refuses("  +0s out x\n  expect rule r.sec:1000\n",
            "t.sectest:6:15: no rule begins on line 1000 of r.sec");
    refuses("  +0s out x\n  not rule s.sec:1\n",
            "t.sectest:6:12: there are no rules from a file s.sec; did you mean r.sec?");
    refuses("  +0s out x\n  not rule another.sec:1\n",
            "t.sectest:6:12: there are no rules from a file another.sec");
    refuses("  +0s out x\n  not rule rr.sec\n",
            "t.sectest:6:12: there are no rules from a file rr.sec; did you mean r.sec?");
    passes("  +0s out x\n  not rule make $1:6\n  not rule ~ ^r\\.sec:6$\n  not rule host\n");
}
END_TEST

static bool second_only(void *arg, const struct test *test)
{
    (void)arg;
    return bytes_eq(test->name, B("two"));
}

START_TEST(tests_are_chosen)
{
    prover.wanted = second_only;
    prove(doers, HEAD "test: one\n  +0s out x\n  not output\ntest: two\n  +0s out x\n"
                      "  expect output\ntest: three\n  +0s out x\n  not output\n");
    ck_assert_uint_eq(json_array_size(outcomes), 1);
    ck_passed(0);
}
END_TEST

/* Each begins with nothing of the one before it. */
START_TEST(tests_begin_anew)
{
    prove(brute, HEAD "test: one\n  +0s x5 fail h\n  expect write\n"
                      "test: two\n  not context BLOCK_h\n  not file /var/log/alerts\n"
                      "  +0s x4 fail h\n  not write\n"
                      "test: three\n  start: 2030-06-01 12:00\n  zone: UTC\n"
                      "  +0s x5 fail h\n  expect context BLOCK_h until 13:00\n");
    for (size_t i = 0; i < 3; i++)
        ck_passed(i);
}
END_TEST

/* Bytes that are no UTF-8 do not end in the outcome as they are. */
START_TEST(wrong_bytes_are_replaced)
{
    fails("  +0s out a\xff"
          "bc\n  expect output = abc\n",
          2, "it did not happen",
          "+0s []a\xef\xbf\xbd"
          "bc");
}
END_TEST

RUN_PROVING_TESTS("prove", a_test_passes, a_failure_tells_what_happened, given_steps_come_before,
                  output, write_, commands, sends_and_signals, what_else_is_heard, contexts,
                  operations, variables, pending_events, files_, not_, spans, spans_of_the_state,
                  numbers, the_nearest_is_one_that_nobody_took, order, nothing_else, snapshots_,
                  times, lines_tell_their_time, inputs, answers, signals, rules_with_errors,
                  errors_of_rules_have_their_places, rules_that_are_named_are_there,
                  tests_are_chosen, tests_begin_anew, wrong_bytes_are_replaced)
