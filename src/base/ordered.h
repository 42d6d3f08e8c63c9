/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Binary search in an array that is sorted by number. */
#ifndef SECANT_BASE_ORDERED_H
#define SECANT_BASE_ORDERED_H

#include <stddef.h>
#include <stdint.h>

/* The index of the first element with this number or a greater one; count if there is none.
 * number_of(items, i) is the number of element i; the array must be in ascending order of these. */
size_t ordered_at(const void *items, size_t count, uint64_t number,
                  uint64_t (*number_of)(const void *items, size_t index));

#endif
