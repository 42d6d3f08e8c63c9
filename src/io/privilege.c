/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Daemon, user and groups, pid file, and who owns SIGINT. */
#include "io/privilege.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/open_name.h"

/* Messages of privilege_drop go to standard error: the log is opened with the new user's rights. */
#define say(...)                                                                                   \
    say_parts((const struct bytes[]){__VA_ARGS__},                                                 \
              sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes))

/* Always false, what the caller returns. */
static bool say_parts(const struct bytes *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fwrite(parts[i].ptr, 1, parts[i].len, stderr);
    fflush(stderr);
    return false;
}

/* --- user and groups ------------------------------------------------------------------------ */

struct identity {
    uid_t user;
    size_t count;
    gid_t *groups;    /* owned; the first is the group ID, which is listed twice, as by upstream */
    struct buf names; /* of the groups, joined by blanks */
    size_t first_len; /* the first of them */
};

static void add_group(struct identity *identity, gid_t group, struct bytes name)
{
    for (size_t i = 0; i < identity->count; i++)
        if (identity->groups[i] == group)
            return;
    bool first = identity->count == 0;
    if (first)
        identity->first_len = name.len;
    buf_cat(&identity->names, first ? B("") : B(" "), name);
    identity->groups = mem_array(identity->groups, identity->count + 2, sizeof(gid_t));
    identity->groups[identity->count++] = group;
    if (first)
        identity->groups[identity->count++] = group;
}

static bool find_groups(struct identity *identity, const struct bytes *groups, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *name = bytes_cstr(groups[i]);
        const struct group *group = getgrnam(name);
        free(name);
        if (!group)
            return say(B("Group name '"), groups[i], B("' does not exist, exiting!\n"));
        add_group(identity, group->gr_gid, groups[i]);
    }
    return true;
}

static bool find_primary_group(struct identity *identity, gid_t id)
{
    const struct group *group = getgrgid(id);
    if (!group)
        return say(B("Group ID '"), NUM(id), B("' does not exist, exiting!\n"));
    add_group(identity, id, bytes_of(group->gr_name));
    return true;
}

static bool find_identity(struct identity *identity, const char *user, const struct bytes *groups,
                          size_t count)
{
    const struct passwd *entry = getpwnam(user);
    if (!entry)
        return say(B("User name '"), bytes_of(user), B("' does not exist, exiting!\n"));
    identity->user = entry->pw_uid;
    if (identity->user == 0)
        return say(B("Can't drop root privileges by setting user to '"), bytes_of(user),
                   B("', exiting!\n"));
    gid_t primary = entry->pw_gid;
    return count > 0 ? find_groups(identity, groups, count) : find_primary_group(identity, primary);
}

static bool holds(const gid_t *groups, size_t count, gid_t group)
{
    for (size_t i = 0; i < count; i++)
        if (groups[i] == group)
            return true;
    return false;
}

/* Sets the supplementary groups and makes sure that the process has these and no others. */
static bool set_groups(const struct identity *identity)
{
    if (setgroups(identity->count, identity->groups) != 0 || getegid() != identity->groups[0])
        return false;
    int count = getgroups(0, NULL);
    if (count < 0)
        return false;
    gid_t *now = mem_array(NULL, (size_t)count + 1, sizeof(gid_t));
    count = getgroups(count, now);
    bool right = count >= 0;
    for (size_t i = 0; right && i < identity->count; i++)
        right = holds(now, (size_t)count, identity->groups[i]);
    for (int i = 0; right && i < count; i++)
        right = holds(identity->groups, identity->count, now[i]);
    free(now);
    return right;
}

/* Groups first: with the new user ID they could not be set any more. */
static bool take_identity(const struct identity *identity, const char *user)
{
    gid_t group = identity->groups[0];
    struct bytes names = buf_bytes(&identity->names);
    if (setgid(group) != 0 || getegid() != group || getgid() != group) {
        int error = errno;
        return say(B("Can't set group to '"), bytes_slice(names, 0, identity->first_len), B("' ("),
                   error_text(error), B("), exiting!\n"));
    }
    if (!set_groups(identity))
        return say(B("Can't set supplementary groups to '"), names, B("', exiting!\n"));
    if (setuid(identity->user) != 0 || geteuid() != identity->user || getuid() != identity->user) {
        int error = errno;
        return say(B("Can't set user to '"), bytes_of(user), B("' ("), error_text(error),
                   B("), exiting!\n"));
    }
    return true;
}

bool privilege_drop(const char *user, const struct bytes *groups, size_t count)
{
    if (geteuid() != 0)
        return say(B("'--user' and '--group' options can only be used by root (current euid is "
                     "not 0 but "),
                   NUM(geteuid()), B(")\n"));
    struct identity identity = {0};
    bool done = find_identity(&identity, user, groups, count) && take_identity(&identity, user);
    free(identity.groups);
    buf_free(&identity.names);
    return done;
}

/* --- daemon --------------------------------------------------------------------------------- */

bool privilege_pidfile(struct log *log, const char *path)
{
    int fd = open_name(bytes_of(path), NAME_WRITE);
    if (fd < 0) {
        log_msg(log, LOG_CRITICAL, B("Can't open pidfile "), bytes_of(path), B(" for writing ("),
                error_text(errno), B("), exiting!"));
        return false;
    }
    dprintf(fd, "%ld\n", (long)getpid());
    close(fd);
    return true;
}

/* What is left of us goes on in a child; nothing is unwound in the parent. */
static bool go_on_in_child(struct log *log)
{
    log_flush(log);
    pid_t pid = fork();
    if (pid > 0)
        _exit(0);
    if (pid < 0)
        log_msg(log, LOG_CRITICAL, B("Can't fork a new process for daemonization ("),
                error_text(errno), B("), exiting!"));
    return pid == 0;
}

static bool leave_session(struct log *log)
{
    if (!go_on_in_child(log))
        return false;
    if (setsid() < 0) {
        log_msg(log, LOG_CRITICAL, B("Can't start a new session ("), error_text(errno),
                B("), exiting!"));
        return false;
    }
    return go_on_in_child(log);
}

static bool redirect(int fd, int flags)
{
    int null = open("/dev/null", flags);
    if (null < 0)
        return false;
    bool done = null == fd || dup2(null, fd) == fd;
    if (null != fd)
        close(null);
    return done;
}

static bool leave_terminal(struct log *log)
{
    struct bytes what = {0};
    if (!redirect(STDIN_FILENO, O_RDONLY))
        what = B("stdin to /dev/null");
    else if (!redirect(STDOUT_FILENO, O_WRONLY))
        what = B("stdout to /dev/null");
    else if (dup2(STDOUT_FILENO, STDERR_FILENO) != STDERR_FILENO)
        what = B("stderr to stdout with dup");
    if (what.ptr)
        log_msg(log, LOG_CRITICAL, B("Can't connect "), what, B(" ("), error_text(errno),
                B("), exiting!"));
    return !what.ptr;
}

/* The session's leader may send SIGHUP to its child when it ends, so that is ignored meanwhile. */
bool privilege_daemonize(struct log *log, bool reads_stdin)
{
    if (reads_stdin) {
        log_msg(log, LOG_CRITICAL,
                B("Can't become a daemon (stdin is specified as input), exiting!"));
        return false;
    }
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
    sigaction(SIGHUP, &ignore, &before);
    bool done = leave_session(log) && leave_terminal(log);
    sigaction(SIGHUP, &before, NULL);
    if (done)
        log_msg(log, LOG_DETAIL, B("Daemonization complete"));
    return done;
}

bool privilege_owns_sigint(struct log *log, bool detached)
{
    char path[L_ctermid];
    if (detached)
        return true;
    int terminal = open(ctermid(path), O_RDONLY | O_CLOEXEC);
    if (terminal < 0)
        return true;
    pid_t foreground = tcgetpgrp(terminal);
    int error = errno;
    close(terminal);
    if (foreground < 0)
        log_msg(log, LOG_ERROR, B("Can't get foreground process group ID ("), error_text(error),
                B(")"));
    return foreground >= 0 && getpgrp() != foreground;
}
