/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UTF-8, for those whose texts must be nothing else. */
#ifndef SECANT_BASE_UTF8_H
#define SECANT_BASE_UTF8_H

#include "base/bytes.h"

/* The length of the character that the text begins with; 0: there is none. */
size_t utf8_length(struct bytes text);
/* The text with U+FFFD in place of each byte that belongs to no character. */
void utf8_add(struct buf *out, struct bytes text);

#endif
