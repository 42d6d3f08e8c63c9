/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A full ring is two runs of items: from the first one to the end of the room, and those before. */
#include "base/ring.h"

#include <assert.h>

#include "base/mem.h"

void *ring_widen(void *items, size_t size, size_t room, size_t first, size_t wider)
{
    assert(wider > room && (wider & (wider - 1)) == 0);
    char *fresh = mem_array(NULL, wider, size);
    if (room > 0) {
        memcpy(fresh, (char *)items + first * size, (room - first) * size);
        memcpy(fresh + (room - first) * size, items, first * size);
    }
    free(items);
    return fresh;
}
