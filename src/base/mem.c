/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Allocation that never returns NULL.
 *
 * An engine that lost an allocation in the middle of a rule could only go on with wrong state, so
 * it ends with a message instead.
 */
#include "base/mem.h"

#include <stdio.h>

#include "base/unwritten.h"

static int failure = 1;

void mem_fail_with(int status)
{
    failure = status;
}

static _Noreturn void out_of_memory(size_t size)
{
    unwritten_rescue_all();
    fprintf(stderr, "Out of memory (%zu bytes wanted)\n", size);
    exit(failure);
}

void *mem_alloc(size_t size)
{
    void *ptr = malloc(size > 0 ? size : 1);
    if (!ptr)
        out_of_memory(size);
    return ptr;
}

void *mem_zalloc(size_t size)
{
    return mem_zarray(1, size);
}

void *mem_zarray(size_t count, size_t size)
{
    void *ptr = count > 0 && size > 0 ? calloc(count, size) : calloc(1, 1);
    if (!ptr)
        out_of_memory(size > SIZE_MAX / (count + 1) ? SIZE_MAX : count * size);
    return ptr;
}

void *mem_realloc(void *ptr, size_t size)
{
    void *moved = realloc(ptr, size > 0 ? size : 1);
    if (!moved)
        out_of_memory(size);
    return moved;
}

void *mem_array(void *ptr, size_t count, size_t size)
{
    size_t total = 0;
    if (__builtin_mul_overflow(count, size, &total))
        out_of_memory(SIZE_MAX);
    return mem_realloc(ptr, total);
}

struct bytes bytes_dup(struct bytes b)
{
    char *copy = mem_alloc(b.len + 1);
    if (b.len > 0)
        memcpy(copy, b.ptr, b.len);
    copy[b.len] = '\0';
    return bytes_make(copy, b.len);
}

char *bytes_cstr(struct bytes b)
{
    return (char *)bytes_dup(b).ptr;
}
