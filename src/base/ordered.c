/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/ordered.h"

size_t ordered_at(const void *items, size_t count, uint64_t number,
                  uint64_t (*number_of)(const void *items, size_t index))
{
    size_t from = 0, to = count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (number_of(items, middle) < number)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}
