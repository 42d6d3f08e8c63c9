/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line through the rules. */
#ifndef SECANT_ENGINE_PROCESS_H
#define SECANT_ENGINE_PROCESS_H

#include "state/engine.h"

/* After rules were loaded: gives prefilter slots and builds the matcher. */
void process_prepare(struct engine *engine);
/* A line of a source.  Line and source stay as they are until the next one, or until
 * process_settle. */
void process_line(struct engine *engine, struct bytes line, struct line_source *source);
/* The first synthetic event of the queue, with its internal context; there must be one. */
void process_event(struct engine *engine);
/* SEC_STARTUP and similar, with the messages around it. */
void process_internal(struct engine *engine, struct bytes text);
/* The present line's text will go away: window and cache take copies of what they point to. */
void process_settle(struct engine *engine);

#endif
