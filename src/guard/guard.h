/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A last barrier in the kernel for a process whose user code must not do anything outside, whatever
 * that code is: Perl, C in a module, syscall(2) with a number, a program without libc.
 *
 * Perl's operators are held before they get here (perl/held.h, perl/LockstepHeld.pm), and continue
 * as if they had been performed.  What gets past them meets a filter in the kernel (seccomp(2)),
 * which the process has installed for itself and cannot remove:
 *
 *   let through       what reads, waits, or concerns only the process: memory, threads, its own
 *                     signals, pipes, socket pairs, descriptors that are open; vfork, whose child
 *                     can do nothing but ask for execve
 *   asked about       everything else.  The call waits until the process that has started this one
 *                     has examined (calls.h) and answered it
 *       done          files below one folder, which is there for this; /dev/null; a signal to
 *                     itself
 *       refused       EPERM: execve, fork, opening for writing, connect, bind, sendto, unlink,
 *                     kill, mount, ...; ENOSYS for a call that is not known here.  This is
 *                     reported: `escaped FUNCTION TARGET`
 *   ENOSYS            without a report: clone3, openat2 and io_uring_setup, in place of which
 *                     libraries then use older calls
 *
 * One mechanism is enough, since the filter sees system calls.  A preloaded library would see
 * neither what libc calls by itself (getaddrinfo asks a name server) nor raw system calls, and
 * Landlock covers files, but neither processes nor most sockets.  Setuid programs cannot be
 * started, and no program can give new rights.
 *
 * A call that is let through costs nothing, unless an argument matters, because the kernel keeps a
 * table of these calls.  A call that is asked about takes some microseconds.
 *
 * Not covered: what open descriptors lead to (the caller makes sure that there is only a socket to
 * itself), reading from named pipes and devices, which takes something away, access times, and the
 * load on the machine.  Below the folder, one thread may change a path while the other process
 * examines it.
 *
 * It needs Linux 5.5 on x86-64 or arm64.  A process can have only one listener, so the guard is not
 * available in a container whose own calls are answered in the same way.
 * Format of the filter: linux/filter.h, linux/seccomp.h, seccomp_unotify(2). */
#ifndef SECANT_GUARD_GUARD_H
#define SECANT_GUARD_GUARD_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/words.h"

/* The process calls rmdir(2) for this path before user code may run: until then, all calls that are
 * asked about are done.  EPERM means that the guard is there, anything else that it is not. */
#define GUARD_BEGIN "/dev/null/guarded"

struct guard {
    int listener;     /* -1: nothing is asked any more */
    bool begun;       /* GUARD_BEGIN has come */
    struct buf files; /* path of the folder */
    struct buf told;  /* messages that guard_hear has not given yet */
    size_t heard;     /* bytes of `told` that it has given */
};

/* To be called in the new process, while it has one thread: installs the filter, and sends over the
 * socket what guard_take waits for.  Afterwards sendmsg(2) on this descriptor is refused. */
void guard_put_up(int socket);
/* To be called in the process that has started it.  Files below this folder may be changed.  The
 * caller frees the guard with guard_free.  Returns NULL with errno if there is none. */
struct guard *guard_take(int socket, struct bytes folder);
/* Answers what is asked.  events is what poll(2) says about `listener`. */
void guard_answer(struct guard *guard, short events);
/* The next call that was refused, as words `escaped FUNCTION TARGET`, valid until the next
 * guard_answer.  Returns false if there is none. */
bool guard_hear(struct guard *guard, struct words *words);
/* From now on the kernel refuses whatever would be asked about. */
void guard_end(struct guard *guard);
void guard_free(struct guard *guard); /* NULL is allowed */

#endif
