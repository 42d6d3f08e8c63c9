/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of the events that an operation counts, for a rule with rem=events: (lang/kept.h), and
 * the context that holds them while an action list of the operation runs.
 *
 * The lines belong to the newest event times of the operation and go with them.  At most
 * rule->events_most lines and EVENT_LINES_BYTES of text are kept; the newest line always is. */
#ifndef SECANT_STATE_EVENT_LINES_H
#define SECANT_STATE_EVENT_LINES_H

#include "state/contexts.h"
#include "state/operations.h"

enum { EVENT_LINES_BYTES = 1 << 20 };

struct event_lines {
    uint32_t count, first, room; /* a ring of lines */
    size_t bytes;                /* of all texts */
    struct stored_event *lines;  /* oldest first; owned */
};

static inline const struct stored_event *event_line_at(const struct event_lines *lines,
                                                       uint32_t index)
{
    assert(index < lines->count);
    return &lines->lines[ring_place(lines->first, index, lines->room)];
}
/* Adds the line (copied) of the event whose time was pushed last. */
void event_lines_push(struct operation *operation, struct bytes line, int64_t time);
void event_lines_shift(struct event_lines *lines);
void event_lines_free(struct event_lines *lines); /* NULL is allowed */
/* Creates the context that the rule names, with the lines in its store, and retains it until
 * event_lines_hide(), which deletes the name.  NULL: a context of this name exists already; it
 * stays, and the log says so. */
struct context *event_lines_show(struct engine *engine, const struct operation *operation,
                                 const struct scope *scope, struct bytes *name);
void event_lines_hide(struct engine *engine, struct context *context, struct bytes name);

#endif
