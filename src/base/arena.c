/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arenas: a chain of blocks, newest first; a piece that does not fit opens a new block.
 *
 * Blocks have an ordinary size unless one piece needs more.  Nothing is moved and no block is
 * searched, so an allocation costs an addition and a comparison.
 */
#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>

#include "base/huge_pages.h"
#include "base/mem.h"

enum { ORDINARY_ROOM = 32 * 1024 - 64 };

struct arena_block {
    struct arena_block *older;
    size_t room;
    alignas(16) char data[];
};

void arena_init(struct arena *arena)
{
    *arena = (struct arena){0};
}

static void enter_block(struct arena *arena, struct arena_block *block)
{
    arena->block = block;
    arena->at = block ? block->data : NULL;
    arena->end = block ? block->data + block->room : NULL;
}

static void drop_newest(struct arena *arena)
{
    struct arena_block *newest = arena->block;
    enter_block(arena, newest->older);
    if (newest->room > LARGE_PIECE)
        free_large(newest);
    else
        free(newest);
}

void arena_free(struct arena *arena)
{
    while (arena->block)
        drop_newest(arena);
}

void arena_reset(struct arena *arena)
{
    while (arena->block && (arena->block->older || arena->block->room > ORDINARY_ROOM))
        drop_newest(arena);
    enter_block(arena, arena->block);
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){arena->block, arena->at};
}

void arena_release(struct arena *arena, struct arena_mark mark)
{
    if (!mark.block) { /* nothing had been handed out */
        arena_reset(arena);
        return;
    }
    while (arena->block != mark.block) {
        assert(arena->block); /* else what the mark points to has been released before */
        drop_newest(arena);
    }
    assert(mark.at >= arena->block->data && mark.at <= arena->end);
    arena->at = mark.at;
}

void *arena_grow(struct arena *arena, size_t size)
{
    size_t room = size > ORDINARY_ROOM ? size : ORDINARY_ROOM;
    struct arena_block *block = mem_alloc(sizeof(*block) + room);
    block->older = arena->block;
    block->room = room;
    enter_block(arena, block);
    arena->at += size;
    return block->data;
}

void *arena_zalloc(struct arena *arena, size_t size)
{
    void *piece = arena_alloc(arena, size);
    return size > 0 ? memset(piece, 0, size) : piece;
}

struct bytes arena_bytes(struct arena *arena, struct bytes b)
{
    return arena_cat_parts(arena, &b, 1);
}

struct bytes arena_upper(struct arena *arena, struct bytes b)
{
    char *upper = arena_alloc(arena, b.len);
    for (size_t i = 0; i < b.len; i++)
        upper[i] = ascii_upper(b.ptr[i]);
    return bytes_make(upper, b.len);
}

struct bytes arena_cat_parts(struct arena *arena, const struct bytes *parts, size_t count)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += parts[i].len;
    char *text = arena_alloc(arena, total + 1);
    char *at = text;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len > 0)
            memcpy(at, parts[i].ptr, parts[i].len);
        at += parts[i].len;
    }
    *at = '\0';
    return bytes_make(text, total);
}
