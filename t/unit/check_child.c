/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Children run, are fed and read, and their ends are told. */
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/monotonic.h"
#include "io/child.h"
#include "io/command.h"

enum { LIMIT = 20000 }; /* milliseconds */

static char directory[] = "/tmp/check_child.XXXXXX";
static struct loop *loop;
static struct clock *clock_;
static struct log *log_;
static struct children *children;
static size_t blocksize = 8192;
static struct buf told; /* "line:x", "end:3", "dropped", each with a newline */
static int starts;

static void on_line(void *arg, struct child *child, struct bytes line)
{
    (void)arg;
    buf_cat(&told, child->context, B(":"), line, B("\n"));
}

static void on_end(void *arg, struct child *child, int exit_code)
{
    (void)arg;
    (void)child;
    buf_cat(&told, B("end:"), NUM(exit_code), B("\n"));
}

static void on_drop(void *arg, struct child *child)
{
    (void)arg;
    (void)child;
    buf_cat(&told, B("dropped\n"));
}

static void before_start(void *arg)
{
    (void)arg;
    starts++;
}

static void set_up(void)
{
    static const struct child_events events = {on_line, on_end, before_start, on_drop};
    signal(SIGPIPE, SIG_IGN);
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(chdir(directory), 0);
    loop = loop_new();
    clock_ = clock_event(0);
    log_ = log_new(clock_);
    ck_assert(log_open_file(log_, "messages"));
    children = children_new(loop, log_, &blocksize, &events, NULL);
}

static void tear_down(void)
{
    children_free(children);
    log_free(log_);
    clock_free(clock_);
    loop_free(loop);
    buf_free(&told);
    ck_assert_int_eq(chdir("/"), 0);
    char command[100];
    snprintf(command, sizeof(command), "rm -r %s", directory);
    ck_assert_int_eq(system(command), 0);
}

static struct command shell(const char *text)
{
    return (struct command){.text = bytes_of(text)};
}

static struct child *run(const char *text)
{
    struct command command = shell(text);
    return children_run(children, &command);
}

static struct child *read_from(const char *text)
{
    struct command command = shell(text);
    return children_read(children, &command, B("line"));
}

static struct child *feed(const char *text, struct bytes input)
{
    struct command command = shell(text);
    return children_feed(children, &command, input);
}

/* Goes round until all children have ended. */
static const char *finish(void)
{
    for (int64_t end = monotonic_ms() + LIMIT; children_any(children) && monotonic_ms() < end;)
        if (!children_check(children, true) && children_any(children))
            loop_wait(loop, LIMIT);
    ck_assert(!children_any(children));
    buf_char(&told, '\0');
    return told.ptr;
}

static const char *content(const char *path)
{
    static char text[2000];
    FILE *file = fopen(path, "r");
    if (!file)
        return "(no file)";
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    return text;
}

static bool logged(const char *text)
{
    log_flush(log_);
    return strstr(content("messages"), text) != NULL;
}

START_TEST(exit_codes_are_told_in_the_order_of_starting)
{
    run("exit 3;");
    run("true");
    run("false");
    run("kill -9 $$");
    ck_assert_int_eq(starts, 4);
    for (struct child *child = children_first(children); child; child = child->next) {
        siginfo_t info;
        ck_assert_int_eq(waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOWAIT), 0);
    }
    ck_assert_str_eq(finish(), "end:3\nend:0\nend:1\nend:0\n");
    ck_assert(logged("created for command 'kill -9 $$'\n"));
}
END_TEST

START_TEST(a_program_that_is_not_there_ends_with_1)
{
    int saved = dup(2), fd = open("stderr", O_WRONLY | O_CREAT, 0600);
    dup2(fd, 2);
    close(fd);
    run("exit 3"); /* no shell, no such program */
    struct bytes words[] = {B("/nonexistent/cmd"), B("a b")};
    struct command command = {B("/nonexistent/cmd a b"), words, 2};
    ck_assert_ptr_nonnull(children_run(children, &command));
    run("");
    ck_assert_str_eq(finish(), "end:1\nend:1\nend:1\n");
    dup2(saved, 2);
    ck_assert_ptr_nonnull(strstr(content("stderr"), "Can't exec \"exit\": No such file"));
    ck_assert(logged("created for command '/nonexistent/cmd a b'\n"));
}
END_TEST

START_TEST(a_script_without_interpreter_line_is_run_by_the_shell)
{
    FILE *file = fopen("script", "w");
    fputs("echo \"$1\" > out\n", file);
    fclose(file);
    ck_assert_int_eq(chmod("script", 0755), 0);
    run("./script word");
    ck_assert_str_eq(finish(), "end:0\n");
    ck_assert_str_eq(content("out"), "word\n");
}
END_TEST

START_TEST(a_word_list_is_not_read_by_a_shell)
{
    struct bytes words[] = {B("printf"), B("%s;"), B("$HOME"), B("a  b"), B(""), B("*")};
    struct command command = {B("printf ..."), words, 6};
    ck_assert_ptr_nonnull(children_read(children, &command, B("line")));
    ck_assert_str_eq(finish(), "line:$HOME;a  b;;*;\nend:0\n");
}
END_TEST

START_TEST(output_comes_as_lines_before_the_end)
{
    struct child *child = read_from("echo one; echo; printf 'two\\nthree'; exit 4;");
    ck_assert(child->reading);
    ck_assert_str_eq(child->command.ptr, "echo one; echo; printf 'two\\nthree'; exit 4;");
    ck_assert_str_eq(finish(), "line:one\nline:\nline:two\nline:three\nend:4\n");
}
END_TEST

START_TEST(output_is_left_alone_when_not_wanted)
{
    struct child *child = read_from("echo one; : > written; exec sleep 100");
    int64_t end = monotonic_ms() + LIMIT;
    for (int after = 0; after < 5 && monotonic_ms() < end; after += access("written", F_OK) == 0) {
        loop_wait(loop, 20);
        children_check(children, false);
    }
    ck_assert_int_eq(access("written", F_OK), 0);
    ck_assert_uint_eq(told.len, 0);
    kill(child->pid, SIGKILL);
    while (children_any(children)) {
        loop_wait(loop, 20);
        children_check(children, false);
    }
    buf_char(&told, '\0');
    ck_assert_str_eq(told.ptr, "line:one\nend:0\n"); /* the end reads it all the same */
}
END_TEST

START_TEST(a_block_is_read_from_each_child_in_turn)
{
    blocksize = 4;
    struct child *a = read_from("printf 'a1\\na2\\na3\\n'");
    struct child *b = read_from("printf 'b1\\nb2\\nb3\\n'");
    siginfo_t info;
    waitid(P_PID, (id_t)a->pid, &info, WEXITED | WNOWAIT);
    waitid(P_PID, (id_t)b->pid, &info, WEXITED | WNOWAIT);
    loop_poll(loop);
    loop_poll(loop);
    ck_assert(children_check(children, true));
    ck_assert_int_eq(memcmp(told.ptr, "line:a1\nline:b1\n", 16), 0);
    finish();
}
END_TEST

START_TEST(a_long_line_of_output_is_one_line)
{
    read_from("head -c 1000000 /dev/zero; echo; echo end");
    finish();
    ck_assert_uint_eq(told.len, 5 + 1000000 + 1 + 9 + 6 + 1);
}
END_TEST

START_TEST(a_child_may_close_its_output_early)
{
    read_from("printf part; exec >&-; exit 2");
    ck_assert_str_eq(finish(), "line:part\nend:2\n");
}
END_TEST

START_TEST(what_others_hold_open_is_not_waited_for)
{
    struct child *child = read_from("printf 'one\\npart'; sleep 100 & echo $! > pid");
    ck_assert_str_eq(finish(), "line:one\nend:0\n");
    (void)child;
    ck_assert_int_eq(system("kill $(cat pid)"), 0);
}
END_TEST

START_TEST(another_process_that_writes_for_ever_does_not_hold_the_end)
{
    read_from("yes 1234567 & echo $! > pid; sleep 0.1");
    finish();
    ck_assert_int_eq(system("kill $(cat pid) 2>/dev/null || true"), 0);
    ck_assert_ptr_nonnull(strstr(told.ptr, "end:0"));
}
END_TEST

START_TEST(a_feed_is_written_and_closed)
{
    feed("cat > out", B("one\ntwo\n"));
    ck_assert_str_eq(finish(), "end:0\n");
    ck_assert_str_eq(content("out"), "one\ntwo\n");
}
END_TEST

START_TEST(a_large_feed_waits_for_its_reader)
{
    enum { LARGE = 1000000 };
    char *text = mem_alloc(LARGE);
    memset(text, 'x', LARGE);
    feed("sleep 0.2; wc -c > out", bytes_make(text, LARGE));
    free(text); /* it was copied */
    ck_assert_str_eq(finish(), "end:0\n");
    ck_assert_int_eq(atoi(content("out")), LARGE);
}
END_TEST

START_TEST(a_reader_that_goes_ends_the_feed)
{
    static char large[300000];
    memset(large, 'x', sizeof(large));
    feed("true", bytes_make(large, sizeof(large)));
    feed("exec <&-; sleep 0.2; exit 5", bytes_make(large, sizeof(large)));
    const char *ends = finish(); /* a busy machine may turn them round */
    ck_assert(strcmp(ends, "end:0\nend:5\n") == 0 || strcmp(ends, "end:5\nend:0\n") == 0);
}
END_TEST

START_TEST(a_feed_goes_on_when_another_process_reads_it)
{
    static char large[300000];
    memset(large, 'x', sizeof(large));
    feed("(sleep 0.2; wc -c) <&0 > out & exit 6", bytes_make(large, sizeof(large)));
    ck_assert_str_eq(finish(), "end:6\n");
}
END_TEST

START_TEST(many_that_never_read_are_no_burden)
{
    static char large[100000];
    for (int i = 0; i < 20; i++)
        feed("sleep 100", bytes_make(large, sizeof(large)));
    for (int i = 0; i < 3; i++) {
        loop_wait(loop, 20);
        ck_assert(!children_check(children, true));
    }
    children_terminate(children);
    finish();
}
END_TEST

static bool is_gone(const struct child *child)
{
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOWAIT | WNOHANG) == 0 &&
           info.si_pid == child->pid;
}

START_TEST(feeds_go_on_while_nothing_else_does)
{
    static char large[300000];
    memset(large, 'x', sizeof(large));
    struct child *one = feed("wc -c > one", bytes_make(large, sizeof(large)));
    struct child *two = feed("sleep 0.1; wc -c > two", bytes_make(large, sizeof(large)));
    feed("exec sleep 100", bytes_make(large, sizeof(large)));
    for (int64_t end = monotonic_ms() + LIMIT; monotonic_ms() < end;) {
        children_feed_for(children, 20);
        if (is_gone(one) && is_gone(two))
            break;
    }
    ck_assert_int_eq(atoi(content("one")), sizeof(large));
    ck_assert_int_eq(atoi(content("two")), sizeof(large));
    children_terminate(children);
    finish();
}
END_TEST

static void on_alarm(int signal)
{
    (void)signal;
}

START_TEST(a_signal_ends_the_time_for_feeds)
{
    struct sigaction action = {.sa_handler = on_alarm};
    struct itimerval timer = {.it_value = {.tv_usec = 50000}, .it_interval = {.tv_usec = 50000}};
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
    int64_t start = monotonic_ms();
    children_feed_for(children, LIMIT);
    setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
    ck_assert_int_lt(monotonic_ms() - start, LIMIT);
}
END_TEST

START_TEST(feeds_that_are_left_are_written_by_another_process)
{
    static char large[300000];
    memset(large, 'x', sizeof(large));
    int ends[2];
    char byte;
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    struct child *one = feed("sleep 0.1; wc -c > one", bytes_make(large, sizeof(large)));
    struct child *two = feed("wc -c > two", bytes_make(large, sizeof(large)));
    pid_t pids[] = {one->pid, two->pid};
    feed("exit", bytes_make(large, sizeof(large)));
    children_leave_feeds(children);
    children_free(children); /* as if the engine had ended */
    children = NULL;
    close(ends[1]);
    ck_assert_int_eq(read(ends[0], &byte, 1), 0); /* it does not hold what was open */
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(waitpid(pids[i], NULL, 0), pids[i]);
    ck_assert_int_eq(atoi(content("one")), sizeof(large));
    ck_assert_int_eq(atoi(content("two")), sizeof(large));
}
END_TEST

START_TEST(children_have_default_signals_and_no_foreign_descriptors)
{
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    sigprocmask(SIG_BLOCK, &mask, NULL);
    signal(SIGHUP, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    read_from("grep -E 'Sig(Blk|Ign)' /proc/self/status; ls /proc/$$/fd");
    sigprocmask(SIG_UNBLOCK, &mask, NULL);
    finish();
    ck_assert_ptr_nonnull(strstr(told.ptr, "SigBlk:\t0000000000000000"));
    ck_assert_ptr_null(strstr(told.ptr, "SigIgn:\t0000000000000000")); /* HUP stays ignored */
    unsigned long ignored = strtoul(strstr(told.ptr, "SigIgn:\t") + 8, NULL, 16);
    ck_assert_uint_eq(ignored & (1UL << (SIGHUP - 1)), 1UL << (SIGHUP - 1));
    ck_assert_uint_eq(ignored & (1UL << (SIGPIPE - 1)), 0);
    ck_assert_uint_eq(ignored & (1UL << (SIGTERM - 1)), 0);
}
END_TEST

START_TEST(terminate_signals_what_runs_and_drops_what_is_gone)
{
    struct child *gone = run("true"), *runs = run("exec sleep 100");
    siginfo_t info;
    pid_t pid = runs->pid;
    ck_assert_int_eq(waitid(P_PID, (id_t)gone->pid, &info, WEXITED | WNOWAIT), 0);
    children_terminate(children);
    ck_assert_str_eq(finish(), "dropped\nend:0\n");
    char message[60];
    snprintf(message, sizeof(message), "Sending SIGTERM to process %d\n", (int)pid);
    ck_assert(logged(message));
}
END_TEST

START_TEST(a_child_reaped_by_others_is_dropped)
{
    struct child *child = run("true");
    int status;
    ck_assert_int_eq(waitpid(child->pid, &status, 0), child->pid);
    ck_assert_str_eq(finish(), "dropped\n");
}
END_TEST

START_TEST(children_of_others_are_left_to_them)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(9);
    run("true");
    ck_assert_str_eq(finish(), "end:0\n");
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(WEXITSTATUS(status), 9);
}
END_TEST

/* What a text executes, as "file|word|word". */
static const char *executable_of(const char *text)
{
    static char shown[200];
    struct executable executable;
    struct command command = shell(text);
    executable_read(&executable, &command);
    snprintf(shown, sizeof(shown), "%s", executable.file ? executable.file : "(nothing)");
    for (char **word = executable.argv; *word; word++)
        snprintf(shown + strlen(shown), sizeof(shown) - strlen(shown), "|%s", *word);
    if (executable.joined)
        strcat(shown, "|joined");
    executable_free(&executable);
    return shown;
}

START_TEST(command_lines_are_read_as_perl_reads_them)
{
    static const char *const cases[][2] = {
        {"true", "true|true"},
        {"  mail -s  x\ty ", "mail|mail|-s|x|y"},
        {"", "(nothing)"},
        {" \t", "(nothing)"},
        {"echo $x", "/bin/sh|sh|-c|echo $x"},
        {" a;b", "/bin/sh|sh|-c|a;b"},
        {"A=b c", "/bin/sh|sh|-c|A=b c"},
        {"a-b=c d", "a-b=c|a-b=c|d"},
        {"exec true", "/bin/sh|sh|-c|exec true"},
        {"executor x", "executor|executor|x"},
        {". file", "/bin/sh|sh|-c|. file"},
        {"./file", "./file|./file"},
        {"true\n", "true|true"},
        {"true\nfalse", "/bin/sh|sh|-c|true\nfalse"},
        {"a b 2>&1", "a|a|b|joined"},
        {"a b 2>&1 \n", "a|a|b|joined"},
        {"a b2>&1", "/bin/sh|sh|-c|a b2>&1"},
        {"a 2>&1 b", "/bin/sh|sh|-c|a 2>&1 b"},
        {"a 2>b 2>&1", "/bin/sh|sh|-c|a 2>b 2>&1"},
        {"a@b %c,d:e!f#g", "a@b|a@b|%c,d:e!f#g"},
        {"~/x", "/bin/sh|sh|-c|~/x"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        ck_assert_str_eq(executable_of(cases[i][0]), cases[i][1]);
}
END_TEST

START_TEST(standard_error_can_join_the_output_without_a_shell)
{
    read_from("ls /nonexistent-file 2>&1");
    finish();
    ck_assert_ptr_nonnull(strstr(told.ptr, "nonexistent-file"));
}
END_TEST

RUN_TESTS_AROUND("child", set_up, tear_down, exit_codes_are_told_in_the_order_of_starting,
                 a_program_that_is_not_there_ends_with_1,
                 a_script_without_interpreter_line_is_run_by_the_shell,
                 a_word_list_is_not_read_by_a_shell, output_comes_as_lines_before_the_end,
                 output_is_left_alone_when_not_wanted, a_block_is_read_from_each_child_in_turn,
                 a_long_line_of_output_is_one_line, a_child_may_close_its_output_early,
                 what_others_hold_open_is_not_waited_for,
                 another_process_that_writes_for_ever_does_not_hold_the_end,
                 a_feed_is_written_and_closed, a_large_feed_waits_for_its_reader,
                 a_reader_that_goes_ends_the_feed, a_feed_goes_on_when_another_process_reads_it,
                 many_that_never_read_are_no_burden, feeds_go_on_while_nothing_else_does,
                 a_signal_ends_the_time_for_feeds,
                 feeds_that_are_left_are_written_by_another_process,
                 children_have_default_signals_and_no_foreign_descriptors,
                 terminate_signals_what_runs_and_drops_what_is_gone,
                 a_child_reaped_by_others_is_dropped, children_of_others_are_left_to_them,
                 command_lines_are_read_as_perl_reads_them,
                 standard_error_can_join_the_output_without_a_shell)
