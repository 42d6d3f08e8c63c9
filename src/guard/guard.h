/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A backstop in the kernel for a process whose user code may do nothing outside, whatever that code
 * is: Perl, C in a module, syscall(2) with a number, a program without libc.
 *
 * The operators of Perl are held above it (perl/held.h, perl/LockstepHeld.pm), and go on as if they
 * had done it.  What gets past them comes to the kernel, and there to a filter (seccomp(2)) that
 * the process has put up for itself and cannot take down:
 *
 *   let through       what reads, waits, or is of the process alone: memory, threads, signals of
 *                     its own, pipes, socket pairs, descriptors that are open; vfork, whose child
 *                     can do nothing but ask for execve
 *   asked about       all else.  The call waits, the process that has started this one looks at it
 *                     (calls.h), and answers
 *       done          files below one folder, which is there for it; /dev/null; a signal to itself
 *       refused       EPERM: execve, fork, opening to write, connect, bind, sendto, unlink, kill,
 *                     mount, ...; ENOSYS for a call that is not known here.  It is told:
 *                     `escaped FUNCTION TARGET`
 *   ENOSYS, untold    clone3 and openat2, which libc replaces by clone and openat
 *
 * Since the filter sees the kernel's calls, one mechanism is enough: a library that is loaded
 * before others sees neither what libc calls by itself (getaddrinfo asks a name server) nor raw
 * calls, and Landlock knows files, but neither processes nor most sockets.  Programs that are
 * setuid cannot be started, and no new rights come from any.
 *
 * It costs nothing for a call that is let through: the kernel keeps a table of these, but for those
 * of which an argument matters.  A call that is asked about takes some microseconds.
 *
 * Not held: what descriptors that are open already lead to (the caller sees that there are none but
 * a socket to it), reading from named pipes and devices, which takes something away, the time stamp
 * of reading, and the load on the machine.  Below the folder, one thread may change a path while
 * the other process looks at it.
 *
 * It needs Linux 5.5 on x86-64 or arm64; there can be one listener for a process, so that it cannot
 * be had inside a container whose own calls are answered in the same way.
 * Format of the filter: linux/filter.h, linux/seccomp.h, seccomp_unotify(2). */
#ifndef SECANT_GUARD_GUARD_H
#define SECANT_GUARD_GUARD_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/words.h"

/* The process asks for this with rmdir(2) when user code may come: until then everything is done.
 * EPERM says that the guard is there, anything else that it is not. */
#define GUARD_BEGIN "/dev/null/guarded"

struct guard {
    int listener;     /* -1: nobody asks any more */
    bool begun;       /* GUARD_BEGIN has come */
    struct buf files; /* path of the folder */
    struct buf told;  /* messages that guard_hear has not given yet */
    size_t heard;     /* of them: bytes */
};

/* In the new process, which has one thread: puts up the filter, and sends over the socket what
 * guard_take waits for.  The socket's descriptor stays of use for sendmsg(2). */
void guard_put_up(int socket);
/* In the process that has started it: files below this folder may change.  NULL: there is no guard,
 * errno says why.  The caller's, for guard_free. */
struct guard *guard_take(int socket, struct bytes folder);
/* Answers what is asked.  events: what poll(2) says of `listener`. */
void guard_answer(struct guard *guard, short events);
/* The next one that was refused: words `escaped FUNCTION TARGET`, to the next call of guard_answer;
 * false: there is none. */
bool guard_hear(struct guard *guard, struct words *words);
/* What is asked afterwards is refused by the kernel. */
void guard_end(struct guard *guard);
void guard_free(struct guard *guard); /* NULL is allowed */

#endif
