/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which test files have to be run again, since they, or what they name, have changed.
 *
 * A file depends on itself, on what it includes, on the rules and logs of its tests.  Changes are
 * told by inotify; what that cannot tell, such as new files, is looked for each second. */
#ifndef SECANT_PROVE_WATCHER_H
#define SECANT_PROVE_WATCHER_H

#include "prove/sectest.h"

struct watcher;

struct watcher *watcher_new(void);
void watcher_free(struct watcher *watcher);
/* The file has just been read: what it depends on, as it is now, in place of what it was. */
void watcher_know(struct watcher *watcher, const struct test_file *file);
/* Has something changed since?  Of a file that is not known, it has. */
bool watcher_changed(struct watcher *watcher, struct bytes path);
/* How many files there are: those that are known, and what they depend on. */
size_t watcher_count(const struct watcher *watcher);
/* Until something happens, a second at most; a signal ends it. */
void watcher_wait(struct watcher *watcher);

#endif
