/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What loop.c and path_watch.c share: the loop's inside.  For these two only. */
#ifndef SECANT_IO_WATCH_H
#define SECANT_IO_WATCH_H

#include <uv.h>

#include "io/loop.h"

enum { TICK = 100 }; /* milliseconds between two looks where nothing tells of a change */

enum watch_kind { WATCH_DESCRIPTOR, WATCH_CHILD, WATCH_PATH };

struct watch {
    enum watch_kind kind;
    struct loop *loop;
    struct watch *next, *prev;
    loop_note *note;
    void *arg;
    bool ticking; /* looked at each TICK */

    uv_poll_t poll; /* descriptors, and children with a pidfd */
    bool polling;

    pid_t pid; /* children */
    int pidfd; /* -1: none, the watch ticks */

    char *path;       /* owned */
    const char *name; /* the last part of path */
    int file, folder; /* inotify's numbers, -1: none */
};

struct loop {
    uv_loop_t uv;
    uv_async_t wake;
    uv_timer_t ticker;
    bool noted, woken;
    dev_t device; /* of the backend descriptor, */
    ino_t inode;  /* to know it again */
    int clock;    /* tells that the clock was set; -1: nothing does */
    struct watch *clock_watch;
    int64_t freshened; /* loop_freshen's last time */
    struct watch *watches;
    size_t ticking;

    int inotify; /* -1: not opened or not to be had */
    uv_poll_t inotify_poll;
};

void loop_note_watch(struct watch *watch);
void loop_set_ticking(struct watch *watch, bool ticking);

/* Path watches: sets inotify up for the path as it is now; ticks where that fails. */
void path_watch_attach(struct watch *watch);
void path_watch_tick(struct watch *watch);
void path_watch_detach(struct watch *watch);
void path_watches_close(struct loop *loop);

#endif
