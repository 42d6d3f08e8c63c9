/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells which test files have to be run again because they, or files that they name, have changed.
 *
 * A test file depends on itself, on what it includes, and on the rules and logs of its tests.
 * inotify reports changes; what it cannot report, such as new files, is looked for every second. */
#ifndef SECANT_PROVE_WATCHER_H
#define SECANT_PROVE_WATCHER_H

#include "prove/sectest.h"

struct watcher;

struct watcher *watcher_new(void);
void watcher_free(struct watcher *watcher);
/* Records what a file that has just been read depends on, and the present state of that. */
void watcher_know(struct watcher *watcher, const struct test_file *file);
/* Has something changed since then?  Always true for a file that is not known. */
bool watcher_changed(struct watcher *watcher, struct bytes path);
/* How many files are watched: those that are known, and those that they depend on. */
size_t watcher_count(const struct watcher *watcher);
/* Waits until something happens, a second at most; a signal ends the wait. */
void watcher_wait(struct watcher *watcher);

#endif
