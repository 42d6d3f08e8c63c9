/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The messages of loading, as findings.
 *
 * One slip often causes many messages: a line without its "=" is also a keyword that is missing,
 * and a file of another program has as many errors as lines.  Such messages become one finding. */
#ifndef SECANT_LINT_LOADING_H
#define SECANT_LINT_LOADING_H

#include "lint/lint.h"

/* What the parser calls (struct parse_env); the listener is the struct lint. */
void loading_hear(void *listener, const struct finding *heard);
/* Once all is loaded. */
void loading_end(struct lint *lint);
/* Once all checks have looked, and their findings are sorted: where one has found what cuts a rule
 * in two or swallows a field, the messages that this leads to belong to it. */
void loading_join(struct lint *lint);

#endif
