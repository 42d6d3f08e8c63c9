/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "migrate/side.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

enum { BLOCK = 256 * 1024, MOST_SIDES = 4 };

/* Drops what is done with, now and then. */
static void tidy(struct buf *buf, size_t *done)
{
    if (*done == 0 || (*done < buf->len && *done < BLOCK))
        return;
    memmove(buf->ptr, buf->ptr + *done, buf->len - *done);
    buf->len -= *done;
    *done = 0;
}

void side_say(struct side *side, const struct bytes *words, size_t count)
{
    if (!side->silent)
        words_add(&side->out, words, count);
}

static void send_some(struct side *side)
{
    ssize_t sent = send(side->process.socket, side->out.ptr + side->said, side_waiting(side),
                        MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0)
        side->said += (size_t)sent;
    else if (errno != EAGAIN && errno != EINTR) /* it has ended; what it said is still to come */
        side->said = side->out.len;
    tidy(&side->out, &side->said);
}

static void receive_some(struct side *side)
{
    ssize_t got = recv(side->process.socket, buf_room(&side->in, BLOCK), BLOCK, MSG_DONTWAIT);
    if (got > 0)
        side->in.len += (size_t)got;
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
        side->silent = true;
}

void sides_exchange(struct side *const *sides, size_t count, int milliseconds)
{
    struct pollfd polls[2 * MOST_SIDES]; /* sockets, then the guards */
    assert(count <= MOST_SIDES);
    for (size_t i = 0; i < count; i++) {
        short wanted = (short)(POLLIN | (side_waiting(sides[i]) > 0 ? POLLOUT : 0));
        polls[i] = (struct pollfd){sides[i]->silent ? -1 : sides[i]->process.socket, wanted, 0};
        const struct guard *guard = sides[i]->process.guard;
        polls[count + i] = (struct pollfd){guard ? guard->listener : -1, POLLIN, 0};
    }
    if (poll(polls, 2 * count, milliseconds) <= 0)
        return;
    for (size_t i = 0; i < count; i++) {
        if (polls[count + i].revents)
            guard_answer(sides[i]->process.guard, polls[count + i].revents);
        if (polls[i].revents & (POLLIN | POLLHUP | POLLERR))
            receive_some(sides[i]);
        if (polls[i].revents & POLLOUT)
            send_some(sides[i]);
    }
}

bool side_hear(struct side *side)
{
    if (side->process.guard && guard_hear(side->process.guard, &side->words))
        return true;
    struct bytes rest = bytes_from(buf_bytes(&side->in), side->heard);
    switch (words_take(&side->words, &rest)) {
    case WORDS_TAKEN:
        side->heard = side->in.len - rest.len;
        return true;
    case WORDS_WRONG:
        side->silent = true;
        break;
    case WORDS_MORE:
        tidy(&side->in, &side->heard);
        break;
    }
    return false;
}

void side_end(struct side *side)
{
    upstream_end(&side->process);
    buf_free(&side->out);
    buf_free(&side->in);
    words_free(&side->words);
}
