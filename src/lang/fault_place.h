/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which part of a regular expression or of code Perl's message is about.
 *
 * Perl has lines, and code of rules is one line: but messages quote what they are about (perldiag).
 * What is returned is a part of the text, all of it when nothing smaller is certain. */
#ifndef SECANT_LANG_FAULT_PLACE_H
#define SECANT_LANG_FAULT_PLACE_H

#include "base/bytes.h"

struct bytes regex_fault(struct bytes regex, struct bytes message);
struct bytes code_fault(struct bytes code, struct bytes message);
/* The part of `source`, which without the masks of its parentheses is the code. */
struct bytes masked_code_fault(struct bytes source, struct bytes code, struct bytes message);

#endif
