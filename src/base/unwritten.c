/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is common to the handlers and the writers is static: a handler has no other way to it. */
#include "base/unwritten.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

static struct unwritten *first, *last;
static pid_t owner; /* a process that user code forked has nothing to write */

volatile sig_atomic_t writing_came;
static volatile sig_atomic_t holds, deadly;
static int limit = -1;

/* --- deadly signals ------------------------------------------------------------------------- */

/* Without waiting: a pipe that has room takes PIPE_BUF bytes. */
static bool has_room(int fd, int milliseconds)
{
    struct pollfd room = {.fd = fd, .events = POLLOUT};
    return poll(&room, 1, milliseconds) > 0;
}

void unwritten_last_words(void)
{
    if (getpid() != owner)
        return;
    for (struct unwritten *at = first; at; at = at->next) {
        while (at->fd >= 0 && at->done < at->text.len && has_room(at->fd, 0)) {
            size_t left = at->text.len - at->done;
            ssize_t part =
                write(at->fd, at->text.ptr + at->done, left < PIPE_BUF ? left : PIPE_BUF);
            if (part <= 0)
                break;
            at->done += (size_t)part;
        }
    }
}

static void die(int signal_number)
{
    sigset_t set;
    unwritten_last_words();
    signal(signal_number, SIG_DFL);
    sigemptyset(&set);
    sigaddset(&set, signal_number);
    raise(signal_number);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* A fault cannot be put off. */
static void on_deadly(int signal_number, siginfo_t *info, void *ucontext)
{
    (void)ucontext;
    int saved = errno;
    bool fault = signal_number != SIGXFSZ && info->si_code > 0 && info->si_code != SI_KERNEL;
    if (fault || signal_number == SIGSEGV || holds == 0 || deadly)
        die(signal_number);
    deadly = signal_number;
    errno = saved;
}

void unwritten_catch_deadly(void)
{
    static const int signals[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGILL,  SIGTRAP,   SIGBUS,
                                  SIGFPE,  SIGSEGV, SIGUSR1, SIGUSR2, SIGALRM,   SIGTERM,
                                  SIGXCPU, SIGXFSZ, SIGPROF, SIGSYS,  SIGVTALRM, SIGABRT};
    static char stack[64 * 1024]; /* for a fault on a stack that is used up */
    owner = getpid();
    sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof(stack)}, NULL);
    for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
        struct sigaction action = {.sa_sigaction = on_deadly, .sa_flags = SA_SIGINFO | SA_ONSTACK};
        struct sigaction before;
        sigfillset(&action.sa_mask);
        if (sigaction(signals[i], NULL, &before) == 0 && !(before.sa_flags & SA_SIGINFO) &&
            before.sa_handler == SIG_DFL)
            sigaction(signals[i], &action, NULL);
    }
}

void unwritten_hold(void)
{
    holds++;
}

void unwritten_release(void)
{
    if (--holds == 0 && deadly)
        die(deadly);
}

/* --- writing -------------------------------------------------------------------------------- */

void writing_interrupt(void)
{
    writing_came = 1;
}

void writing_resume(void)
{
    writing_came = 0;
}

bool writing_interrupted(void)
{
    return writing_came || limit >= 0;
}

void writing_limit(int milliseconds)
{
    limit = milliseconds;
}

/* How many bytes may be written now; 0: none, and errno is EINTR.  Once the time is over there is no
 * more waiting. */
static size_t allowance(int fd, size_t wanted)
{
    if ((!writing_came && limit < 0) || (fcntl(fd, F_GETFL) & O_NONBLOCK))
        return wanted;
    if (!has_room(fd, limit < 0 ? 0 : limit)) {
        if (limit > 0)
            limit = 0;
        errno = EINTR;
        return 0;
    }
    return wanted < PIPE_BUF ? wanted : PIPE_BUF;
}

ssize_t write_once(int fd, struct bytes text)
{
    for (;;) {
        size_t size = allowance(fd, text.len);
        if (size == 0 && text.len > 0)
            return -1;
        ssize_t done = write(fd, text.ptr, size);
        if (done >= 0 || errno != EINTR)
            return done;
    }
}

/* Some more of it; what came of write(2). */
static ssize_t write_part(struct unwritten *unwritten)
{
    struct bytes left = bytes_from(buf_bytes(&unwritten->text), unwritten->done);
    size_t size = allowance(unwritten->fd, left.len);
    if (size == 0)
        return 0;
    unwritten_hold();
    ssize_t part = write(unwritten->fd, left.ptr, size);
    int error = errno;
    if (part > 0)
        unwritten->done += (size_t)part;
    unwritten_release();
    errno = error;
    return part;
}

enum written unwritten_write(struct unwritten *unwritten)
{
    while (unwritten->done < unwritten->text.len) {
        ssize_t part = write_part(unwritten);
        if (part == 0)
            return GAVE_WAY;
        if (part < 0 && errno != EINTR)
            return FAILED;
    }
    unwritten_clear(unwritten);
    return WRITTEN;
}

void unwritten_add(struct unwritten *unwritten, struct bytes text)
{
    unwritten_hold();
    buf_add(&unwritten->text, text);
    unwritten_release();
}

void unwritten_compact(struct unwritten *unwritten)
{
    if (unwritten->done == 0)
        return;
    unwritten_hold();
    struct buf *text = &unwritten->text;
    text->len -= unwritten->done;
    memmove(text->ptr, text->ptr + unwritten->done, text->len);
    unwritten->done = 0;
    unwritten_release();
}

void unwritten_clear(struct unwritten *unwritten)
{
    unwritten_hold();
    buf_clear(&unwritten->text);
    unwritten->done = 0;
    unwritten_release();
}

void unwritten_enter(struct unwritten *unwritten)
{
    unwritten_hold();
    unwritten->next = NULL;
    unwritten->prev = last;
    *(last ? &last->next : &first) = unwritten;
    last = unwritten;
    unwritten_release();
}

void unwritten_leave(struct unwritten *unwritten)
{
    unwritten_hold();
    *(unwritten->prev ? &unwritten->prev->next : &first) = unwritten->next;
    *(unwritten->next ? &unwritten->next->prev : &last) = unwritten->prev;
    buf_free(&unwritten->text);
    unwritten->next = unwritten->prev = NULL;
    unwritten_release();
}
