/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A signal that comes between the check for signals and the wait would be slept through.  So
 * signals are blocked there, and only the wait itself lets them in (ppoll). */
#include "base/patience.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>

#include "base/monotonic.h"

/* Up to `milliseconds` (-1: for ever), without regard to signals. */
static bool wait_on(struct pollfd *room, int64_t milliseconds)
{
    int64_t end = milliseconds < 0 ? -1 : monotonic_ms() + milliseconds;
    for (;;) {
        int64_t left = end < 0 ? -1 : end - monotonic_ms();
        int ready = poll(room, 1, end >= 0 && left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left);
        if (ready > 0 || (ready < 0 && errno != EINTR))
            return true;
        if (end >= 0 && left <= 0)
            return false;
    }
}

/* Until there is room or a signal has come; true: room. */
static bool wait_for_either(const struct patience *patience, struct pollfd *room)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int ready = patience->signalled(patience->arg) ? 0 : ppoll(room, 1, NULL, &before);
    bool failed = ready < 0 && errno != EINTR;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ready > 0 || failed;
}

bool patience_room(const struct patience *patience, int fd)
{
    struct pollfd room = {.fd = fd, .events = POLLOUT};
    if (poll(&room, 1, 0) != 0)
        return true;
    if (!patience)
        return wait_on(&room, -1);
    while (!patience->exhausted(patience->arg)) {
        if (wait_for_either(patience, &room))
            return true;
    }
    int64_t left = patience->until - monotonic_ms();
    return left > 0 && wait_on(&room, left);
}
