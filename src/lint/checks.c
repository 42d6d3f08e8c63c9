/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of checks. */
#include "lint/checks.h"

#include "base/slips.h"
#include "lang/diag.h"

#define ADDRESS(name) &check_##name,

const struct lint_check *const lint_checks[] = {EACH_CHECK(ADDRESS) NULL};

const struct lint_check *lint_check_find(struct bytes name)
{
    for (size_t i = 0; lint_checks[i]; i++)
        if (bytes_eq(bytes_of(lint_checks[i]->name), name))
            return lint_checks[i];
    return NULL;
}

enum lint_name lint_name_find(struct bytes name)
{
    const struct diag_kind *kind;
    if (lint_check_find(name))
        return LINT_NAME_CHECK;
    for (size_t i = 0; (kind = diag_kind((enum diag_code)i)); i++)
        if (bytes_eq(bytes_of(kind->name), name))
            return kind->severity == SEVERITY_ERROR ? LINT_NAME_ERROR : LINT_NAME_WARNING;
    return LINT_NAME_NONE;
}

struct bytes lint_name_nearest(struct bytes name)
{
    struct bytes nearest = B("");
    size_t least = slips_too_many(name);
    const struct diag_kind *kind;
    for (size_t i = 0; lint_checks[i]; i++)
        if (slips_fewer(name, bytes_of(lint_checks[i]->name), &least))
            nearest = bytes_of(lint_checks[i]->name);
    for (size_t i = 0; (kind = diag_kind((enum diag_code)i)); i++)
        if (kind->severity != SEVERITY_ERROR && slips_fewer(name, bytes_of(kind->name), &least))
            nearest = bytes_of(kind->name);
    return nearest;
}
