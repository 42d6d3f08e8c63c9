/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which part of a regular expression or of code a message of Perl is about.
 *
 * Perl only gives line numbers, and code in rules is one line, but messages quote what they are
 * about (perldiag).  The functions return a part of the text, or all of it if nothing smaller is
 * certain. */
#ifndef SECANT_LANG_FAULT_PLACE_H
#define SECANT_LANG_FAULT_PLACE_H

#include "base/bytes.h"

struct bytes regex_fault(struct bytes regex, struct bytes message);
struct bytes code_fault(struct bytes code, struct bytes message);
/* The same, but returns a part of `source`, which becomes the code when the masks of its
 * parentheses are removed. */
struct bytes masked_code_fault(struct bytes source, struct bytes code, struct bytes message);

#endif
