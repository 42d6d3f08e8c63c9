/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The owner of a text and a signal handler look at the same fields.  A single store adds to a text;
 * all other changes are made while `busy` is set, and a signal that comes then is put off until the
 * change is complete.  Faults of the program itself (SIGSEGV, unless it was sent) cannot wait: they
 * write what they find. */
#include "base/unwritten.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/huge_pages.h"
#include "base/list.h"
#include "base/mem.h"

enum { FIRST_ROOM = 4096, SIGNAL_STACK = 65536 };

/* What signal handlers force to be global. */
static struct unwritten *first;
static volatile sig_atomic_t busy;
static volatile sig_atomic_t put_off; /* the signal; 0: none */
static volatile pid_t owner;

static void die(int signal);

static void begin_change(void)
{
    busy = 1;
    atomic_signal_fence(memory_order_seq_cst);
}

static void end_change(void)
{
    atomic_signal_fence(memory_order_seq_cst);
    busy = 0;
    if (put_off)
        die(put_off);
}

void unwritten_set_fd(struct unwritten *unwritten, int fd)
{
    struct stat status;
    int flags = fd >= 0 ? fcntl(fd, F_GETFL) : 0;
    begin_change();
    unwritten->fd = fd;
    unwritten->blocks = fd >= 0 && !(flags & O_NONBLOCK) && fstat(fd, &status) == 0 &&
                        (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) || isatty(fd));
    end_change();
}

void unwritten_begin(struct unwritten *unwritten, int fd)
{
    *unwritten = (struct unwritten){.fd = -1};
    begin_change();
    CHAIN_PREPEND(first, unwritten);
    end_change();
    unwritten_set_fd(unwritten, fd);
}

void unwritten_end(struct unwritten *unwritten)
{
    begin_change();
    CHAIN_REMOVE(first, unwritten);
    free(unwritten->text);
    *unwritten = (struct unwritten){.fd = -1};
    end_change();
}

/* Room for so much more, in a new place, which gets what is still wanted. */
static void widen_text(struct unwritten *unwritten, size_t more)
{
    size_t begin = unwritten->done - unwritten->kept, wanted = unwritten->len - begin;
    size_t room = unwritten->room > 0 ? unwritten->room : FIRST_ROOM;
    while (room - wanted < more)
        room *= 2;
    char *text = mem_alloc(room);
    begin_change();
    if (wanted > 0)
        memcpy(text, unwritten->text + begin, wanted);
    free(unwritten->text);
    unwritten->text = text;
    unwritten->room = room;
    unwritten->done = unwritten->kept;
    unwritten->len = wanted;
    end_change();
}

void unwritten_add(struct unwritten *unwritten, struct bytes text)
{
    if (text.len == 0)
        return;
    if (unwritten->room - unwritten->len < text.len)
        widen_text(unwritten, text.len);
    memcpy(unwritten->text + unwritten->len, text.ptr, text.len);
    atomic_signal_fence(memory_order_seq_cst);
    unwritten->len += text.len;
}

static void count_written(struct unwritten *unwritten, size_t count)
{
    unwritten->done += count;
    if (unwritten->done == unwritten->len)
        unwritten->done = unwritten->kept = unwritten->len = 0;
}

/* All is written: the room of a very large text is not kept. */
static void give_room_back(struct unwritten *unwritten)
{
    if (unwritten->len > 0 || unwritten->room <= LARGE_PIECE)
        return;
    begin_change();
    free_large(unwritten->text);
    unwritten->text = NULL;
    unwritten->room = 0;
    end_change();
}

void unwritten_skip(struct unwritten *unwritten, size_t count)
{
    assert(count <= unwritten_len(unwritten));
    begin_change();
    count_written(unwritten, count);
    end_change();
    give_room_back(unwritten);
}

/* One write.  A descriptor that blocks gets no more than a pipe with room surely takes. */
static ssize_t write_some(struct unwritten *unwritten)
{
    size_t count = unwritten_len(unwritten);
    if (unwritten->blocks && count > PIPE_BUF)
        count = PIPE_BUF;
    ssize_t done = write(unwritten->fd, unwritten->text + unwritten->done, count);
    if (done > 0)
        count_written(unwritten, (size_t)done);
    return done;
}

enum written unwritten_write(struct unwritten *unwritten, const struct patience *patience)
{
    while (unwritten_len(unwritten) > 0) {
        if (unwritten->blocks && !patience_room(patience, unwritten->fd))
            return WRITTEN_CUT_SHORT;
        begin_change();
        ssize_t done = write_some(unwritten);
        int why = errno;
        end_change();
        errno = why;
        if (done < 0 && why != EINTR)
            return WRITTEN_FAILED;
    }
    give_room_back(unwritten);
    return WRITTEN_ALL;
}

static bool has_room(const struct unwritten *unwritten)
{
    struct pollfd room = {.fd = unwritten->fd, .events = POLLOUT};
    return !unwritten->blocks || poll(&room, 1, 0) > 0;
}

void unwritten_rescue(struct unwritten *unwritten)
{
    int saved = errno;
    while (!busy && unwritten->fd >= 0 && unwritten->done < unwritten->len && has_room(unwritten)) {
        ssize_t done = write_some(unwritten);
        if (done <= 0 && errno != EINTR)
            break;
    }
    errno = saved;
}

void unwritten_own(void)
{
    owner = getpid();
}

void unwritten_rescue_all(void)
{
    if (owner != getpid())
        return;
    for (struct unwritten *unwritten = first; unwritten; unwritten = unwritten->next)
        unwritten_rescue(unwritten);
}

/* The end that the signal would have brought. */
static void die(int signal)
{
    sigset_t only;
    unwritten_rescue_all();
    sigemptyset(&only);
    sigaddset(&only, signal);
    sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
    kill(getpid(), signal);
    sigprocmask(SIG_UNBLOCK, &only, NULL);
}

/* What the kernel finds, not what somebody sends. */
static bool is_fault(int signal, const siginfo_t *info)
{
    return info->si_code > 0 && (signal == SIGSEGV || signal == SIGBUS || signal == SIGILL ||
                                 signal == SIGFPE || signal == SIGSYS || signal == SIGTRAP);
}

static void on_deadly(int signal, siginfo_t *info, void *context)
{
    (void)context;
    if (busy && !is_fault(signal, info)) {
        put_off = signal;
        return;
    }
    busy = 0;
    die(signal);
}

/* A stack that has run out leaves no room for the handler. */
static void make_signal_stack(void)
{
    static char *stack;
    if (stack)
        return;
    stack = mem_alloc(SIGNAL_STACK);
    sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = SIGNAL_STACK}, NULL);
}

void unwritten_catch_signals(void)
{
    static const int deadly[] = {SIGHUP,  SIGINT,  SIGQUIT,   SIGILL,  SIGTRAP, SIGABRT, SIGBUS,
                                 SIGFPE,  SIGUSR1, SIGSEGV,   SIGUSR2, SIGALRM, SIGTERM, SIGXCPU,
                                 SIGXFSZ, SIGPROF, SIGVTALRM, SIGSYS,  SIGPOLL, SIGPWR};
    make_signal_stack();
    for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++) {
        struct sigaction now;
        if (sigaction(deadly[i], NULL, &now) != 0 || (now.sa_flags & SA_SIGINFO) ||
            now.sa_handler != SIG_DFL)
            continue;
        struct sigaction ours = {.sa_sigaction = on_deadly, .sa_flags = SA_SIGINFO | SA_ONSTACK};
        sigfillset(&ours.sa_mask);
        sigaction(deadly[i], &ours, NULL);
    }
}
