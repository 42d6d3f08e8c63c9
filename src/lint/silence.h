/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Comments in rules that silence findings:
 *
 *     rem=lint:off NAME [NAME ...] [until 2027-01-31]
 *
 * in a rule applies to that rule, in an Options rule to its file.  SEC ignores `rem`. */
#ifndef SECANT_LINT_SILENCE_H
#define SECANT_LINT_SILENCE_H

#include "lint/lint.h"

/* Sets the fate of findings that are silenced.  Unknown names, dates that have passed and comments
 * that silence nothing become findings themselves. */
void silence_heed(struct lint *lint);

#endif
