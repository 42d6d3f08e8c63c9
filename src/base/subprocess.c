/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/subprocess.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/monotonic.h"

/* By the clock it may take so much more than its processor time: others work as well. */
enum { BUSY_TIMES = 10, BUSY_MS = 10000 };

pid_t subprocess_fork(void)
{
    pid_t parent = getpid();
    fflush(NULL);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) /* it has ended before that */
        _exit(1);
    return 0;
}

int subprocess_wait(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

void subprocess_add_end(struct buf *out, int status)
{
    if (WIFSIGNALED(status))
        buf_printf(out, "died of signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        buf_printf(out, "ended with status %d", WEXITSTATUS(status));
}

/* Writes all of the answer to the descriptor, or nothing that counts. */
_Noreturn static void answer(unsigned ms, void (*find)(void *, void *), void *arg, void *result,
                             size_t size, int fd)
{
    struct itimerval limit = {
        .it_value = {.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)}};
    sigset_t none;
    sigemptyset(&none);
    signal(SIGVTALRM, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setitimer(ITIMER_VIRTUAL, &limit, NULL);
    find(arg, result);
    _exit(write(fd, result, size) == (ssize_t)size ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* Until it has answered or ended; false: neither in so many milliseconds. */
static bool has_answered(int fd, int64_t ms)
{
    struct pollfd answer = {.fd = fd, .events = POLLIN};
    int64_t end = monotonic_ms() + ms;
    for (int64_t left = ms; left > 0; left = end - monotonic_ms()) {
        int ready = poll(&answer, 1, left > INT_MAX ? INT_MAX : (int)left);
        if (ready > 0 || (ready < 0 && errno != EINTR))
            return true;
    }
    return false;
}

bool subprocess_ask(unsigned ms, void (*find)(void *arg, void *result), void *arg, void *result,
                    size_t size)
{
    int ends[2];
    assert(size <= PIPE_BUF);
    if (pipe(ends) != 0)
        return false;
    pid_t pid = fork();
    if (pid == 0)
        answer(ms, find, arg, result, size, ends[1]);
    close(ends[1]);
    if (pid > 0 && !has_answered(ends[0], (int64_t)ms * BUSY_TIMES + BUSY_MS))
        kill(pid, SIGKILL);
    ssize_t got = -1;
    while (pid > 0 && (got = read(ends[0], result, size)) < 0 && errno == EINTR)
        continue;
    close(ends[0]);
    if (pid > 0)
        subprocess_wait(pid);
    return got == (ssize_t)size;
}
