/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that waits to be written, and what signals mean for it.
 *
 * A write may block for as long as nobody reads.  A signal ends that: the rest is kept, and the
 * writer gives way to the main loop, which acts on the signal.  Until the loop has done so, nothing
 * is written that would block.
 *
 * A signal that ends the process has all registered texts written first.  While a text changes, or
 * the kernel is at it, the signal is put off, so that nothing is written twice.
 */
#ifndef SECANT_BASE_UNWRITTEN_H
#define SECANT_BASE_UNWRITTEN_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/bytes.h"

struct unwritten {
    struct buf text; /* owned */
    size_t done;     /* bytes of it that have been written */
    int fd;          /* borrowed; -1: nowhere to write to */
    struct unwritten *next, *prev;
};

enum written {
    WRITTEN,
    GAVE_WAY, /* to a signal */
    FAILED,   /* errno tells why */
};

/* Registers a text that is all zero but for its descriptor. */
void unwritten_enter(struct unwritten *unwritten);
/* Frees the text and forgets it. */
void unwritten_leave(struct unwritten *unwritten);
void unwritten_add(struct unwritten *unwritten, struct bytes text);
/* Writes as much as it can; a text that is written whole becomes empty. */
enum written unwritten_write(struct unwritten *unwritten);
/* Drops from the text what has been written. */
void unwritten_compact(struct unwritten *unwritten);
/* Forgets what waits. */
void unwritten_clear(struct unwritten *unwritten);

/* write(2), which gives way to signals with EINTR. */
ssize_t write_once(int fd, struct bytes text);

/* From signal handlers: the main loop is wanted. */
void writing_interrupt(void);
/* The main loop has taken notice. */
void writing_resume(void);
extern volatile sig_atomic_t writing_came; /* a signal, since writing_resume */
/* Is there something that a write would give way to? */
bool writing_interrupted(void);
/* From now on a write waits no longer than this, in milliseconds; -1: as long as it takes. */
void writing_limit(int milliseconds);

/* Around changes of registered texts. */
void unwritten_hold(void);
void unwritten_release(void);

/* Writes what all registered texts have left, without waiting.  Async-signal-safe. */
void unwritten_last_words(void);
/* To be called again by a process that takes over after a fork.  Has that done before a signal ends the process whose default action does so. */
void unwritten_catch_deadly(void);

#endif
