/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds Perl code in rules that uses variables of SEC's package main that do not work here. */
#ifndef SECANT_LANG_HIDDEN_NAMES_H
#define SECANT_LANG_HIDDEN_NAMES_H

#include "lang/diag.h"
#include "lang/rule_text.h"

/* Warns once of each such variable that the rule's texts name. */
void hidden_names_check(const struct diag *diag, const struct hidden_names *hidden,
                        const struct rule_text *text);

#endif
