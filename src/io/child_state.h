/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of the children, shared by the child*.c files, and for them only. */
#ifndef SECANT_IO_CHILD_STATE_H
#define SECANT_IO_CHILD_STATE_H

#include "io/child.h"

struct child_state {
    struct children *children;

    int feed;           /* writing end of its standard input, -1: none or done */
    struct bytes input; /* owned; what the feed has still to get */
    size_t written;
    struct watch *feed_watch;
    bool fed, writable;

    int output;        /* reading end of its standard output, -1: none or closed */
    struct buf unread; /* bytes of a line that is not whole yet */
    size_t scanned;    /* of these, known to hold no newline */
    struct watch *output_watch;
    bool readable;

    struct watch *end_watch;
    bool gone;       /* its process has ended */
    bool reaped;     /* and its status has been taken before its turn */
    int status;      /* of a reaped one, as waitpid has it */
    bool early;      /* its output was read before its turn */
    bool terminated; /* we sent it SIGTERM */
};

/* A process that goes on after its child has ended for the engine; its
 * status is taken when it ends. */
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
    pid_t told;     /* how many were only told of */
    bool noted;     /* some child has a flag set */
    int64_t waited; /* second in which it was waited for room in vain */
};

/* child_room.c: no pipe or process could be had (errno): is there room now, because children have
 * ended?  Waits a moment for one. */
bool children_make_room(struct children *children, int error);

/* child.c: closes the reading end. */
void child_end_output(struct child *child);

#endif
