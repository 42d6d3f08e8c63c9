/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of commands for display, written as a shell accepts them. */
#ifndef SECANT_BASE_SHELL_WORD_H
#define SECANT_BASE_SHELL_WORD_H

#include "base/bytes.h"

/* Appends the text in quotes. */
void shell_quote(struct buf *out, struct bytes text);
/* Appends the text, in quotes if it needs them. */
void shell_word(struct buf *out, struct bytes text);

#endif
