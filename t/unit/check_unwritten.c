/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of base: texts that wait to be written when a signal ends the process. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/unwritten.h"
#include "unit.h"

static const int deadly[] = {SIGQUIT, SIGPROF, SIGXCPU, SIGVTALRM, SIGSEGV, SIGBUS,
                             SIGILL,  SIGFPE,  SIGTRAP, SIGSYS,    SIGABRT};

/* What happens in the moment in which a text has been written, and that is not yet known. */
static void (*after_write)(void);
static int chosen;

/* All that the program writes goes through here. */
ssize_t write(int fd, const void *bytes, size_t count)
{
    ssize_t done = syscall(SYS_write, fd, bytes, count);
    void (*now)(void) = after_write;
    after_write = NULL;
    if (now)
        now();
    return done;
}

static void send(void)
{
    kill(getpid(), chosen);
}

static void send_all(void)
{
    for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
        kill(getpid(), deadly[i]);
}

static void fault(void)
{
    __builtin_trap();
}

/* A sanitizer has handlers of its own for some. */
static bool is_free(int signal)
{
    struct sigaction now;
    return sigaction(signal, NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) &&
           now.sa_handler == SIG_DFL;
}

/* A process that writes "first", in which then comes what comes, while "second" waits.
 * What it has written, and how it ended. */
static int end_while_writing(void (*then)(void), char *text, size_t room)
{
    int ends[2], status;
    ck_assert_int_eq(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct unwritten one, other;
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        unwritten_own();
        unwritten_begin(&one, ends[1]);
        unwritten_begin(&other, ends[1]);
        unwritten_catch_signals();
        unwritten_add(&one, B("first "));
        unwritten_add(&other, B("second "));
        after_write = then;
        unwritten_write(&one, NULL);
        _exit(0);
    }
    close(ends[1]);
    size_t len = 0;
    for (ssize_t more; (more = read(ends[0], text + len, room - 1 - len)) > 0;)
        len += (size_t)more;
    text[len] = '\0';
    close(ends[0]);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return status;
}

START_TEST(a_text_is_written_once_when_a_signal_ends_the_process)
{
    for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++) {
        char text[64];
        chosen = deadly[i];
        if (!is_free(chosen))
            continue;
        int status = end_while_writing(send, text, sizeof(text));
        ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == chosen, "signal %d: status %d",
                      chosen, status);
        ck_assert_str_eq(text, "first second ");
    }
}
END_TEST

START_TEST(signals_that_come_together_end_it_once)
{
    char text[64];
    for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
        if (!is_free(deadly[i]))
            return; /* the sanitizer would take it */
    ck_assert(WIFSIGNALED(end_while_writing(send_all, text, sizeof(text))));
    ck_assert_str_eq(text, "first second ");
}
END_TEST

START_TEST(a_fault_of_the_program_itself_is_not_put_off)
{
    char text[64];
    int status = end_while_writing(fault, text, sizeof(text));
    ck_assert(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
    ck_assert_ptr_nonnull(strstr(text, "second "));
}
END_TEST

RUN_TESTS("unwritten", a_text_is_written_once_when_a_signal_ends_the_process,
          signals_that_come_together_end_it_once, a_fault_of_the_program_itself_is_not_put_off)
