/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts of rules that another program reads: Perl code, and commands for a shell.  There $1, ${x}
 * and % may be that program's. */
#ifndef SECANT_LINT_CODE_TEXTS_H
#define SECANT_LINT_CODE_TEXTS_H

#include "lang/visit.h"

bool lint_is_code(const struct visit_spot *spot);

#endif
