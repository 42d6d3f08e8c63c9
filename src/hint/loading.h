/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns the messages of loading into findings.
 *
 * One mistake often causes many messages: a line without its "=" is also a missing keyword, and a
 * file of another program has as many errors as lines.  Such messages become one finding. */
#ifndef SECANT_HINT_LOADING_H
#define SECANT_HINT_LOADING_H

#include "lint/lint.h"

/* To be called after lint_begin(): from now on the parser's messages become findings. */
void loading_begin(struct lint *lint);
/* To be called when everything is loaded, before the checks. */
void loading_end(struct lint *lint);
/* To be called after lint_look(): if a check has found what cuts a rule in two or swallows a field,
 * the messages that this leads to are joined with its finding. */
void loading_join(struct lint *lint);

#endif
