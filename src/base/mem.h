/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Allocation that never returns NULL: out of memory ends the program with a message.
 * Memory from here is released with free(). */
#ifndef SECANT_BASE_MEM_H
#define SECANT_BASE_MEM_H

#include <stdlib.h>

#include "base/bytes.h"

/* Sets the exit status of a program that runs out of memory, for programs where 1, the default, is
 * a verdict. */
void mem_fail_with(int status);

void *mem_alloc(size_t size);
void *mem_zalloc(size_t size); /* zeroed */
/* Room for `count` zeroed items of `size` bytes; an overflow of the product also ends the
 * program. */
void *mem_zarray(size_t count, size_t size);
void *mem_realloc(void *ptr, size_t size);
/* The same without zeroing; ptr as in mem_realloc. */
void *mem_array(void *ptr, size_t count, size_t size);
/* Makes room for one more item in a growing array of `count` items: `least` items at first, doubled
 * whenever it is full.  All arguments but `least` must be variables. */
#define MEM_GROW(items, count, room, least)                                                        \
    ((count) < (room) ? (void)0                                                                    \
                      : (void)((room) = (room) > 0 ? 2 * (room) : (least),                         \
                               (items) = mem_array((items), (room), sizeof(*(items)))))
/* A heap copy with a NUL after it (not counted in len), owned by the caller. */
struct bytes bytes_dup(struct bytes b);
/* Frees a text that is on the heap, such as one of bytes_dup; ptr may be NULL. */
static inline void bytes_free(struct bytes b)
{
    free((char *)b.ptr);
}
char *bytes_cstr(struct bytes b); /* as bytes_dup, but as a C string */

#endif
