/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of standard input are confirmed on what was standard output. */
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "durable/confirm.h"

static struct clock *clock_;
static struct log *log_;
static struct confirm *confirm;
static int answers;              /* what rsyslog reads */
static int saved_out, saved_err; /* the runner's */
static FILE *errors;             /* standard error */

static void set_up(void)
{
    int ends[2];
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    saved_out = dup(STDOUT_FILENO);
    saved_err = dup(STDERR_FILENO);
    errors = tmpfile();
    dup2(ends[1], STDOUT_FILENO);
    dup2(fileno(errors), STDERR_FILENO);
    close(ends[1]);
    answers = ends[0];
    fcntl(answers, F_SETFL, O_NONBLOCK);
    signal(SIGPIPE, SIG_IGN);
    clock_ = clock_event(0);
    log_ = log_new(clock_);
    log_set_level(log_, LOG_DETAIL);
    log_grave(log_, LOG_DETAIL);
    confirm = confirm_new(log_);
}

static void tear_down(void)
{
    confirm_free(confirm);
    log_free(log_);
    clock_free(clock_);
    dup2(saved_out, STDOUT_FILENO);
    dup2(saved_err, STDERR_FILENO);
    close(answers);
    fclose(errors);
}

static void ck_answers(const char *want)
{
    char text[1000];
    ssize_t got = read(answers, text, sizeof(text));
    ck_bytes_eq(bytes_make(text, got > 0 ? (size_t)got : 0), bytes_of(want));
}

static void ck_line(const char *line, const char *want)
{
    confirm_bytes(confirm, bytes_of(line));
    ck_answers(want);
}

static bool erred(const char *text)
{
    char all[2000];
    ssize_t got = pread(fileno(errors), all, sizeof(all) - 1, 0);
    all[got > 0 ? got : 0] = '\0';
    return strstr(all, text) != NULL;
}

START_TEST(ready_and_each_line)
{
    ck_answers("");
    confirm_ready(confirm);
    ck_answers("OK\n");
    ck_line("a line\n", "OK\n");
    ck_line("\n", "OK\n");
    ck_line("two\nlines\n", "OK\nOK\n");
}
END_TEST

START_TEST(a_line_in_pieces_is_one)
{
    ck_line("a ", "");
    ck_line("", "");
    ck_line("line", "");
    ck_line("\nand ", "OK\n");
    ck_line("another\n", "OK\n");
    ck_line("BEGIN TRANS", "");
    ck_line("ACTION", "");
    ck_line("\n", "OK\n");
    ck_line("x\n", "DEFER_COMMIT\n");
}
END_TEST

START_TEST(lines_of_a_transaction_are_deferred)
{
    ck_line("one\n", "OK\n");
    ck_line("BEGIN TRANSACTION\n", "OK\n");
    ck_line("two\n", "DEFER_COMMIT\n");
    ck_line("three\nCOMMIT TRANSACTION\nfour\n", "DEFER_COMMIT\nOK\nOK\n");
    ck_line("COMMIT TRANSACTION\n", "OK\n");
}
END_TEST

START_TEST(only_whole_lines_are_marks)
{
    ck_assert(confirm_is_mark(B("BEGIN TRANSACTION")));
    ck_assert(confirm_is_mark(B("COMMIT TRANSACTION")));
    ck_assert(!confirm_is_mark(B("BEGIN TRANSACTION ")));
    ck_assert(!confirm_is_mark(B("ROLLBACK TRANSACTION")));
    ck_line(" BEGIN TRANSACTION\n", "OK\n");
    ck_line("BEGIN TRANSACTION of some other program, which goes on and on\n", "OK\n");
    ck_line("x\n", "OK\n");
}
END_TEST

START_TEST(all_else_goes_to_standard_error)
{
    ck_assert(erred("Lines are confirmed on standard output; whatever else is written there goes "
                    "to standard error\n"));
    ck_assert_int_eq(write(STDOUT_FILENO, "printed\n", 8), 8);
    ck_answers("");
    ck_assert(erred("printed\n"));
    ck_line("x\n", "OK\n");
    ck_assert(!erred("OK"));
}
END_TEST

START_TEST(a_reader_that_is_gone_is_said_once)
{
    close(answers);
    confirm_bytes(confirm, B("one\n"));
    ck_assert(erred("Can't confirm lines any more (Broken pipe)\n"));
    ck_assert_int_eq(ftruncate(fileno(errors), 0), 0);
    confirm_bytes(confirm, B("two\n"));
    ck_assert(!erred("Can't"));
    answers = open("/dev/null", O_RDONLY);
}
END_TEST

START_TEST(without_standard_output_there_is_none)
{
    close(STDOUT_FILENO);
    ck_assert_ptr_null(confirm_new(log_));
    ck_assert(erred("Can't confirm lines on standard output (Bad file descriptor)\n"));
}
END_TEST

RUN_TESTS_AROUND("confirm", set_up, tear_down, ready_and_each_line, a_line_in_pieces_is_one,
                 lines_of_a_transaction_are_deferred, only_whole_lines_are_marks,
                 all_else_goes_to_standard_error, a_reader_that_is_gone_is_said_once,
                 without_standard_output_there_is_none)
