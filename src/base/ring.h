/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rings: arrays whose first item may be anywhere and whose last may come before it.
 *
 * The room is a power of two or, before the first item, 0.  The owner keeps items, room, first and
 * count in members of the width that it needs. */
#ifndef SECANT_BASE_RING_H
#define SECANT_BASE_RING_H

#include <assert.h>
#include <stddef.h>

/* The place of the item `index` places after the first one. */
static inline size_t ring_place(size_t first, size_t index, size_t room)
{
    assert((room & (room - 1)) == 0);
    return (first + index) & (room - 1);
}

/* Moves all `room` items of a full ring, `size` bytes each, to the start of a new ring of `wider`
 * items, and frees the old one.  The caller owns the new ring, as it did the old one. */
void *ring_widen(void *items, size_t size, size_t room, size_t first, size_t wider);

#endif
