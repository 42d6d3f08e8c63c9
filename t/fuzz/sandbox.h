/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nothing that an input makes the engine do may reach out of the process.
 *
 * From sandbox_enter on the kernel refuses to run programs, to make processes and sockets, to
 * change what names mean, to signal others, and to open files for writing.  One way of opening
 * is left, that of fopen(name, "w") to the bit, for the files that libFuzzer writes; the engine
 * opens with other flags.  Threads and the leak checker's helper process go on. */
#ifndef SECANT_T_SANDBOX_H
#define SECANT_T_SANDBOX_H

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SANDBOX_FILTER = 256 }; /* instructions, at the most */

struct sandbox {
    struct sock_filter code[SANDBOX_FILTER];
    unsigned short count;
};

static inline void sandbox_add(struct sandbox *s, struct sock_filter instruction)
{
    s->code[s->count++] = instruction;
}

static inline void sandbox_load(struct sandbox *s, size_t offset)
{
    sandbox_add(s, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)offset));
}

static inline void sandbox_return(struct sandbox *s, unsigned value)
{
    sandbox_add(s, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, value));
}

/* Where what was loaded is this value, the next `count` instructions
 * follow, else they are skipped. */
static inline void sandbox_if(struct sandbox *s, unsigned value, unsigned char count)
{
    sandbox_add(s, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, count));
}

static inline void sandbox_refuse(struct sandbox *s, unsigned call, unsigned error)
{
    sandbox_if(s, call, 1);
    sandbox_return(s, SECCOMP_RET_ERRNO | error);
}

#define SANDBOX_ARGUMENT(n) offsetof(struct seccomp_data, args[n])

/* open and openat: for reading, or as fopen(name, "w") does. */
static inline void sandbox_open(struct sandbox *s, unsigned call, int flags)
{
    sandbox_if(s, call, 7);
    sandbox_load(s, SANDBOX_ARGUMENT(flags));
    sandbox_if(s, O_WRONLY | O_CREAT | O_TRUNC, 1);
    sandbox_return(s, SECCOMP_RET_ALLOW);
    sandbox_add(s, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, O_ACCMODE | O_CREAT));
    sandbox_if(s, 0, 1);
    sandbox_return(s, SECCOMP_RET_ALLOW);
    sandbox_return(s, SECCOMP_RET_ERRNO | EACCES);
}

/* Allowed where one of these bits of an argument is set. */
static inline void sandbox_bits(struct sandbox *s, unsigned call, int argument, unsigned bits)
{
    sandbox_if(s, call, 4);
    sandbox_load(s, SANDBOX_ARGUMENT(argument));
    sandbox_add(s, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1));
    sandbox_return(s, SECCOMP_RET_ALLOW);
    sandbox_return(s, SECCOMP_RET_ERRNO | EAGAIN);
}

/* Signals to the process itself, as abort and raise send them. */
static inline void sandbox_signal(struct sandbox *s, unsigned call)
{
    sandbox_if(s, call, 4);
    sandbox_load(s, SANDBOX_ARGUMENT(0));
    sandbox_if(s, (unsigned)getpid(), 1);
    sandbox_return(s, SECCOMP_RET_ALLOW);
    sandbox_return(s, SECCOMP_RET_ERRNO | EPERM);
}

static inline void sandbox_enter(void)
{
    static const unsigned refused[] = {
        SYS_execve,    SYS_execveat,  SYS_socket,    SYS_socketpair, SYS_unlinkat,  SYS_renameat,
        SYS_renameat2, SYS_linkat,    SYS_symlinkat, SYS_mkdirat,    SYS_mknodat,   SYS_fchmod,
        SYS_fchmodat,  SYS_fchownat,  SYS_truncate,  SYS_chdir,      SYS_chroot,    SYS_setuid,
        SYS_setgid,    SYS_setgroups, SYS_setsid,    SYS_tkill,      SYS_utimensat,
#ifdef SYS_open /* the old ones of old machines */
        SYS_fork,      SYS_vfork,     SYS_unlink,    SYS_rename,     SYS_link,      SYS_symlink,
        SYS_mkdir,     SYS_rmdir,     SYS_mknod,     SYS_chmod,      SYS_chown,     SYS_lchown,
        SYS_creat,     SYS_utime,     SYS_utimes,
#endif
    };
    struct sandbox s = {0};
    sandbox_load(&s, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
        sandbox_refuse(&s, refused[i], EPERM);
    sandbox_refuse(&s, SYS_clone3, ENOSYS); /* its flags cannot be seen; clone comes then */
    sandbox_bits(&s, SYS_clone, 0, CLONE_THREAD | CLONE_UNTRACED);
    sandbox_signal(&s, SYS_kill);
    sandbox_signal(&s, SYS_tgkill);
#ifdef SYS_open
    sandbox_open(&s, SYS_open, 1);
#endif
    sandbox_open(&s, SYS_openat, 2);
    sandbox_return(&s, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {.len = s.count, .filter = s.code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0)
        return;
    perror("seccomp");
    exit(EXIT_FAILURE);
}

#endif
