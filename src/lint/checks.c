/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of checks. */
#include "lint/checks.h"

#define ADDRESS(name) &check_##name,

const struct lint_check *const lint_checks[] = {EACH_CHECK(ADDRESS) NULL};

const struct lint_check *lint_check_find(struct bytes name)
{
    for (size_t i = 0; lint_checks[i]; i++)
        if (bytes_eq(bytes_of(lint_checks[i]->name), name))
            return lint_checks[i];
    return NULL;
}
