/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Input windows: the last --bufsize lines of all sources together, or of each source alone.
 *
 * Upstream calls them input buffers.  A window of one line keeps no copy: it points at the line
 * where it was read.  A larger one copies.  The last N lines as one text, joined by newlines, are
 * made once per event and kept in the event's arena.
 */
#ifndef SECANT_FEED_WINDOW_H
#define SECANT_FEED_WINDOW_H

#include "base/arena.h"
#include "base/bytes.h"

struct window; /* one ring of lines */

/* size >= 1; the lines are empty at first. */
struct window *window_new(size_t size);
void window_free(struct window *window);
/* Keeps the newest lines; new room holds empty lines that count as older. */
void window_resize(struct window *window, size_t size);
/* The same for a window that may not exist: makes it if necessary, and frees it if size is 0. */
void window_fit(struct window **window, size_t size);
/* Makes all of its lines empty again. */
void window_clear(struct window *window);
size_t window_size(const struct window *window);
/* source: the input's name, or {NULL, 0} for a synthetic event; both texts must stay valid until
 * the next push, or until window_keep, when size is 1. */
void window_push(struct window *window, struct bytes line, struct bytes source);
/* Makes the window the owner of its texts: called before what they point to is freed. */
void window_keep(struct window *window);
/* Line / source `back` lines before the newest (0: the newest; back < size). */
struct bytes window_line(const struct window *window, size_t back);
/* ptr NULL: a synthetic event; "" for the empty lines of the beginning. */
struct bytes window_source(const struct window *window, size_t back);
/* Returns true if that line was pushed, false for the empty lines of the beginning. */
bool window_pushed(const struct window *window, size_t back);
/* The last `count` lines, joined by "\n"; in the arena if count > 1, else the line itself. */
struct bytes window_joined(struct window *window, size_t count, struct arena *arena);
/* Replaces the last `count` lines (rewrite): lines[count - 1] becomes the newest.  The old texts
 * stay valid until the next push, for the matches that point there. */
void window_rewrite(struct window *window, const struct bytes *lines, size_t count);
/* Physical ring, for main::input_buffer: position of the newest line (upstream's $bufpos) and
 * access by position. */
size_t window_position(const struct window *window);
void window_set_position(struct window *window, size_t position);
struct bytes window_at(const struct window *window, size_t position);
void window_set_at(struct window *window, size_t position, struct bytes line);

#endif
