/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All rule types, for the parser: one NULL-terminated table. */
#ifndef SECANT_CORRELATE_CORRELATE_H
#define SECANT_CORRELATE_CORRELATE_H

#include "lang/rule.h"

extern const struct rule_type *const rule_types[];

#endif
