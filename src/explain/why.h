/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a rule did not fire, in sentences. */
#ifndef SECANT_EXPLAIN_WHY_H
#define SECANT_EXPLAIN_WHY_H

#include "explain/near.h"

/* Lines of text, each with its newline, after `indent` blanks. */
void why_tell(struct engine *engine, const struct near *near, int64_t now, size_t indent,
              struct buf *out);
/* The first of these sentences alone, without a newline. */
void why_tell_briefly(struct engine *engine, const struct near *near, int64_t now, struct buf *out);
/* What a context expression is as the rule has it. */
struct bytes why_expression(const struct context_expr *expr);
/* "MAINTENANCE exists until 09:00:00". */
void why_term(struct engine *engine, const struct story_term *term, int64_t now, struct buf *out);

#endif
