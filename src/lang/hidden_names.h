/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Perl code in rules that wants more of package main than there is. */
#ifndef SECANT_LANG_HIDDEN_NAMES_H
#define SECANT_LANG_HIDDEN_NAMES_H

#include "lang/diag.h"
#include "lang/rule_text.h"

/* Warns of each variable that the rule's texts name, once. */
void hidden_names_check(const struct diag *diag, const struct hidden_names *hidden,
                        const struct rule_text *text);

#endif
