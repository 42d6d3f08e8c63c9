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

const struct rule_type *const rule_types[] = {
    &rule_single,
    &rule_script,
    &rule_suppressing,
    &rule_pair,
    &rule_pair_window,
    &rule_threshold,
    &rule_two_thresholds,
    &rule_event_group,
    &rule_suppress,
    &rule_calendar,
    &rule_jump,
    &rule_options,
    NULL,
};
