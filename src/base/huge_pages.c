/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The C library's heap is the area below sbrk(0).  Its end moves in steps of STEP bytes, so that
 * looking a few times a second is early enough. */
#include "base/huge_pages.h"

#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { STEP = 32 * 1024 * 1024 };

/* The end of the heap, of which the process has one, at the last look. */
static char *seen;
static bool freed_large;

static char *heap_end(void)
{
    return sbrk(0);
}

/* Large pieces come from the heap, too: the largest are tables, which are visited in no order.  C
 * libraries other than glibc cannot be told. */
void huge_pages_start(void)
{
    seen = heap_end();
#ifdef M_TOP_PAD
    mallopt(M_TOP_PAD, STEP);
    mallopt(M_TRIM_THRESHOLD, 2 * STEP);
    mallopt(M_MMAP_THRESHOLD, STEP);
#endif
}

void huge_pages_look(void)
{
    char *end = heap_end();
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    char *from = seen + (page - (uintptr_t)seen % page) % page;
    seen = end;
    if (from < end)
        madvise(from, (size_t)(end - from), MADV_HUGEPAGE); /* refused: small pages do as well */
}

void free_large(void *piece)
{
    free(piece);
    freed_large = true;
}

void huge_pages_give_back(void)
{
    if (!freed_large)
        return;
    freed_large = false;
#ifdef M_TRIM_THRESHOLD
    malloc_trim(STEP);
#endif
}
