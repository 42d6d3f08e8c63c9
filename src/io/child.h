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
    bool told;            /* made by children_told: there is no process */
    uint64_t number;      /* of the effect that has started it, where effects are counted */
    void *owner;          /* what SingleWithScript keeps; handed back by ended or dropped */
    struct child_state *state;
    struct child *next, *prev; /* in the order of starting */
};

struct children;

struct child_events {
    /* A line (no newline) of a child's output; the receiver logs "Creating event ...". */
    void (*line)(void *arg, struct child *child, struct bytes line);
    /* The child is gone; exit_code is its status >> 8 as upstream counts it (0 after a signal). */
    void (*ended)(void *arg, struct child *child, int exit_code);
    /* Called before a child is started, to flush log, outputs and Perl's standard output. */
    void (*before_start)(void *arg);
    /* A child is forgotten without `ended`: it was gone when SIGTERM was due, user code has taken
     * its status, or everything ends.  Only `owner` is to be released. */
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
/* pipe, report: `input` is written to its standard input, which is then closed.  It is copied. */
struct child *children_feed(struct children *children, const struct command *command,
                            struct bytes input);

/* Makes a child without a process, as if it had written these lines, with this internal context,
 * and ended with this exit code; the engine's round hands them out.  Everything is copied. */
struct child *children_told(struct children *children, const struct command *command,
                            struct bytes context, int exit_code, struct bytes output);

/* The engine's round: hands out lines (without read_output only the last ones of children that
 * end) and ends of children.  Returns true if there was output.  A child ends when its process is
 * gone and its feed is written or cannot be written. */
bool children_check(struct children *children, bool read_output);
bool children_any(const struct children *children);
/* Sends SIGTERM to all that still run, with upstream's message for each, and drops the others. */
void children_terminate(struct children *children);
/* Is some of its feed still to be written? */
bool child_waits(const struct child *child);
struct child *children_first(const struct children *children);
/* Does nothing but write to all feeds for this many milliseconds, less if a signal comes. */
void children_feed_for(struct children *children, int milliseconds);
/* For the end of the engine: hands all feeds over to another process, which nobody waits for and
 * which lasts until everything is written or cannot be written.  If it cannot be created, that is
 * logged, and children keep their feeds. */
void children_leave_feeds(struct children *children);

#endif
