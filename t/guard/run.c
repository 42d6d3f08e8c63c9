/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a command behind the guard: run FOLDER COMMAND WORD ...
 *
 * What is refused is a line of standard output, "FUNCTION TARGET"; what the command itself says goes
 * to standard error.  Ends as the command does; 99: there is no guard here, and why. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guard/guard.h"

static void tell(struct guard *guard)
{
    struct words words = {0};
    while (guard_hear(guard, &words)) {
        struct bytes function = words_at(&words, 1), target = words_at(&words, 2);
        printf("%.*s %.*s\n", (int)function.len, function.ptr, (int)target.len, target.ptr);
    }
    words_free(&words);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    int ends[2], status = 0;
    if (argc < 3 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return EXIT_FAILURE;
    pid_t pid = fork();
    if (pid == 0) {
        dup2(STDERR_FILENO, STDOUT_FILENO);
        guard_put_up(dup(ends[1])); /* which stays open as long as the command */
        execvp(argv[2], argv + 2);
        _exit(127);
    }
    close(ends[1]);
    struct guard *guard = guard_take(ends[0], bytes_of(argv[1]));
    if (!guard)
        fprintf(stderr, "%s\n", strerror(errno));
    for (struct pollfd polls[] = {{ends[0], POLLIN, 0}, {0, POLLIN, 0}};
         guard && !polls[0].revents;) {
        polls[1].fd = guard->listener;
        if (poll(polls, 2, -1) > 0)
            guard_answer(guard, polls[1].revents);
        tell(guard);
    }
    bool there = guard != NULL;
    guard_free(guard);
    close(ends[0]);
    waitpid(pid, &status, 0);
    if (!there)
        return 99;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
