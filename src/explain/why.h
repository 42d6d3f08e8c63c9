/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says in sentences why a rule did not fire. */
#ifndef SECANT_EXPLAIN_WHY_H
#define SECANT_EXPLAIN_WHY_H

#include "explain/near.h"

/* Appends lines of text, each with its newline, indented by `indent` blanks. */
void why_tell(struct engine *engine, const struct near *near, int64_t now, size_t indent,
              struct buf *out);
/* The first of these sentences alone, without a newline. */
void why_tell_briefly(struct engine *engine, const struct near *near, int64_t now, struct buf *out);
/* The text of a context expression as it is in the rule. */
struct bytes why_expression(const struct context_expr *expr);
/* "MAINTENANCE exists until 09:00:00". */
void why_term(struct engine *engine, const struct story_term *term, int64_t now, struct buf *out);

#endif
