/* The C library's heap is the area below sbrk(0).  Its end moves in steps of STEP bytes, which a
 * few looks a second find early enough. */
#include "base/heap.h"

#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

enum { STEP = 32 * 1024 * 1024 };

static uintptr_t seen; /* the end of the heap at the last look */

static uintptr_t heap_end(void)
{
    return (uintptr_t)sbrk(0);
}

/* Large pieces come from the heap, too: the largest are tables, which are visited in no order. */
void heap_start(void)
{
    seen = heap_end();
    mallopt(M_TOP_PAD, STEP);
    mallopt(M_TRIM_THRESHOLD, 2 * STEP);
    mallopt(M_MMAP_THRESHOLD, STEP);
}

void heap_look(void)
{
    uintptr_t end = heap_end(), page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t from = (seen + page - 1) / page * page;
    seen = end;
    if (from < end)
        madvise((void *)from, end - from, MADV_HUGEPAGE); /* refused: small pages do as well */
}
