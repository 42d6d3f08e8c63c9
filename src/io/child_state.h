/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of the children, shared by the child*.c files, and for them only. */
#ifndef SECANT_IO_CHILD_STATE_H
#define SECANT_IO_CHILD_STATE_H

#include "io/child.h"

struct child_state {
    struct children *children;

    int feed;           /* writing end of its standard input, -1: none or done */
    struct bytes input; /* owned; what the feed could not take at first */
    size_t written;
    struct watch *feed_watch;
    bool fed, writable;

    int output;        /* reading end of its standard output, -1: none or closed */
    struct buf unread; /* bytes of an incomplete line */
    size_t scanned;    /* of these, known to hold no newline */
    struct watch *output_watch;
    bool readable;

    struct watch *end_watch;
    bool gone;       /* its process has ended */
    bool reaped;     /* and it was waited for before its turn */
    int status;      /* if reaped, as waitpid has it */
    bool early;      /* its output was read before its turn */
    bool terminated; /* we sent it SIGTERM */
};

/* A process that still runs though its child has ended as far as the engine is concerned.  It is
 * waited for when it ends. */
struct leftover {
    pid_t pid; /* 0: it has ended */
    struct watch *end_watch;
    struct leftover *next;
};

struct children {
    struct loop *loop;
    struct log *log;
    const size_t *blocksize;
    struct child_events events;
    void *arg;
    struct child *first, *last;
    struct leftover *leftovers;
    pid_t told;     /* how many children_told has made */
    bool noted;     /* some child has a flag set */
    int64_t waited; /* second of the last wait for room that was in vain */
};

/* child_room.c: to be called with errno when a pipe or process could not be created.  Returns true
 * if there is room now because children have ended; waits a moment for one to end. */
bool children_make_room(struct children *children, int error);

/* child.c: closes the reading end. */
void child_end_output(struct child *child);

#endif
