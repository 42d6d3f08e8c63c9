/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loop: libuv says what is ready, poll(2) waits for it.
 *
 * libuv continues to wait when a signal interrupts it, so waiting is not left to libuv: its backend
 * descriptor is polled here, where a signal ends the wait, and libuv runs without waiting.
 */
#include "io/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/list.h"
#include "base/mem.h"
#include "base/monotonic.h"
#include "base/unwritten.h"
#include "io/watch.h"

void loop_note_watch(struct watch *watch)
{
    watch->loop->noted = true;
    watch->note(watch->arg);
}

static bool child_has_ended(pid_t pid)
{
    siginfo_t info = {0};
    int result = waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT);
    return result != 0 || info.si_pid == pid;
}

static void on_tick(uv_timer_t *timer)
{
    struct loop *loop = timer->data;
    for (struct watch *watch = loop->watches; watch; watch = watch->next) {
        if (!watch->ticking)
            continue;
        if (watch->kind == WATCH_PATH) {
            path_watch_tick(watch);
        } else if (child_has_ended(watch->pid)) {
            loop_set_ticking(watch, false);
            loop_note_watch(watch);
        }
    }
}

void loop_set_ticking(struct watch *watch, bool ticking)
{
    if (watch->ticking == ticking)
        return;
    struct loop *loop = watch->loop;
    watch->ticking = ticking;
    loop->ticking += ticking ? 1 : (size_t)-1;
    if (loop->ticking == 0)
        uv_timer_stop(&loop->ticker);
    else if (!uv_is_active((uv_handle_t *)&loop->ticker))
        uv_timer_start(&loop->ticker, on_tick, TICK, TICK);
}

static void on_wake(uv_async_t *async)
{
    struct loop *loop = async->data;
    loop->woken = true;
}

static _Noreturn void no_loop(int error)
{
    fprintf(stderr, "Can't create the event loop (%s)\n", error_text(error).ptr);
    exit(1);
}

/* Thousands of children need thousands of descriptors.  The soft limit grows in time to leave room
 * for files, and no further, since children inherit it. */
static void keep_room(int fd)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max ||
        (rlim_t)fd < limit.rlim_cur / 2)
        return;
    bool far = limit.rlim_max / 2 > limit.rlim_cur;
    limit.rlim_cur = far ? 2 * limit.rlim_cur : limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* Where libuv gets no descriptor for its first pipe it aborts without a word, and perl needs one to
 * start; later, each open that fails has a message of its own.  So what the program cannot do
 * without is looked for first: seven for the loop, one for perl, and two to do something with. */
static void need_descriptors(void)
{
    enum { NEEDED = 10 };
    int taken[NEEDED], count = 0;
    while (count < NEEDED && (taken[count] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
        keep_room(taken[count++]);
    int error = errno;
    for (int i = 0; i < count; i++)
        close(taken[i]);
    if (count < NEEDED)
        no_loop(error);
}

static bool backend_status(struct loop *loop, struct stat *status)
{
    return fstat(uv_backend_fd(&loop->uv), status) == 0;
}

static void know_backend(struct loop *loop)
{
    struct stat status;
    if (backend_status(loop, &status)) {
        loop->device = status.st_dev;
        loop->inode = status.st_ino;
    }
}

/* User code may close any descriptor.  libuv aborts without its own. */
static void need_backend(struct loop *loop)
{
    struct stat status;
    if (backend_status(loop, &status) && status.st_dev == loop->device &&
        status.st_ino == loop->inode)
        return;
    unwritten_rescue_all();
    fprintf(stderr, "The event loop's descriptor was closed by code in rules, exiting\n");
    exit(EXIT_FAILURE);
}

/* A timer that never ends, but for the clock being set: what is due by then is not to wait. */
static void start_clock(struct loop *loop)
{
    const struct itimerspec never = {.it_value.tv_sec = INT32_MAX * INT64_C(100)};
    timerfd_settime(loop->clock, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL);
}

static void on_clock(void *arg)
{
    struct loop *loop = arg;
    uint64_t ends;
    if (read(loop->clock, &ends, sizeof(ends)) < 0 && errno == ECANCELED)
        start_clock(loop);
}

static void watch_clock(struct loop *loop)
{
    loop->clock = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    if (loop->clock < 0)
        return; /* it does without */
    start_clock(loop);
    loop->clock_watch = watch_readable(loop, loop->clock, on_clock, loop);
}

struct loop *loop_new(void)
{
    struct loop *loop = mem_zalloc(sizeof(*loop));
    need_descriptors();
    int error = uv_loop_init(&loop->uv);
    if (error == 0)
        error = uv_async_init(&loop->uv, &loop->wake, on_wake);
    if (error != 0)
        no_loop(-error);
    uv_timer_init(&loop->uv, &loop->ticker);
    loop->wake.data = loop;
    loop->ticker.data = loop;
    loop->inotify = -1;
    know_backend(loop);
    watch_clock(loop);
    return loop;
}

void loop_free(struct loop *loop)
{
    if (!loop)
        return;
    path_watches_close(loop);
    watch_free(loop->clock_watch);
    if (loop->clock >= 0)
        close(loop->clock);
    uv_close((uv_handle_t *)&loop->wake, NULL);
    uv_close((uv_handle_t *)&loop->ticker, NULL);
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    uv_loop_close(&loop->uv);
    free(loop);
}

void loop_forked(struct loop *loop)
{
    uv_loop_fork(&loop->uv);
    know_backend(loop);
}

void loop_wake(struct loop *loop)
{
    uv_async_send(&loop->wake);
}

void loop_poll(struct loop *loop)
{
    need_backend(loop);
    uv_run(&loop->uv, UV_RUN_NOWAIT);
}

int64_t loop_freshen(struct loop *loop)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    int64_t tick = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    if (tick != loop->freshened) {
        loop->freshened = tick;
        loop_poll(loop);
    }
    return tick;
}

/* Milliseconds to wait: until `end` (-1: no end) or until libuv has a timer due. */
static int time_to_wait(struct loop *loop, int64_t end)
{
    int64_t left = -1;
    if (end >= 0) {
        left = end - monotonic_ms();
        left = left < 0 ? 0 : left > INT_MAX ? INT_MAX : left;
    }
    int timer = uv_backend_timeout(&loop->uv);
    return timer >= 0 && (left < 0 || timer < left) ? timer : (int)left;
}

void loop_wait(struct loop *loop, int milliseconds)
{
    int64_t end = milliseconds < 0 ? -1 : monotonic_ms() + milliseconds;
    bool interrupted = false;
    for (;;) {
        loop_poll(loop);
        if (loop->noted || loop->woken || interrupted || (end >= 0 && monotonic_ms() >= end))
            break;
        struct pollfd backend = {.fd = uv_backend_fd(&loop->uv), .events = POLLIN};
        interrupted = poll(&backend, 1, time_to_wait(loop, end)) < 0;
    }
    loop->noted = loop->woken = false;
}

static struct watch *watch_new(struct loop *loop, enum watch_kind kind, loop_note *note, void *arg)
{
    struct watch *watch = mem_zalloc(sizeof(*watch));
    watch->kind = kind;
    watch->loop = loop;
    watch->note = note;
    watch->arg = arg;
    watch->pidfd = watch->file = watch->folder = -1;
    CHAIN_PREPEND(loop->watches, watch);
    return watch;
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    (void)status; /* an error is met again, and worded, by whoever reads or writes */
    (void)events;
    struct watch *watch = poll->data;
    if (watch->kind == WATCH_CHILD)
        uv_poll_stop(poll);
    loop_note_watch(watch);
}

/* libuv makes the descriptor non-blocking; others may share it, so its mode is put back. */
static bool start_polling(struct watch *watch, int fd, int events)
{
    int flags = fcntl(fd, F_GETFL);
    keep_room(fd);
    if (uv_poll_init(&watch->loop->uv, &watch->poll, fd) != 0)
        return false;
    if (flags >= 0)
        fcntl(fd, F_SETFL, flags);
    watch->poll.data = watch;
    watch->polling = true;
    uv_poll_start(&watch->poll, events, on_ready);
    return true;
}

static struct watch *watch_descriptor(struct loop *loop, int fd, int events, loop_note *note,
                                      void *arg)
{
    struct watch *watch = watch_new(loop, WATCH_DESCRIPTOR, note, arg);
    if (start_polling(watch, fd, events))
        return watch;
    watch_free(watch);
    return NULL;
}

struct watch *watch_readable(struct loop *loop, int fd, loop_note *note, void *arg)
{
    return watch_descriptor(loop, fd, UV_READABLE, note, arg);
}

struct watch *watch_writable(struct loop *loop, int fd, loop_note *note, void *arg)
{
    return watch_descriptor(loop, fd, UV_WRITABLE, note, arg);
}

struct watch *watch_child(struct loop *loop, pid_t pid, loop_note *note, void *arg)
{
    struct watch *watch = watch_new(loop, WATCH_CHILD, note, arg);
    watch->pid = pid;
#ifdef SYS_pidfd_open
    watch->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
#endif
    if (watch->pidfd < 0 || !start_polling(watch, watch->pidfd, UV_READABLE))
        loop_set_ticking(watch, true);
    return watch;
}

struct watch *watch_path(struct loop *loop, const char *path, loop_note *note, void *arg)
{
    struct watch *watch = watch_new(loop, WATCH_PATH, note, arg);
    watch->path = bytes_cstr(bytes_of(path));
    const char *slash = strrchr(watch->path, '/');
    watch->name = slash ? slash + 1 : watch->path;
    path_watch_attach(watch);
    return watch;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void watch_free(struct watch *watch)
{
    if (!watch)
        return;
    loop_set_ticking(watch, false);
    path_watch_detach(watch);
    CHAIN_REMOVE(watch->loop->watches, watch);
    free(watch->path);
    if (watch->polling)
        uv_close((uv_handle_t *)&watch->poll, on_closed);
    if (watch->pidfd >= 0)
        close(watch->pidfd);
    if (!watch->polling)
        free(watch);
}
