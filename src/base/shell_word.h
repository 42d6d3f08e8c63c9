/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of commands that are shown, as a shell takes them. */
#ifndef SECANT_BASE_SHELL_WORD_H
#define SECANT_BASE_SHELL_WORD_H

#include "base/bytes.h"

/* In quotes. */
void shell_quote(struct buf *out, struct bytes text);
/* In quotes if it needs them. */
void shell_word(struct buf *out, struct bytes text);

#endif
