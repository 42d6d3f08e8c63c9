/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers in the sentences of findings. */
#ifndef SECANT_LINT_WORDS_H
#define SECANT_LINT_WORDS_H

#include "base/arena.h"

/* "1 line", "412 lines". */
struct bytes words_lines(struct arena *arena, uint64_t count);

#endif
