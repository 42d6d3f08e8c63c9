/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making room for another child when descriptors or processes are scarce.
 *
 * Children that have ended hold descriptors and processes until the engine's round reaches them,
 * and it may start many between two rounds.  Their status and the rest of their output are read
 * here already, but kept for their turn, since the consequences of their end must not come in the
 * middle of an action.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/child_state.h"
#include "base/monotonic.h"

enum { PATIENCE = 100 }; /* milliseconds; short commands have ended by then */

/* Reads what there is, so that a child that waits for it can end; true
 * when there is no more to come. */
static bool drain(struct child *child)
{
    struct child_state *state = child->state;
    size_t size = *state->children->blocksize;
    int held = fcntl(state->output, F_GETPIPE_SZ);
    for (ssize_t got = 0; held >= 0; held -= (int)got) {
        got = read(state->output, buf_room(&state->unread, size), size);
        if (got == 0)
            break;
        if (got < 0)
            return false;
        state->unread.len += (size_t)got;
        state->early = state->children->noted = true;
    }
    return held >= 0;
}

/* Takes what there is to take of a child; true when it needs less than before. */
static bool take_early(struct child *child)
{
    struct child_state *state = child->state;
    bool less = false;
    if (state->reaped)
        return false;
    if (waitpid(child->pid, &state->status, WNOHANG) == child->pid) {
        state->reaped = state->gone = state->children->noted = less = true;
        watch_free(state->end_watch);
        state->end_watch = NULL;
    }
    if (state->output >= 0 && drain(child)) {
        state->early = state->children->noted = true;
        child_end_output(child);
        less = true;
    }
    return less;
}

static bool take_all(struct children *children)
{
    bool less = false;
    for (struct child *child = children->first; child; child = child->next)
        less |= take_early(child);
    loop_poll(children->loop); /* what is closed is given back */
    return less;
}

bool children_make_room(struct children *children, int error)
{
    if (error != EMFILE && error != ENFILE && error != EAGAIN && error != ENOMEM)
        return false;
    int64_t now = monotonic_ms(), end = now + PATIENCE;
    if (take_all(children))
        return true;
    /* Where none of them ends soon, the engine is not held up for each new one. */
    for (; children->first && children->waited != end / 1000 && now < end; now = monotonic_ms()) {
        poll(NULL, 0, 1);
        if (take_all(children))
            return true;
    }
    children->waited = end / 1000;
    return false;
}
