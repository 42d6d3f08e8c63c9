/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For people, findings with the same cause are reported as one: the first says where the others
 * are.  Each is still known, silenced and fixed separately, and programs get all of them. */
#ifndef SECANT_CHECK_FOLD_H
#define SECANT_CHECK_FOLD_H

#include "lint/lint.h"

/* Folds the findings that are reported; to be called after baseline_heed. */
void fold_alike(struct lint *lint);

#endif
