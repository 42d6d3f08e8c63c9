/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories told to people, or to programs. */
#ifndef SECANT_EXPLAIN_TELL_H
#define SECANT_EXPLAIN_TELL_H

#include "explain/story.h"

/* One sentence of a brief telling, without a newline; the text lasts until it returns. */
typedef void explain_say(void *arg, struct bytes text);

/* A line's story in few sentences, for a trace: what matched and what came of it, and where only
 * the context or a cached match was missing
 *     "ssh.sec:3 SingleWithThreshold: counted, 3 of 5 until 08:01:00"
 * with the stories of the events that it made, indented.  To be called while the rules are
 * there. */
void explain_tell_brief(const struct story_line *line, explain_say *hear, void *arg);

/* How much is told: the rules that nearly fired; all; and with all values. */
enum tell_depth { TELL_NEAR, TELL_RULES, TELL_VALUES };

/* The whole story of the last line that came, with its events, and the rules that did not fire;
 * to be called before another line comes. */
void explain_tell(struct engine *engine, const struct story_line *line, enum tell_depth depth,
                  struct buf *out);
/* The same as JSON, all of it, an object in each line: secant-explain(1) has its members. */
void explain_tell_json(struct engine *engine, const struct story_line *line, struct buf *out);

#endif
