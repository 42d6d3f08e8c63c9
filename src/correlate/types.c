/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of rule types. */
#include "correlate/types.h"

#include "correlate/correlate.h"

static const struct field options_fields[] = {
    {.kind = FIELD_END},
};

/* Not a rule but the options of its file; the parser knows its fields. */
const struct rule_type rule_options = {
    .keyword = "OPTIONS",
    .name = "Options",
    .constant = {NULL, -1},
    .is_options = true,
    .fields = options_fields,
};

#define ADDRESS(name) &rule_##name,

const struct rule_type *const rule_types[] = {EACH_RULE_TYPE(ADDRESS) NULL};
