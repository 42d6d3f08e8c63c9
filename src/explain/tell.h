/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stories told to people, or to programs. */
#ifndef SECANT_EXPLAIN_TELL_H
#define SECANT_EXPLAIN_TELL_H

#include "explain/story.h"

/* One sentence of a brief telling, without a newline; the text lasts until it returns. */
typedef void explain_say(void *arg, struct bytes text);

/* A line's story in few sentences, for a trace: what matched and what came of it
 *     "ssh.sec:3 SingleWithThreshold: counted, 3 of 5 until 08:01:00"
 * with the stories of the events that it made, indented.  To be called while the rules are
 * there. */
void explain_tell_brief(const struct story_line *line, explain_say *say, void *arg);

#endif
