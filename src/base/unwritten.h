/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts that wait to be written, and their rescue when the program dies.
 *
 * Outputs and the log collect what they write.  What is collected must survive any end but SIGKILL,
 * so all of it is registered here, and is written first when a signal is about to end the program
 * or memory runs out.  A text is written only once, whatever the moment at which the signal
 * comes. */
#ifndef SECANT_BASE_UNWRITTEN_H
#define SECANT_BASE_UNWRITTEN_H

#include "base/bytes.h"
#include "base/patience.h"

struct unwritten {
    int fd;      /* not owned; -1: none */
    bool blocks; /* a pipe, terminal or socket that blocks: wait for room before each write */
    char *text;  /* owned */
    size_t done; /* how much of it is written */
    size_t kept; /* how much at the end of that the owner, who sets this, still reads */
    size_t len;  /* how much of it is there */
    size_t room;
    struct unwritten *next, *prev; /* of all */
};

enum written {
    WRITTEN_ALL,
    WRITTEN_CUT_SHORT, /* the descriptor takes no more now; the rest is kept */
    WRITTEN_FAILED,    /* errno says why; the rest is kept */
};

/* Begins empty; unwritten_end drops what is left. */
void unwritten_begin(struct unwritten *unwritten, int fd);
void unwritten_end(struct unwritten *unwritten);
/* Uses another descriptor from now on, for what is left as well. */
void unwritten_set_fd(struct unwritten *unwritten, int fd);
static inline size_t unwritten_len(const struct unwritten *unwritten)
{
    return unwritten->len - unwritten->done;
}
void unwritten_add(struct unwritten *unwritten, struct bytes text);
/* Counts this many bytes from the start of what is left as written. */
void unwritten_skip(struct unwritten *unwritten, size_t count);
/* Writes all of it, and waits where that is needed; patience NULL: for ever. */
enum written unwritten_write(struct unwritten *unwritten, const struct patience *patience);
/* Writes as much as is possible at once.  Async-signal-safe. */
void unwritten_rescue(struct unwritten *unwritten);
void unwritten_rescue_all(void); /* Async-signal-safe. */

/* The process that calls this owns the texts: a child that is forked from it rescues none. */
void unwritten_own(void);
/* Makes every signal that would end the program rescue the texts first; signals that have a handler
 * or are ignored are left alone.  To be called again when user code may have reset some. */
void unwritten_catch_signals(void);

#endif
