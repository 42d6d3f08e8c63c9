/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/words.h"

struct bytes words_lines(struct arena *arena, uint64_t count)
{
    return arena_cat(arena, NUM(count), count == 1 ? B(" line") : B(" lines"));
}
