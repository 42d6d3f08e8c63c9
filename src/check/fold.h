/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings of one cause are one for people: the first is reported and says where the others are.
 * Each is still known, silenced and fixed by itself, and programs get each. */
#ifndef SECANT_CHECK_FOLD_H
#define SECANT_CHECK_FOLD_H

#include "lint/lint.h"

/* Of what is reported, after a baseline has been heeded. */
void fold_alike(struct lint *lint);

#endif
