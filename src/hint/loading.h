/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The messages of loading, as findings.
 *
 * One slip often causes many messages: a line without its "=" is also a keyword that is missing,
 * and a file of another program has as many errors as lines.  Such messages become one finding. */
#ifndef SECANT_HINT_LOADING_H
#define SECANT_HINT_LOADING_H

#include "lint/lint.h"

/* After lint_begin(): what the parser has to say of the rules becomes findings. */
void loading_begin(struct lint *lint);
/* Once all is loaded, before the checks. */
void loading_end(struct lint *lint);
/* After lint_look(): where one has found what cuts a rule
 * in two or swallows a field, the messages that this leads to belong to it. */
void loading_join(struct lint *lint);

#endif
