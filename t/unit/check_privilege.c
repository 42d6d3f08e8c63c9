/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Daemon, user, groups and pid file.  What needs root is left out for others. */
#include "unit.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/privilege.h"

static char directory[] = "/tmp/check_privilege.XXXXXX";
static struct clock *clock_;
static struct log *log_;

static void set_up(void)
{
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(chdir(directory), 0);
    clock_ = clock_event(0);
    log_ = log_new(clock_);
    ck_assert(log_open_file(log_, "messages"));
}

static void tear_down(void)
{
    log_free(log_);
    clock_free(clock_);
    ck_assert_int_eq(chdir("/"), 0);
    char command[100];
    snprintf(command, sizeof(command), "rm -r %s", directory);
    ck_assert_int_eq(system(command), 0);
}

static const char *content(const char *path)
{
    static char text[2000];
    log_flush(log_);
    FILE *file = fopen(path, "r");
    if (!file)
        return "(no file)";
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    return text;
}

/* Runs a function in a child with its standard error in a file; returns its exit status. */
static int in_child(int (*function)(void))
{
    pid_t pid = fork();
    if (pid == 0) {
        int fd = open("stderr", O_WRONLY | O_CREAT | O_TRUNC, 0600);
        dup2(fd, 2);
        _exit(function());
    }
    int status = 0;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return WEXITSTATUS(status);
}

START_TEST(the_pid_file_holds_the_pid)
{
    char wanted[30];
    snprintf(wanted, sizeof(wanted), "%d\n", (int)getpid());
    ck_assert(privilege_pidfile(log_, "pid"));
    ck_assert_str_eq(content("pid"), wanted);
    ck_assert(!privilege_pidfile(log_, "missing/pid"));
    ck_assert_ptr_nonnull(strstr(content("messages"),
                                 "Can't open pidfile missing/pid for writing (No such file or "
                                 "directory), exiting!\n"));
}
END_TEST

static int become_daemon(void)
{
    signal(SIGHUP, SIG_DFL);
    if (!privilege_daemonize(log_, false))
        return 1;
    FILE *file = fopen("daemon.new", "w");
    struct sigaction now;
    sigaction(SIGHUP, NULL, &now);
    fprintf(file, "%d %d %d %d", getsid(0) != getpid(), isatty(0) || isatty(1) || isatty(2),
            now.sa_handler == SIG_DFL, write(1, "x", 1) == 1 && write(2, "x", 1) == 1);
    fclose(file);
    log_flush(log_);
    return rename("daemon.new", "daemon");
}

START_TEST(a_daemon_has_a_session_without_leader_and_no_terminal)
{
    ck_assert_int_eq(in_child(become_daemon), 0);
    for (int i = 0; i < 2000 && access("daemon", F_OK) != 0; i++)
        usleep(10000);
    ck_assert_str_eq(content("daemon"), "1 0 1 1");
    ck_assert_ptr_nonnull(strstr(content("messages"), "Daemonization complete\n"));
}
END_TEST

START_TEST(a_daemon_does_not_read_standard_input)
{
    ck_assert(!privilege_daemonize(log_, true));
    ck_assert_ptr_nonnull(strstr(
        content("messages"), "Can't become a daemon (stdin is specified as input), exiting!\n"));
}
END_TEST

static int unknown_user(void)
{
    return privilege_drop("no-such-user", NULL, 0);
}

static int unknown_group(void)
{
    return privilege_drop("nobody", (struct bytes[]){B("daemon"), B("no-such-group")}, 2);
}

static int root(void)
{
    return privilege_drop("root", NULL, 0);
}

static int nobody_with_groups(void)
{
    gid_t now[10];
    struct bytes groups[] = {B("daemon"), B("bin"), B("daemon")};
    if (!privilege_drop("nobody", groups, 3))
        return 1;
    int count = getgroups(10, now);
    bool right = count == 3 && getuid() == getpwnam("nobody")->pw_uid && geteuid() == getuid() &&
                 getgid() == getgrnam("daemon")->gr_gid && getegid() == getgid();
    return right && setuid(0) != 0 ? 0 : 2;
}

static int nobody_alone(void)
{
    if (!privilege_drop("nobody", NULL, 0))
        return 1;
    return getgid() == getpwnam("nobody")->pw_gid && getgroups(0, NULL) == 2 ? 0 : 2;
}

static int drop_again(void)
{
    return setuid(getpwnam("nobody")->pw_uid) != 0 || privilege_drop("nobody", NULL, 0);
}

START_TEST(user_and_groups_are_taken_or_refused)
{
    ck_assert_int_eq(in_child(unknown_user), 0);
    ck_assert_str_eq(content("stderr"), "User name 'no-such-user' does not exist, exiting!\n");
    ck_assert_int_eq(in_child(unknown_group), 0);
    ck_assert_str_eq(content("stderr"), "Group name 'no-such-group' does not exist, exiting!\n");
    ck_assert_int_eq(in_child(root), 0);
    ck_assert_str_eq(content("stderr"),
                     "Can't drop root privileges by setting user to 'root', exiting!\n");
    ck_assert_int_eq(in_child(nobody_with_groups), 0);
    ck_assert_int_eq(in_child(nobody_alone), 0);
    ck_assert_int_eq(in_child(drop_again), 0);
    ck_assert_ptr_nonnull(strstr(content("stderr"),
                                 "'--user' and '--group' options can only be used by root (current "
                                 "euid is not 0 but "));
}
END_TEST

static int without_terminal(void)
{
    setsid();
    return privilege_owns_sigint(log_, false) ? 0 : 1;
}

START_TEST(sigint_is_ours_without_a_terminal)
{
    ck_assert(privilege_owns_sigint(log_, true));
    ck_assert_int_eq(in_child(without_terminal), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_pid_file_holds_the_pid, a_daemon_has_a_session_without_leader_and_no_terminal,
        a_daemon_does_not_read_standard_input, sigint_is_ours_without_a_terminal,
        user_and_groups_are_taken_or_refused};
    size_t count = sizeof(tests) / sizeof(*tests);
    if (geteuid() != 0) {
        skip_test("needs root");
        count--; /* the last one */
    }
    return run_tests("privilege", set_up, tear_down, tests, count);
}
