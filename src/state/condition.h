/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Evaluation of context expressions. */
#ifndef SECANT_STATE_CONDITION_H
#define SECANT_STATE_CONDITION_H

#include "lang/context_expr.h"
#include "state/scope.h"

/* scope: match variables of its texts.  Use scope_plain for an expression without substitution ([]
 * and Calendar), whose texts are used unchanged. */
bool condition_true(struct engine *engine, const struct context_expr *expr,
                    const struct scope *scope);
/* Prints it as upstream's dumps do; scope as in action_list_print. */
void condition_print(const struct context_expr *expr, struct engine *engine,
                     const struct scope *scope, struct buf *out);

#endif
