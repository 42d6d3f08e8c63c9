/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/subprocess.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

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
