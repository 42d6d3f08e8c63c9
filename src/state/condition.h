/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Evaluation of context expressions. */
#ifndef SECANT_STATE_CONDITION_H
#define SECANT_STATE_CONDITION_H

#include "lang/context_expr.h"
#include "state/scope.h"

/* scope: match variables of its texts; scope_plain for an expression that is not substituted ([],
 * Calendar: its texts are then taken as they stand). */
bool condition_true(struct engine *engine, const struct context_expr *expr,
                    const struct scope *scope);
/* As upstream's dumps print it; scope as in action_list_print. */
void condition_print(const struct context_expr *expr, struct engine *engine,
                     const struct scope *scope, struct buf *out);

#endif
