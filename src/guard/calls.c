/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guard/calls.h"

#include <stddef.h>
#include <sys/syscall.h>

#ifdef PROCESSOR

#define FILES(number, name, target, at) [number] = {name, target, at, true, false}
#define OPENS(number, name, target, at) [number] = {name, target, at, true, true}
#define OTHER(number, name, target, at) [number] = {name, target, at, false, false}

/* By their numbers. */
static const struct call calls[] = {
    OPENS(SYS_openat, "open", TARGET_AT, 0),
    FILES(SYS_unlinkat, "unlink", TARGET_AT, 0),
    FILES(SYS_renameat, "rename", TARGET_ATS, 0),
    FILES(SYS_renameat2, "rename", TARGET_ATS, 0),
    FILES(SYS_linkat, "link", TARGET_ATS, 0),
    FILES(SYS_symlinkat, "symlink", TARGET_AT, 1),
    FILES(SYS_mkdirat, "mkdir", TARGET_AT, 0),
    OTHER(SYS_mknodat, "mknod", TARGET_AT, 0),
    FILES(SYS_fchmod, "chmod", TARGET_FILE, 0),
    FILES(SYS_fchmodat, "chmod", TARGET_AT, 0),
    FILES(SYS_fchown, "chown", TARGET_FILE, 0),
    FILES(SYS_fchownat, "chown", TARGET_AT, 0),
    FILES(SYS_utimensat, "utime", TARGET_AT, 0),
    FILES(SYS_truncate, "truncate", TARGET_PATH, 0),
    FILES(SYS_setxattr, "setxattr", TARGET_PATH, 0),
    FILES(SYS_lsetxattr, "setxattr", TARGET_PATH, 0),
    FILES(SYS_fsetxattr, "setxattr", TARGET_FILE, 0),
    FILES(SYS_removexattr, "removexattr", TARGET_PATH, 0),
    FILES(SYS_lremovexattr, "removexattr", TARGET_PATH, 0),
    FILES(SYS_fremovexattr, "removexattr", TARGET_FILE, 0),
    FILES(SYS_flock, "flock", TARGET_FILE, 0),
    FILES(SYS_fcntl, "fcntl", TARGET_FILE, 0),
    OTHER(SYS_ioctl, "ioctl", TARGET_FILE, 0),
    OTHER(SYS_open_by_handle_at, "open_by_handle_at", TARGET_NONE, 0),
    OTHER(SYS_mq_open, "mq_open", TARGET_PATH, 0),
    OTHER(SYS_mq_unlink, "mq_unlink", TARGET_PATH, 0),
    OTHER(SYS_mq_timedsend, "mq_send", TARGET_NONE, 0),
    OTHER(SYS_mq_timedreceive, "mq_receive", TARGET_NONE, 0),
    OTHER(SYS_mq_notify, "mq_notify", TARGET_NONE, 0),
    OTHER(SYS_execve, "exec", TARGET_COMMAND, 0),
    OTHER(SYS_execveat, "exec", TARGET_COMMAND, 1),
    OTHER(SYS_clone, "fork", TARGET_NONE, 0),
    OTHER(SYS_kill, "kill", TARGET_PROCESS, 0),
    OTHER(SYS_tkill, "kill", TARGET_PROCESS, 0),
    OTHER(SYS_tgkill, "kill", TARGET_PROCESS, 0),
    OTHER(SYS_rt_sigqueueinfo, "sigqueue", TARGET_PROCESS, 0),
    OTHER(SYS_rt_tgsigqueueinfo, "sigqueue", TARGET_PROCESS, 0),
    OTHER(SYS_pidfd_open, "pidfd_open", TARGET_NUMBER, 0),
    OTHER(SYS_pidfd_getfd, "pidfd_getfd", TARGET_NONE, 0),
    OTHER(SYS_pidfd_send_signal, "pidfd_send_signal", TARGET_NONE, 0),
    OTHER(SYS_ptrace, "ptrace", TARGET_NUMBER, 1),
    OTHER(SYS_process_vm_readv, "process_vm_readv", TARGET_NUMBER, 0),
    OTHER(SYS_process_vm_writev, "process_vm_writev", TARGET_NUMBER, 0),
    OTHER(SYS_process_madvise, "process_madvise", TARGET_NONE, 0),
    OTHER(SYS_kcmp, "kcmp", TARGET_NUMBER, 0),
    OTHER(SYS_migrate_pages, "migrate_pages", TARGET_NUMBER, 0),
    OTHER(SYS_move_pages, "move_pages", TARGET_NUMBER, 0),
    OTHER(SYS_setpriority, "setpriority", TARGET_NUMBER, 1),
    OTHER(SYS_ioprio_set, "ioprio_set", TARGET_NUMBER, 1),
    OTHER(SYS_prlimit64, "prlimit", TARGET_NUMBER, 0),
    OTHER(SYS_sched_setparam, "sched_setparam", TARGET_NUMBER, 0),
    OTHER(SYS_sched_setscheduler, "sched_setscheduler", TARGET_NUMBER, 0),
    OTHER(SYS_sched_setaffinity, "sched_setaffinity", TARGET_NUMBER, 0),
    OTHER(SYS_sched_setattr, "sched_setattr", TARGET_NUMBER, 0),
    OTHER(SYS_socket, "socket", TARGET_NUMBER, 0),
    OTHER(SYS_setsockopt, "setsockopt", TARGET_NUMBER, 2),
    OTHER(SYS_connect, "connect", TARGET_ADDRESS, 1),
    OTHER(SYS_bind, "bind", TARGET_ADDRESS, 1),
    OTHER(SYS_listen, "listen", TARGET_NONE, 0),
    OTHER(SYS_sendto, "send", TARGET_ADDRESS, 4),
    OTHER(SYS_sendmsg, "sendmsg", TARGET_MESSAGE, 1),
    OTHER(SYS_sendmmsg, "sendmsg", TARGET_MESSAGE, 1),
    OTHER(SYS_shmget, "shmget", TARGET_NUMBER, 0),
    OTHER(SYS_shmat, "shmat", TARGET_NUMBER, 0),
    OTHER(SYS_shmdt, "shmdt", TARGET_NONE, 0),
    OTHER(SYS_shmctl, "shmctl", TARGET_NUMBER, 0),
    OTHER(SYS_semget, "semget", TARGET_NUMBER, 0),
    OTHER(SYS_semop, "semop", TARGET_NUMBER, 0),
    OTHER(SYS_semtimedop, "semop", TARGET_NUMBER, 0),
    OTHER(SYS_semctl, "semctl", TARGET_NUMBER, 0),
    OTHER(SYS_msgget, "msgget", TARGET_NUMBER, 0),
    OTHER(SYS_msgsnd, "msgsnd", TARGET_NUMBER, 0),
    OTHER(SYS_msgrcv, "msgrcv", TARGET_NUMBER, 0),
    OTHER(SYS_msgctl, "msgctl", TARGET_NUMBER, 0),
    OTHER(SYS_chroot, "chroot", TARGET_PATH, 0),
    OTHER(SYS_pivot_root, "pivot_root", TARGET_PATHS, 0),
    OTHER(SYS_mount, "mount", TARGET_PATHS, 0),
    OTHER(SYS_umount2, "umount", TARGET_PATH, 0),
    OTHER(SYS_move_mount, "move_mount", TARGET_ATS, 0),
    OTHER(SYS_open_tree, "open_tree", TARGET_AT, 0),
    OTHER(SYS_fsopen, "fsopen", TARGET_PATH, 0),
    OTHER(SYS_fsconfig, "fsconfig", TARGET_NONE, 0),
    OTHER(SYS_fsmount, "fsmount", TARGET_NONE, 0),
    OTHER(SYS_fspick, "fspick", TARGET_AT, 0),
    OTHER(SYS_mount_setattr, "mount_setattr", TARGET_AT, 0),
    OTHER(SYS_swapon, "swapon", TARGET_PATH, 0),
    OTHER(SYS_swapoff, "swapoff", TARGET_PATH, 0),
    OTHER(SYS_acct, "acct", TARGET_PATH, 0),
    OTHER(SYS_quotactl, "quotactl", TARGET_NONE, 0),
    OTHER(SYS_quotactl_fd, "quotactl", TARGET_NONE, 0),
    OTHER(SYS_fanotify_init, "fanotify_init", TARGET_NONE, 0),
    OTHER(SYS_fanotify_mark, "fanotify_mark", TARGET_NONE, 0),
    OTHER(SYS_setns, "setns", TARGET_NONE, 0),
    OTHER(SYS_unshare, "unshare", TARGET_NONE, 0),
    OTHER(SYS_vhangup, "vhangup", TARGET_NONE, 0),
    OTHER(SYS_syslog, "syslog", TARGET_NONE, 0),
    OTHER(SYS_reboot, "reboot", TARGET_NONE, 0),
    OTHER(SYS_kexec_load, "kexec_load", TARGET_NONE, 0),
    OTHER(SYS_init_module, "init_module", TARGET_NONE, 0),
    OTHER(SYS_finit_module, "init_module", TARGET_FILE, 0),
    OTHER(SYS_delete_module, "delete_module", TARGET_PATH, 0),
    OTHER(SYS_sethostname, "sethostname", TARGET_NONE, 0),
    OTHER(SYS_setdomainname, "setdomainname", TARGET_NONE, 0),
    OTHER(SYS_settimeofday, "settimeofday", TARGET_NONE, 0),
    OTHER(SYS_clock_settime, "clock_settime", TARGET_NONE, 0),
    OTHER(SYS_adjtimex, "adjtimex", TARGET_NONE, 0),
    OTHER(SYS_clock_adjtime, "adjtimex", TARGET_NONE, 0),
    OTHER(SYS_bpf, "bpf", TARGET_NONE, 0),
    OTHER(SYS_perf_event_open, "perf_event_open", TARGET_NONE, 0),
    OTHER(SYS_userfaultfd, "userfaultfd", TARGET_NONE, 0),
    OTHER(SYS_io_uring_setup, "io_uring_setup", TARGET_NONE, 0),
    OTHER(SYS_io_uring_enter, "io_uring_enter", TARGET_NONE, 0),
    OTHER(SYS_io_uring_register, "io_uring_register", TARGET_NONE, 0),
    OTHER(SYS_add_key, "add_key", TARGET_NONE, 0),
    OTHER(SYS_request_key, "request_key", TARGET_NONE, 0),
    OTHER(SYS_keyctl, "keyctl", TARGET_NONE, 0),
#ifdef __x86_64__
    OPENS(SYS_open, "open", TARGET_PATH, 0),
    OPENS(SYS_creat, "open", TARGET_PATH, 0),
    FILES(SYS_unlink, "unlink", TARGET_PATH, 0),
    FILES(SYS_rename, "rename", TARGET_PATHS, 0),
    FILES(SYS_link, "link", TARGET_PATHS, 0),
    FILES(SYS_symlink, "symlink", TARGET_PATH, 1),
    FILES(SYS_mkdir, "mkdir", TARGET_PATH, 0),
    FILES(SYS_rmdir, "rmdir", TARGET_PATH, 0),
    OTHER(SYS_mknod, "mknod", TARGET_PATH, 0),
    FILES(SYS_chmod, "chmod", TARGET_PATH, 0),
    FILES(SYS_chown, "chown", TARGET_PATH, 0),
    FILES(SYS_lchown, "chown", TARGET_PATH, 0),
    FILES(SYS_utime, "utime", TARGET_PATH, 0),
    FILES(SYS_utimes, "utime", TARGET_PATH, 0),
    FILES(SYS_futimesat, "utime", TARGET_AT, 0),
    OTHER(SYS_fork, "fork", TARGET_NONE, 0),
    OTHER(SYS_ioperm, "ioperm", TARGET_NONE, 0),
    OTHER(SYS_iopl, "iopl", TARGET_NONE, 0),
    OTHER(SYS_modify_ldt, "modify_ldt", TARGET_NONE, 0),
    OTHER(SYS_uselib, "uselib", TARGET_PATH, 0),
#endif
};

const struct call *call_find(uint32_t processor, int number)
{
    bool known =
        processor == PROCESSOR && number >= 0 && (size_t)number < sizeof(calls) / sizeof(*calls);
    return known && calls[number].name ? &calls[number] : NULL;
}

#else

const struct call *call_find(uint32_t processor, int number)
{
    (void)processor, (void)number;
    return NULL;
}

#endif
