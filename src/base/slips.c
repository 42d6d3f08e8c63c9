/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Damerau-Levenshtein distance in its plain form: no letter is moved twice. */
#include "base/slips.h"

#include "base/mem.h"

static size_t min(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t slips_between(struct bytes a, struct bytes b)
{
    size_t width = b.len + 1; /* table[i * width + j]: of the first i letters of a and j of b */
    size_t *table = mem_array(NULL, (a.len + 1) * width, sizeof(*table));
    for (size_t i = 0; i <= a.len; i++)
        for (size_t j = 0; j <= b.len; j++) {
            size_t *here = &table[i * width + j];
            *here = i + j;
            if (i == 0 || j == 0)
                continue;
            const char *p = a.ptr, *q = b.ptr;
            const size_t *above = here - width;
            *here = min(min(here[-1], above[0]) + 1, above[-1] + (p[i - 1] != q[j - 1]));
            if (i > 1 && j > 1 && p[i - 1] == q[j - 2] && p[i - 2] == q[j - 1])
                *here = min(*here, above[-2 - (ptrdiff_t)width] + 1);
        }
    size_t all = table[a.len * width + b.len];
    free(table);
    return all;
}
