/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Child processes: commands run, fed or read.
 *
 * Commands start as Perl's exec starts them: a text without shell metacharacters is split at
 * white space and executed directly, another goes to /bin/sh -c; a word list is never given to a
 * shell.  Children start with default SIGPIPE, SIGTERM and signal mask.  A child's feed
 * waits in a queue of ours, so a child that does not read blocks nobody.  Children are waited for
 * by their own pid only; a process that user Perl started is left to user Perl.
 */
#ifndef SECANT_IO_CHILD_H
#define SECANT_IO_CHILD_H

#include <sys/types.h>

#include "base/bytes.h"
#include "io/loop.h"
#include "log/log.h"

struct command {
    struct bytes text;         /* whole command line; for a word list: the words joined by blanks */
    const struct bytes *words; /* NULL: text decides; otherwise the word list */
    size_t count;
};

struct child {
    pid_t pid;
    struct bytes command; /* owned */
    struct bytes context; /* owned; internal context of its output lines (spawn), else empty */
    bool reading;         /* its standard output is open here */
    bool told;            /* it is only told of: children_told */
    uint64_t number;      /* of the effect that has started it, where effects are counted */
    void *owner;          /* what SingleWithScript keeps; given back by ended or dropped */
    struct child_state *state;
    struct child *next, *prev; /* in the order of starting */
};

struct children;

struct child_events {
    /* A line (no newline) of a child's output; the receiver logs "Creating event ...". */
    void (*line)(void *arg, struct child *child, struct bytes line);
    /* The child is gone; exit_code is its status >> 8 as upstream counts it (0 after a signal). */
    void (*ended)(void *arg, struct child *child, int exit_code);
    /* Before a child is started: flush log, outputs and Perl's standard output. */
    void (*before_start)(void *arg);
    /* A child is forgotten without `ended`: it was gone when SIGTERM was due, user code has taken
     * its status, or all ends.  Only `owner` is to be given back. */
    void (*dropped)(void *arg, struct child *child);
};

/* blocksize (bytes per read) is read at each use. */
struct children *children_new(struct loop *loop, struct log *log, const size_t *blocksize,
                              const struct child_events *events, void *arg);
void children_free(struct children *children);

/* shellcmd, cmdexec, scripts.  Logs "Child N created for command ..."; NULL after
 * a failure, which is logged. */
struct child *children_run(struct children *children, const struct command *command);
/* spawn: its output comes as lines with this internal context. */
struct child *children_read(struct children *children, const struct command *command,
                            struct bytes context);
/* pipe, report: `input` is written to its standard input, which is then closed. Copied. */
struct child *children_feed(struct children *children, const struct command *command,
                            struct bytes input);

/* A child that is only told of: it has ended with this exit code and has written these lines, with
 * this internal context; the engine's round hands them out.  All is copied. */
struct child *children_told(struct children *children, const struct command *command,
                            struct bytes context, int exit_code, struct bytes output);

/* The engine's round: hands out lines (only when read_output) and ends; true when output came.
 * A child ends when its process is gone and its feed is written or cannot be written. */
bool children_check(struct children *children, bool read_output);
bool children_any(const struct children *children);
/* SIGTERM to all that run, with upstream's message each. */
void children_terminate(struct children *children);
/* Does its feed still have some of what it was given? */
bool child_waits(const struct child *child);
struct child *children_first(const struct children *children);
/* Goes on with all feeds for so many milliseconds, and does nothing else; a signal ends it. */
void children_feed_for(struct children *children, int milliseconds);
/* The engine is about to end: another process, which nobody waits for, takes over what feeds have
 * still to get and lasts until all is written or cannot be.  Where none can be made, which is
 * logged, children still wait. */
void children_leave_feeds(struct children *children);

#endif
