/* Waiting: one libuv loop that says when a file grew, a descriptor is ready or a child ended.
 *
 * Callbacks run only inside loop_wait and loop_poll and do no more than note what happened; the
 * engine acts on it afterwards, in its own order.  loop_wake may be called from a signal handler.
 */
#ifndef SECANT_IO_LOOP_H
#define SECANT_IO_LOOP_H

#include <stdbool.h>
#include <sys/types.h>

struct loop;
struct watch;

typedef void loop_note(void *arg);

struct loop *loop_new(void);
void loop_free(struct loop *loop);
/* Ends a loop_wait under way or the next one at once. Async-signal-safe. */
void loop_wake(struct loop *loop);
/* Waits until something was noted, loop_wake was called or `milliseconds` have passed (-1: no
 * limit). Signals wake it: its wait returns after a handler has run. */
void loop_wait(struct loop *loop, int milliseconds);
/* Notes what is ready now, without waiting. */
void loop_poll(struct loop *loop);

/* Watches a descriptor for reading (or for writing); the note repeats while it is ready. */
struct watch *watch_readable(struct loop *loop, int fd, loop_note *note, void *arg);
struct watch *watch_writable(struct loop *loop, int fd, loop_note *note, void *arg);
/* Watches the file with this name: written, truncated, renamed, removed, created (inotify on the
 * file and its directory, a poll each 100 ms where inotify cannot serve). */
struct watch *watch_path(struct loop *loop, const char *path, loop_note *note, void *arg);
/* Notes the end of a child once; the child is not reaped here. */
struct watch *watch_child(struct loop *loop, pid_t pid, loop_note *note, void *arg);
void watch_free(struct watch *watch); /* NULL is allowed */

#endif
