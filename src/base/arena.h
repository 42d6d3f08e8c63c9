/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that is released together: all rules of a load, all that one line needs.
 *
 * An arena hands out aligned pieces of large blocks and takes them back only as a whole
 * (arena_reset, arena_free) or back to a mark, so that a loop of user actions does not grow it.
 */
#ifndef SECANT_BASE_ARENA_H
#define SECANT_BASE_ARENA_H

#include "base/bytes.h"

struct arena_block;

struct arena {
    struct arena_block *block; /* newest block, older ones after it */
    char *at, *end;            /* free room in the newest block */
};

struct arena_mark {
    struct arena_block *block;
    char *at;
};

void arena_init(struct arena *arena);
void arena_free(struct arena *arena); /* frees all blocks; the arena can be used again */
/* Forgets all that was handed out; keeps one ordinary block for the next use. */
void arena_reset(struct arena *arena);
struct arena_mark arena_mark(const struct arena *arena);
/* Forgets all that was handed out since the mark. */
void arena_release(struct arena *arena, struct arena_mark mark);

void *arena_grow(struct arena *arena, size_t size); /* the slow half of arena_alloc */

/* Aligned to 16 bytes, not zeroed. */
static inline void *arena_alloc(struct arena *arena, size_t size)
{
    size = (size + 15) & ~(size_t)15;
    if (size > (size_t)(arena->end - arena->at))
        return arena_grow(arena, size);
    void *piece = arena->at;
    if (size) /* nothing may be added to NULL, not even 0 */
        arena->at += size;
    return piece;
}

void *arena_zalloc(struct arena *arena, size_t size);
/* A copy in the arena with a NUL after it (not counted). */
struct bytes arena_bytes(struct arena *arena, struct bytes b);
struct bytes arena_upper(struct arena *arena, struct bytes b); /* ASCII letters in upper case */
/* Joins several texts in the arena. */
#define arena_cat(arena, ...)                                                                      \
    arena_cat_parts(arena, (const struct bytes[]){__VA_ARGS__},                                    \
                    sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes))
struct bytes arena_cat_parts(struct arena *arena, const struct bytes *parts, size_t count);

#endif
