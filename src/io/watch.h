/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What loop.c and path_watch.c share: the loop's inside.  For these two only. */
#ifndef SECANT_IO_WATCH_H
#define SECANT_IO_WATCH_H

#include <uv.h>

#include "io/loop.h"

enum { TICK = 100 }; /* milliseconds between two checks where the kernel reports no changes */

enum watch_kind { WATCH_DESCRIPTOR, WATCH_CHILD, WATCH_PATH };

struct watch {
    enum watch_kind kind;
    struct loop *loop;
    struct watch *next, *prev;
    loop_note *note;
    void *arg;
    bool ticking; /* checked every TICK */

    uv_poll_t poll; /* descriptors, and children with a pidfd */
    bool polling;

    pid_t pid; /* children */
    int pidfd; /* -1: none, the watch ticks */

    char *path;       /* owned */
    const char *name; /* the last part of path */
    int file, folder; /* inotify's watch descriptors, -1: none */
};

struct loop {
    uv_loop_t uv;
    uv_async_t wake;
    uv_timer_t ticker;
    bool noted, woken;
    dev_t device; /* this and the next identify the backend descriptor */
    ino_t inode;
    int clock; /* a timer that reports when the clock is set; -1: none */
    struct watch *clock_watch;
    int64_t freshened; /* loop_freshen's last time */
    struct watch *watches;
    size_t ticking;

    int inotify; /* -1: not opened, or not available */
    uv_poll_t inotify_poll;
};

void loop_note_watch(struct watch *watch);
void loop_set_ticking(struct watch *watch, bool ticking);

/* Path watches: sets up inotify for the path as it is now; if that fails, the watch ticks. */
void path_watch_attach(struct watch *watch);
void path_watch_tick(struct watch *watch);
void path_watch_detach(struct watch *watch);
void path_watches_close(struct loop *loop);

#endif
