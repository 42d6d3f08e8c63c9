/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts that wait to be written, and their rescue when the program dies.
 *
 * Outputs and the log collect what they write.  What is collected must not be lost at any
 * end but SIGKILL, so all of it is known here: a signal whose action is the end of the
 * program, and the end of memory, write it first.  A text is written once, whatever
 * moment the signal comes at. */
#ifndef SECANT_BASE_UNWRITTEN_H
#define SECANT_BASE_UNWRITTEN_H

#include "base/bytes.h"
#include "base/patience.h"

struct unwritten {
    int fd;      /* not owned; -1: none */
    bool blocks; /* a pipe, a terminal, a socket that blocks: it is asked for room first */
    char *text;  /* owned */
    size_t done; /* so much of it is written */
    size_t kept; /* of that, so much at its end is still read by the owner, who sets this */
    size_t len;  /* so much of it is there */
    size_t room;
    struct unwritten *next, *prev; /* of all */
};

enum written {
    WRITTEN_ALL,
    WRITTEN_CUT_SHORT, /* the descriptor takes no more now; the rest is kept */
    WRITTEN_FAILED,    /* errno says why; the rest is kept */
};

/* Begins empty; what is left at the end is dropped. */
void unwritten_begin(struct unwritten *unwritten, int fd);
void unwritten_end(struct unwritten *unwritten);
/* Another descriptor, for what is left as well. */
void unwritten_set_fd(struct unwritten *unwritten, int fd);
static inline size_t unwritten_len(const struct unwritten *unwritten)
{
    return unwritten->len - unwritten->done;
}
void unwritten_add(struct unwritten *unwritten, struct bytes text);
/* Counts so many bytes from the start of what is left as written. */
void unwritten_skip(struct unwritten *unwritten, size_t count);
/* All of it, waiting where that is needed; patience NULL: for ever. */
enum written unwritten_write(struct unwritten *unwritten, const struct patience *patience);
/* As much as goes at once.  Async-signal-safe. */
void unwritten_rescue(struct unwritten *unwritten);
void unwritten_rescue_all(void); /* Async-signal-safe. */

/* The process that calls this owns the texts: a child that is forked from it rescues none. */
void unwritten_own(void);
/* Every signal that would end the program rescues first; those for which there is a handler, or
 * that are ignored, are left alone.  To be called again when user code may have reset some. */
void unwritten_catch_signals(void);

#endif
