/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Holding user code: what it would do to the outside world does not happen, but is reported.
 *
 * Operators and functions of modules that would reach out report that instead of doing it, and
 * return what lets ordinary code continue:
 *   open, sysopen for writing    a handle on /dev/null; "+<" reads the real file
 *   print, say, printf, write, syswrite, send    as if everything was taken; warnings count as
 *                                prints on STDERR; handles in memory and tied ones are not outside
 *   system, qx, open of a command    the status and the output that the listener gives
 *   fork                         the parent's side, with the ID of a child that wait finds ended
 *   exec, syscall, dbmopen, shm..., msg..., sem...    failure (EPERM)
 *   kill                         how many processes were named; signal 0 still checks for them
 *   unlink, rename, link, symlink, mkdir, rmdir, chmod, chown, utime, truncate, flock, ioctl,
 *   chroot, setpgrp, setpriority    success
 *   socket                       one that is connected to nobody: connect, bind, listen, shutdown
 *                                and setsockopt succeed, nothing arrives, accept fails (EAGAIN)
 *   gethostbyname, inet_aton, getaddrinfo    192.0.2.1 (for documentation) for each name
 *   POSIX::, Time::HiRes::, IO::, Sys::Syslog::    success for C functions that reach out
 * Reading works as usual: open for reading, stat, readline, %ENV, getpwnam.  So do chdir, umask,
 * exit, a pipe (whose reading end is at end of file), and whatever only concerns the process.  Its
 * STDOUT and STDERR are replaced, so that user code may close or reopen them.
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
    struct bytes target;       /* the file, handle, peer or process; the line of a command */
    struct bytes text;         /* what was to be written */
    const struct bytes *words; /* all arguments; of a command its words, or the one text */
    size_t count;
    bool command; /* a process was to be started */
    bool gives;   /* and its output is read */
};

struct perl_answer {
    bool perform;        /* let it happen; no effect on sockets and handles opened while held */
    int exit_code;       /* of a command */
    struct bytes output; /* of a command; must last until the next deed */
};

/* The deed is valid until the call returns. */
typedef void perl_hold(void *arg, const struct perl_deed *deed, struct perl_answer *answer);

/* Appends to *path the path of the file that open and sysopen read, and stat and -X check, in place
 * of the file of this name.  Returns false if that is the file itself. */
typedef bool perl_find(void *arg, struct bytes name, struct buf *path);

/* To be called before perl_run_main: from then on user code reaches nothing outside. */
void perl_hold_outside(void);
/* true: everything happens as if user code were not held, and nothing is reported.  false: it is
 * held again, as it is at first.  May be called whenever no user code runs, even before
 * perl_run_main.
 *
 * The effects of holding last: a handle that was opened while user code was held leads nowhere
 * until it is closed ("+<" only reads), and a child that was forked then has ended and can be
 * waited for.  A handle that was opened while user code was let still leads where it did. */
void perl_hold_let(bool let);
/* true: exit dies while user code is held.  At first it works as usual. */
void perl_hold_exit(bool hold);
bool perl_holds_outside(void); /* installed, and not let */
/* Sets to whom deeds are reported, which may change; NULL: to nobody. */
void perl_hold_for(perl_hold *hold, void *arg);
void perl_hold_reads(perl_find *find, void *arg); /* NULL: nobody is asked */
void perl_hold_end(const void *arg);              /* to nobody, if it was the one with this arg */

#endif
