/* SPDX-License-Identifier: GPL-2.0-or-later */
/* User code that is only looked at: what it does to the outside does not happen.
 *
 * Operators and functions of modules that would reach out report it in place of doing it, and
 * return what lets ordinary code go on:
 *   open, sysopen for writing    a handle on /dev/null; "+<" reads the real file
 *   print, say, printf, write, syswrite, send    as if all was taken; so are warnings, as prints
 *                                on STDERR; handles in memory and tied ones are not outside
 *   system, qx, open of a command    the status and the output that the listener says
 *   fork                         the parent's side, with the ID of a child that wait finds ended
 *   exec, syscall, dbmopen, shm..., msg..., sem...    failure (EPERM)
 *   kill                         how many were named; signal 0 still asks
 *   unlink, rename, link, symlink, mkdir, rmdir, chmod, chown, utime, truncate, flock, ioctl,
 *   chroot, setpgrp, setpriority    success
 *   socket                       one that is connected to nobody: connect, bind, listen, shutdown
 *                                and setsockopt succeed, nothing comes, accept fails (EAGAIN)
 *   gethostbyname, inet_aton, getaddrinfo    192.0.2.1 (of the documentation) for each name
 *   POSIX::, Time::HiRes::, IO::, Sys::Syslog::    what of theirs is in C and reaches out: success
 * Reading stays as it is: open for reading, stat, readline, %ENV, getpwnam.  So do chdir, umask,
 * exit, a pipe (its reading end is at its end), and what is the process's own.  STDOUT and STDERR
 * are not the process's own, so that user code may close or reopen them.
 *
 * Not caught: C code of other modules that talks to the system by itself (DBI, DB_File, threads),
 * $^I, assignments to $< $> $( $), getnameinfo, and what modules that PERL5OPT names do with the
 * descriptors of STDOUT and STDERR while they are loaded. */
#ifndef SECANT_PERL_HELD_H
#define SECANT_PERL_HELD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

struct perl_deed {
    const char *function;      /* "unlink", "POSIX::mkfifo" */
    struct bytes target;       /* the file, handle, peer, process; a command's line */
    struct bytes text;         /* what was to be written */
    const struct bytes *words; /* all that it was given; a command: its words, if not one text */
    size_t count;
    bool command; /* a process was to be started */
    bool gives;   /* whose output is read */
};

struct perl_answer {
    bool perform;        /* let it happen; heeded where no handle of before is needed */
    int exit_code;       /* of a command */
    struct bytes output; /* of a command; to last until the next deed */
};

/* The deed lasts until the call returns. */
typedef void perl_hold(void *arg, const struct perl_deed *deed, struct perl_answer *answer);

/* What open and sysopen read, and stat and -X look at, in place of the file of that name: its path,
 * added to *path; false: the file itself. */
typedef bool perl_find(void *arg, struct bytes name, struct buf *path);

/* Before perl_run_main: from then on user code reaches nothing outside. */
void perl_hold_outside(void);
/* true: everything happens again as if user code were not held, and nobody hears of it; false: it
 * is held (at first it is).  At any time while no user code runs, before perl_run_main as well.
 *
 * What happened while it was held stays so: a handle that was opened then leads nowhere until
 * it is closed ("+<" only reads), and a child that was forked then has ended and is waited for.
 * A handle that was opened while it was let leads to where it did. */
void perl_hold_let(bool let);
/* While it is held, exit dies instead; at first it is as ever. */
void perl_hold_exit(bool hold);
bool perl_holds_outside(void); /* installed, and not let */
/* Who hears of it; may change; NULL: nobody does. */
void perl_hold_for(perl_hold *hold, void *arg);
void perl_hold_reads(perl_find *find, void *arg); /* NULL: nobody is asked */
void perl_hold_end(const void *arg);              /* nobody does, if it was this one */

#endif
