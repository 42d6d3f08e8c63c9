/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loaded before the C library (LD_PRELOAD): keeps a record of what of a program's files is safe
 * from a power failure, and lets system calls fail.
 *
 *   POWERFAIL        a folder with "control" (struct control), for the record "log" and for
 *                    "shadow-N", links to files that were removed or replaced
 *   POWERFAIL_ROOTS  the folders that matter, as absolute names with ':' between them
 *
 * Each line of the record is written after what it reports has been done:
 *
 *   c PATH                created          m PATH              a folder was made
 *   u PATH SHADOW         removed          r OLD NEW SHADOW    renamed; what NEW was, or -
 *   f DEV:INO SIZE PATH   a file is safe   d PATH              the names in a folder are safe
 *   b DEV:INO             and never more of it than now
 *
 * The boot ID that the kernel tells is the number in "control".  Programs that are executed are
 * left alone.  PowerCut.pm makes a power failure of it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct control {
    _Atomic uint64_t calls;  /* that change a file or make it safe, so far */
    uint64_t kill_at;        /* the process is killed at this one, a write by half; 0: at none */
    _Atomic int64_t clock;   /* seconds that are added to the time of day */
    _Atomic int64_t later;   /* and to the time since the start of the machine */
    _Atomic uint64_t full;   /* no room is left: ENOSPC */
    _Atomic uint64_t frozen; /* nothing can be changed: EROFS */
    _Atomic uint64_t shadows;
    _Atomic uint64_t boot;  /* how often the machine was started */
    _Atomic uint64_t moves; /* before the open of a file FILE.1 of this number, it becomes FILE.2 */
    _Atomic uint64_t bad;   /* outputs get lost instead of being made safe: EIO */
};

enum { FDS = 4096, ROOTS = 8 };

static struct control *control;
static char folder[PATH_MAX];
static char *roots[ROOTS];
static int record_fd = -1;
static pid_t first_process;
static char *paths[FDS]; /* of the descriptors that matter */

__attribute__((constructor)) static void start(void)
{
    const char *where = getenv("POWERFAIL");
    char *list = getenv("POWERFAIL_ROOTS");
    char name[PATH_MAX + 16];

    unsetenv("LD_PRELOAD");
    if (!where || !list)
        return;
    snprintf(folder, sizeof(folder), "%s", where);
    list = strdup(list);
    for (int i = 0; i < ROOTS && (roots[i] = strtok(i ? NULL : list, ":")); i++)
        ;
    snprintf(name, sizeof(name), "%s/control", folder);
    int fd = (int)syscall(SYS_openat, AT_FDCWD, name, O_RDWR | O_CLOEXEC);
    void *map = mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd < 0 || map == MAP_FAILED)
        abort();
    syscall(SYS_close, fd);
    snprintf(name, sizeof(name), "%s/log", folder);
    fd = (int)syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    record_fd = fcntl(fd, F_DUPFD_CLOEXEC, 900); /* out of the way */
    syscall(SYS_close, fd);
    first_process = getpid();
    control = map;
}

__attribute__((format(printf, 1, 2))) static void record(const char *form, ...)
{
    char text[3 * PATH_MAX];
    va_list args;

    va_start(args, form);
    int length = vsnprintf(text, sizeof(text), form, args);
    va_end(args);
    syscall(SYS_write, record_fd, text, (size_t)length);
}

/* The name from the root on, if it is in a folder that matters. */
static bool matters(int at, const char *name, char full[PATH_MAX])
{
    char here[PATH_MAX] = "";

    if (!control)
        return false;
    if (name[0] != '/' && at == AT_FDCWD && !getcwd(here, sizeof(here)))
        return false;
    if (name[0] != '/' && at != AT_FDCWD) {
        char link[64];
        snprintf(link, sizeof(link), "/proc/self/fd/%d", at);
        ssize_t length = readlink(link, here, sizeof(here) - 1);
        here[length < 0 ? 0 : length] = '\0';
    }
    size_t length = (size_t)snprintf(full, PATH_MAX, "%s%s%s", here, here[0] ? "/" : "", name);
    while (length > 1 && full[length - 1] == '/')
        full[--length] = '\0';
    for (int i = 0; i < ROOTS && roots[i]; i++) {
        size_t root = strlen(roots[i]);
        if (!strncmp(full, roots[i], root) && (full[root] == '/' || !full[root]))
            return true;
    }
    return false;
}

/* A call that changes something: it may be the last one.  False: it fails. */
static bool begin(void)
{
    if (control->frozen) {
        errno = EROFS;
        return false;
    }
    uint64_t call = ++control->calls;
    if (control->kill_at && call >= control->kill_at) {
        kill(first_process, SIGKILL);
        kill(getpid(), SIGKILL);
    }
    return true;
}

static const char *path_of(int fd)
{
    return control && fd >= 0 && fd < FDS ? paths[fd] : NULL;
}

static void set_path(int fd, const char *path)
{
    if (fd < 0 || fd >= FDS)
        return;
    free(paths[fd]);
    paths[fd] = path ? strdup(path) : NULL;
}

/* A link to a file that is about to lose its name; "-" if there is none. */
static void keep(const char *path, char shadow[PATH_MAX])
{
    snprintf(shadow, PATH_MAX, "%.4000s/shadow-%" PRIu64, folder, ++control->shadows);
    if (syscall(SYS_linkat, AT_FDCWD, path, AT_FDCWD, shadow, 0) != 0)
        strcpy(shadow, "-");
}

static int open_boot_id(void)
{
    char text[32];
    int length = snprintf(text, sizeof(text), "%" PRIu64 "\n", control->boot);
    int fd = memfd_create("boot_id", MFD_CLOEXEC);
    syscall(SYS_write, fd, text, (size_t)length);
    lseek(fd, 0, SEEK_SET);
    return fd;
}

static void move(const char *name)
{
    char moved[PATH_MAX];
    size_t length = strlen(name);
    if (!control || !control->moves || length < 2 || strcmp(name + length - 2, ".1") != 0)
        return;
    if (--control->moves > 0)
        return;
    snprintf(moved, sizeof(moved), "%.*s2", (int)length - 1, name);
    syscall(SYS_renameat2, AT_FDCWD, name, AT_FDCWD, moved, 0);
}

static int open_any(int at, const char *name, int flags, mode_t mode)
{
    char full[PATH_MAX];
    bool writes = (flags & O_ACCMODE) != O_RDONLY || flags & O_CREAT;
    bool counts = matters(at, name, full);

    if (control && !strcmp(name, "/proc/sys/kernel/random/boot_id"))
        return open_boot_id();
    if (counts && writes && !begin())
        return -1;
    move(name);
    bool new = counts &&flags &O_CREAT &&faccessat(at, name, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
    int fd = (int)syscall(SYS_openat, at, name, flags | O_LARGEFILE, mode);
    int error = errno;
    if (fd >= 0 && new)
        record("c %s\n", full);
    if (fd >= 0)
        set_path(fd, counts ? full : NULL);
    errno = error;
    return fd;
}

#define MODE(flags, last)                                                                          \
    mode_t mode = 0;                                                                               \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                                                         \
        va_list args;                                                                              \
        va_start(args, last);                                                                      \
        mode = va_arg(args, mode_t);                                                               \
        va_end(args);                                                                              \
    }

int open(const char *name, int flags, ...)
{
    MODE(flags, flags)
    return open_any(AT_FDCWD, name, flags, mode);
}

int open64(const char *name, int flags, ...)
{
    MODE(flags, flags)
    return open_any(AT_FDCWD, name, flags, mode);
}

int openat(int at, const char *name, int flags, ...)
{
    MODE(flags, flags)
    return open_any(at, name, flags, mode);
}

int openat64(int at, const char *name, int flags, ...)
{
    MODE(flags, flags)
    return open_any(at, name, flags, mode);
}

/* What open becomes with _FORTIFY_SOURCE. */
int __open_2(const char *name, int flags)
{
    return open_any(AT_FDCWD, name, flags, 0);
}

int __open64_2(const char *name, int flags)
{
    return open_any(AT_FDCWD, name, flags, 0);
}

int __openat_2(int at, const char *name, int flags)
{
    return open_any(at, name, flags, 0);
}

int __openat64_2(int at, const char *name, int flags)
{
    return open_any(at, name, flags, 0);
}

int close(int fd)
{
    set_path(fd, NULL);
    return (int)syscall(SYS_close, fd);
}

/* A copy of a descriptor is of the same file. */
static int fcntl_any(int fd, int command, void *with)
{
    int result = (int)syscall(SYS_fcntl, fd, command, with);
    if (result >= 0 && (command == F_DUPFD || command == F_DUPFD_CLOEXEC))
        set_path(result, path_of(fd));
    return result;
}

int fcntl(int fd, int command, ...)
{
    va_list args;
    va_start(args, command);
    void *with = va_arg(args, void *);
    va_end(args);
    return fcntl_any(fd, command, with);
}

int fcntl64(int fd, int command, ...)
{
    va_list args;
    va_start(args, command);
    void *with = va_arg(args, void *);
    va_end(args);
    return fcntl_any(fd, command, with);
}

/* Whether bytes may be written; not all of them when it is the last call. */
static bool may_write(int fd, const void *bytes, size_t size)
{
    if (!path_of(fd))
        return true;
    if (control->full) {
        errno = ENOSPC;
        return false;
    }
    if (control->kill_at && control->calls + 1 >= control->kill_at && bytes)
        syscall(SYS_write, fd, bytes, size / 2);
    return begin();
}

/* What a line is confirmed by (--confirm): the process may be killed before that. */
static bool is_answer(const void *bytes, size_t size)
{
    static const char ok[] = "OK\n", defer[] = "DEFER_COMMIT\n";
    return (size == sizeof(ok) - 1 && !memcmp(bytes, ok, size)) ||
           (size == sizeof(defer) - 1 && !memcmp(bytes, defer, size));
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    if (control && !control->frozen && !path_of(fd) && is_answer(bytes, size))
        begin();
    return may_write(fd, bytes, size) ? syscall(SYS_write, fd, bytes, size) : -1;
}

ssize_t writev(int fd, const struct iovec *pieces, int count)
{
    return may_write(fd, NULL, 0) ? syscall(SYS_writev, fd, pieces, count) : -1;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t where)
{
    return may_write(fd, NULL, 0) ? syscall(SYS_pwrite64, fd, bytes, size, where) : -1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off_t where)
{
    return pwrite(fd, bytes, size, where);
}

static int sync_any(int fd, long call)
{
    struct stat is;

    if (!path_of(fd))
        return (int)syscall(call, fd);
    if (!begin() || fstat(fd, &is) != 0) /* what is written meanwhile need not be safe */
        return -1;
    if (control->bad && S_ISREG(is.st_mode) && !strstr(path_of(fd), "/state/")) {
        record("b %ju:%ju\n", (uintmax_t)is.st_dev, (uintmax_t)is.st_ino);
        errno = EIO;
        return -1;
    }
    if (S_ISDIR(is.st_mode))
        record("d %s\n", path_of(fd));
    else
        record("f %ju:%ju %jd %s\n", (uintmax_t)is.st_dev, (uintmax_t)is.st_ino,
               (intmax_t)is.st_size, path_of(fd));
    return 0;
}

int fsync(int fd)
{
    return sync_any(fd, SYS_fsync);
}

int fdatasync(int fd)
{
    return sync_any(fd, SYS_fdatasync);
}

static int rename_any(int old_at, const char *old, int new_at, const char *new, unsigned flags)
{
    char from[PATH_MAX];
    char to[PATH_MAX];
    char shadow[PATH_MAX];
    bool counts = matters(new_at, new, to);

    if (counts && !begin())
        return -1;
    if (counts) {
        matters(old_at, old, from);
        keep(to, shadow);
    }
    int result = (int)syscall(SYS_renameat2, old_at, old, new_at, new, flags);
    int error = errno;
    if (counts && !result)
        record("r %s %s %s\n", from, to, shadow);
    errno = error;
    return result;
}

int rename(const char *old, const char *new)
{
    return rename_any(AT_FDCWD, old, AT_FDCWD, new, 0);
}

int renameat(int old_at, const char *old, int new_at, const char *new)
{
    return rename_any(old_at, old, new_at, new, 0);
}

int renameat2(int old_at, const char *old, int new_at, const char *new, unsigned flags)
{
    return rename_any(old_at, old, new_at, new, flags);
}

int unlinkat(int at, const char *name, int flags)
{
    char full[PATH_MAX];
    char shadow[PATH_MAX];
    bool counts = !(flags & AT_REMOVEDIR) && matters(at, name, full);

    if (counts && !begin())
        return -1;
    if (counts)
        keep(full, shadow);
    int result = (int)syscall(SYS_unlinkat, at, name, flags);
    int error = errno;
    if (counts && !result)
        record("u %s %s\n", full, shadow);
    errno = error;
    return result;
}

int unlink(const char *name)
{
    return unlinkat(AT_FDCWD, name, 0);
}

int remove(const char *name)
{
    int result = unlinkat(AT_FDCWD, name, 0);
    return result != 0 && errno == EISDIR ? rmdir(name) : result;
}

int mkdirat(int at, const char *name, mode_t mode)
{
    char full[PATH_MAX];
    bool counts = matters(at, name, full);

    if (counts && !begin())
        return -1;
    int result = (int)syscall(SYS_mkdirat, at, name, mode);
    int error = errno;
    if (counts && !result)
        record("m %s\n", full);
    errno = error;
    return result;
}

int mkdir(const char *name, mode_t mode)
{
    return mkdirat(AT_FDCWD, name, mode);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int result = (int)syscall(SYS_clock_gettime, clock, now);
    if (control && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += control->clock;
    if (control && (clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_COARSE))
        now->tv_sec += control->later;
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec is;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &is);
    *now = (struct timeval){.tv_sec = is.tv_sec, .tv_usec = is.tv_nsec / 1000};
    return 0;
}

time_t time(time_t *result)
{
    struct timespec is;
    clock_gettime(CLOCK_REALTIME, &is);
    if (result)
        *result = is.tv_sec;
    return is.tv_sec;
}
