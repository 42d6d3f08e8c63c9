/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting: one libuv loop that says when a file grew, a descriptor is ready or a child ended.
 *
 * Callbacks run only inside loop_wait and loop_poll and do no more than note what happened; the
 * engine acts on it afterwards, in its own order.  loop_wake may be called from a signal handler.
 */
#ifndef SECANT_IO_LOOP_H
#define SECANT_IO_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct loop;
struct watch;

typedef void loop_note(void *arg);

struct loop *loop_new(void); /* ends the program, with a message, if there can be none */
void loop_free(struct loop *loop);
/* To be called after a fork in the child, if it continues to use the loop (a daemon). */
void loop_forked(struct loop *loop);
/* Ends a loop_wait under way or the next one at once. Async-signal-safe. */
void loop_wake(struct loop *loop);
/* Waits until something was noted, loop_wake was called or `milliseconds` have passed (-1: no
 * limit).  What was noted since the last wait ends it at once.  Any signal handler that runs ends
 * it, too; one that ran just before the wait does so only if it called loop_wake. */
void loop_wait(struct loop *loop, int milliseconds);
/* Notes what is ready now, without waiting. */
void loop_poll(struct loop *loop);
/* The same, but only when some milliseconds have passed since the last time: cheap enough for
 * every line, so that a busy engine still learns of other files and children.  Returns the time of
 * the latest poll, in milliseconds of a coarse clock. */
int64_t loop_freshen(struct loop *loop);

/* Watches a descriptor for reading (or for writing); the note repeats while it is ready.  The watch
 * must be freed before its descriptor is closed.  Returns NULL for a descriptor that is always
 * ready, such as a regular file or /dev/null. */
struct watch *watch_readable(struct loop *loop, int fd, loop_note *note, void *arg);
struct watch *watch_writable(struct loop *loop, int fd, loop_note *note, void *arg);
/* Notes when the file with this name is written, truncated, renamed, removed or created (inotify on
 * the file and its directory).  Where inotify is of no use (network file systems, no directory, no
 * free watch) the note comes every 100 ms. */
struct watch *watch_path(struct loop *loop, const char *path, loop_note *note, void *arg);
/* Notes the end of a child once; the child is not reaped here. */
struct watch *watch_child(struct loop *loop, pid_t pid, loop_note *note, void *arg);
void watch_free(struct watch *watch); /* NULL is allowed; before loop_free */

#endif
