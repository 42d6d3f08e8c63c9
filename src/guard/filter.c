/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guard/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "base/mem.h"
#include "guard/calls.h"

#ifdef PROCESSOR

/* -- What is let through -- */

/* Reads, waits, or is of the process alone; or needs a descriptor that may be written to. */
/* clang-format off */
static const unsigned short harmless[] = {
    /* descriptors */
    SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_pwrite64, SYS_preadv, SYS_pwritev,
    SYS_preadv2, SYS_pwritev2, SYS_close, SYS_close_range, SYS_lseek, SYS_dup, SYS_dup3, SYS_pipe2,
    SYS_ftruncate, SYS_fallocate, SYS_sendfile, SYS_splice, SYS_tee, SYS_vmsplice,
    SYS_copy_file_range, SYS_fsync, SYS_fdatasync, SYS_sync, SYS_syncfs, SYS_sync_file_range,
    SYS_fadvise64, SYS_readahead, SYS_io_setup, SYS_io_destroy, SYS_io_submit, SYS_io_cancel,
    SYS_io_getevents, SYS_memfd_create, SYS_eventfd2, SYS_signalfd4, SYS_timerfd_create,
    SYS_timerfd_settime, SYS_timerfd_gettime, SYS_inotify_init1, SYS_inotify_add_watch,
    SYS_inotify_rm_watch, SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait, SYS_epoll_pwait2,
    SYS_pselect6, SYS_ppoll,
    /* files, as they are */
    SYS_fstat, SYS_newfstatat, SYS_statx, SYS_statfs, SYS_fstatfs, SYS_getdents64, SYS_readlinkat,
    SYS_faccessat, SYS_faccessat2, SYS_getxattr, SYS_lgetxattr, SYS_fgetxattr, SYS_listxattr,
    SYS_llistxattr, SYS_flistxattr, SYS_getcwd, SYS_chdir, SYS_fchdir, SYS_umask,
    /* sockets that are connected to nobody */
    SYS_socketpair, SYS_getsockname, SYS_getpeername, SYS_getsockopt, SYS_recvfrom, SYS_recvmsg,
    SYS_recvmmsg, SYS_shutdown, SYS_accept, SYS_accept4,
    /* memory */
    SYS_mmap, SYS_mprotect, SYS_munmap, SYS_brk, SYS_mremap, SYS_msync, SYS_mincore, SYS_madvise,
    SYS_mlock, SYS_mlock2, SYS_munlock, SYS_mlockall, SYS_munlockall, SYS_remap_file_pages,
    SYS_mbind, SYS_get_mempolicy, SYS_set_mempolicy, SYS_pkey_alloc, SYS_pkey_free,
    SYS_pkey_mprotect, SYS_membarrier,
    /* signals and time */
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigpending, SYS_rt_sigtimedwait,
    SYS_rt_sigsuspend, SYS_sigaltstack, SYS_restart_syscall, SYS_nanosleep, SYS_clock_nanosleep,
    SYS_clock_gettime, SYS_clock_getres, SYS_gettimeofday, SYS_getitimer, SYS_setitimer,
    SYS_timer_create, SYS_timer_settime, SYS_timer_gettime, SYS_timer_getoverrun, SYS_timer_delete,
    SYS_times,
    /* the process and its threads */
    SYS_exit, SYS_exit_group, SYS_wait4, SYS_waitid, SYS_futex, SYS_futex_waitv,
    SYS_set_tid_address, SYS_set_robust_list, SYS_get_robust_list, SYS_rseq, SYS_getpid,
    SYS_getppid, SYS_gettid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_getresuid,
    SYS_getresgid, SYS_getgroups, SYS_setuid, SYS_setgid, SYS_setreuid, SYS_setregid, SYS_setresuid,
    SYS_setresgid, SYS_setfsuid, SYS_setfsgid, SYS_setgroups, SYS_getpgid, SYS_getsid, SYS_setsid,
    SYS_setpgid, SYS_capget, SYS_capset, SYS_prctl, SYS_personality, SYS_getrlimit, SYS_setrlimit,
    SYS_getrusage, SYS_getpriority, SYS_sched_yield, SYS_sched_getparam, SYS_sched_getscheduler,
    SYS_sched_get_priority_max, SYS_sched_get_priority_min, SYS_sched_rr_get_interval,
    SYS_sched_getaffinity, SYS_sched_getattr, SYS_seccomp, SYS_landlock_create_ruleset,
    SYS_landlock_add_rule, SYS_landlock_restrict_self,
    /* the machine */
    SYS_uname, SYS_sysinfo, SYS_getcpu, SYS_getrandom,
#ifdef __x86_64__ /* those that others have no more */
    SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_getdents, SYS_poll, SYS_select, SYS_pause,
    SYS_alarm, SYS_pipe, SYS_dup2, SYS_time, SYS_getpgrp, SYS_epoll_create, SYS_epoll_wait,
    SYS_signalfd, SYS_eventfd, SYS_inotify_init, SYS_vfork, SYS_arch_prctl, SYS_ustat,
#endif
};
/* clang-format on */

#define LOW(argument) (int)(offsetof(struct seccomp_data, args) + 8 * (argument))
#define HIGH(argument) (LOW(argument) + 4)

/* Let through where (half of an argument & mask) is the value, and another half another value. */
static const struct condition {
    int call, half;
    uint32_t mask, value;
    int other; /* 0: none */
    uint32_t other_value;
} conditions[] = {
    {SYS_openat, LOW(2), O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY, 0, 0},
#ifdef __x86_64__
    {SYS_open, LOW(1), O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY, 0, 0},
#endif
    {SYS_clone, LOW(0), CLONE_THREAD, CLONE_THREAD, 0, 0},
    {SYS_clone, LOW(0), CLONE_VM | CLONE_VFORK, CLONE_VM | CLONE_VFORK, 0, 0},
    {SYS_socket, LOW(0), UINT32_MAX, AF_UNIX, 0, 0},
    {SYS_socket, LOW(0), UINT32_MAX, AF_INET, 0, 0},
    {SYS_socket, LOW(0), UINT32_MAX, AF_INET6, 0, 0},
    {SYS_setsockopt, LOW(1), UINT32_MAX, SOL_SOCKET, 0, 0},
    {SYS_setsockopt, LOW(1), UINT32_MAX, IPPROTO_TCP, 0, 0},
    {SYS_setsockopt, LOW(1), UINT32_MAX, IPPROTO_IP, LOW(2), IP_RECVERR}, /* name resolution */
    {SYS_setsockopt, LOW(1), UINT32_MAX, IPPROTO_IPV6, LOW(2), IPV6_RECVERR},
    {SYS_sendto, LOW(4), UINT32_MAX, 0, HIGH(4), 0}, /* as write: to whom it is connected */
    {SYS_kill, LOW(1), UINT32_MAX, 0, 0, 0},
    {SYS_tgkill, LOW(2), UINT32_MAX, 0, 0, 0},
    {SYS_prlimit64, LOW(0), UINT32_MAX, 0, 0, 0}, /* 0: itself */
    {SYS_sched_setaffinity, LOW(0), UINT32_MAX, 0, 0, 0},
    {SYS_fcntl, LOW(1), UINT32_MAX, F_DUPFD, 0, 0},
    {SYS_fcntl, LOW(1), UINT32_MAX, F_DUPFD_CLOEXEC, 0, 0},
    {SYS_fcntl, LOW(1), UINT32_MAX, F_GETFD, 0, 0},
    {SYS_fcntl, LOW(1), UINT32_MAX, F_SETFD, 0, 0},
    {SYS_fcntl, LOW(1), UINT32_MAX, F_GETFL, 0, 0},
    {SYS_fcntl, LOW(1), UINT32_MAX, F_SETFL, 0, 0},
    {SYS_fcntl, LOW(1), UINT32_MAX, F_GETLK, 0, 0},
    {SYS_fcntl, LOW(1), UINT32_MAX, F_OFD_GETLK, 0, 0},
    {SYS_fcntl, LOW(1), UINT32_MAX, F_GETPIPE_SZ, 0, 0},
    {SYS_fcntl, LOW(1), UINT32_MAX, F_SETPIPE_SZ, 0, 0},
    {SYS_fcntl, LOW(1), UINT32_MAX, F_ADD_SEALS, 0, 0},
    {SYS_fcntl, LOW(1), UINT32_MAX, F_GET_SEALS, 0, 0},
    {SYS_ioctl, LOW(1), UINT32_MAX, TCGETS, 0, 0}, /* perl asks for it of each file that it opens */
    {SYS_ioctl, LOW(1), UINT32_MAX, TIOCGWINSZ, 0, 0},
    {SYS_ioctl, LOW(1), UINT32_MAX, FIONREAD, 0, 0},
    {SYS_ioctl, LOW(1), UINT32_MAX, FIONBIO, 0, 0},
    {SYS_ioctl, LOW(1), UINT32_MAX, FIOCLEX, 0, 0},
    {SYS_ioctl, LOW(1), UINT32_MAX, FIONCLEX, 0, 0},
};

/* libuv asks for a ring whenever it makes a loop. */
static const int replaced[] = {SYS_clone3, SYS_openat2, SYS_io_uring_setup};

/* -- The program -- */

struct program {
    struct sock_filter *items; /* owned */
    size_t count, room;
};

static void add(struct program *p, unsigned code, uint32_t k, unsigned yes, unsigned no)
{
    MEM_GROW(p->items, p->count, p->room, 64);
    p->items[p->count++] = (struct sock_filter){(uint16_t)code, (uint8_t)yes, (uint8_t)no, k};
}

static void load(struct program *p, size_t offset)
{
    add(p, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void answer(struct program *p, uint32_t action)
{
    add(p, BPF_RET | BPF_K, action, 0, 0);
}

static int compare_numbers(const void *a, const void *b)
{
    return (int)*(const unsigned short *)a - (int)*(const unsigned short *)b;
}

/* Neighbours become a range.  The number of the call is loaded. */
static void add_harmless(struct program *p)
{
    unsigned short sorted[sizeof(harmless) / sizeof(*harmless)];
    const size_t count = sizeof(harmless) / sizeof(*harmless);
    memcpy(sorted, harmless, sizeof(harmless));
    qsort(sorted, count, sizeof(*sorted), compare_numbers);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && sorted[end] <= sorted[end - 1] + 1; end++)
            ;
        add(p, BPF_JMP | BPF_JGE | BPF_K, sorted[i], 0, 2);
        add(p, BPF_JMP | BPF_JGT | BPF_K, sorted[end - 1], 1, 0);
        answer(p, SECCOMP_RET_ALLOW);
    }
}

/* The number of the call is loaded, before and after. */
static void add_condition(struct program *p, struct condition c, uint32_t action)
{
    add(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)c.call, 0, c.other ? 7 : 5);
    if (c.other) {
        load(p, (size_t)c.other);
        add(p, BPF_JMP | BPF_JEQ | BPF_K, c.other_value, 0, 4);
    }
    load(p, (size_t)c.half);
    add(p, BPF_ALU | BPF_AND | BPF_K, c.mask, 0, 0);
    add(p, BPF_JMP | BPF_JEQ | BPF_K, c.value, 0, 1);
    answer(p, action);
    load(p, offsetof(struct seccomp_data, nr));
}

static struct condition sendmsg_on(int socket)
{
    return (struct condition){SYS_sendmsg, LOW(0), UINT32_MAX, (uint32_t)socket, 0, 0};
}

struct sock_filter *filter_new(int socket, size_t *count)
{
    struct program p = {0};
    load(&p, offsetof(struct seccomp_data, arch));
    add(&p, BPF_JMP | BPF_JEQ | BPF_K, PROCESSOR, 1, 0);
    answer(&p, SECCOMP_RET_USER_NOTIF);
    load(&p, offsetof(struct seccomp_data, nr));
    add_harmless(&p);
    for (size_t i = 0; i < sizeof(conditions) / sizeof(*conditions); i++)
        add_condition(&p, conditions[i], SECCOMP_RET_ALLOW);
    add_condition(&p, sendmsg_on(socket), SECCOMP_RET_ALLOW);
    for (size_t i = 0; i < sizeof(replaced) / sizeof(*replaced); i++) {
        add(&p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)replaced[i], 0, 1);
        answer(&p, SECCOMP_RET_ERRNO | ENOSYS);
    }
    answer(&p, SECCOMP_RET_USER_NOTIF);
    *count = p.count;
    return p.items;
}

struct sock_filter *filter_new_end(int socket, size_t *count)
{
    struct program p = {0};
    load(&p, offsetof(struct seccomp_data, nr));
    add_condition(&p, sendmsg_on(socket), SECCOMP_RET_ERRNO | EPERM);
    answer(&p, SECCOMP_RET_ALLOW);
    *count = p.count;
    return p.items;
}

#else

struct sock_filter *filter_new(int socket, size_t *count)
{
    (void)socket, (void)count;
    return NULL;
}

struct sock_filter *filter_new_end(int socket, size_t *count)
{
    return filter_new(socket, count);
}

#endif
