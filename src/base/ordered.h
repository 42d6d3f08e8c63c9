/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Search in an array that is in the order of numbers. */
#ifndef SECANT_BASE_ORDERED_H
#define SECANT_BASE_ORDERED_H

#include <stddef.h>
#include <stdint.h>

/* Where the first element of that number, or of a greater one, is; count: there is none.
 * number_of(items, i) is the number of the i-th element; none is less than the one before. */
size_t ordered_at(const void *items, size_t count, uint64_t number,
                  uint64_t (*number_of)(const void *items, size_t index));

#endif
