/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Suppress: a match ends the matching in its file. */
#include "correlate/shared.h"
#include "correlate/types.h"

static enum verdict matched(struct engine *engine, struct rule_state *state, size_t part,
                            const struct match_vars *vars)
{
    (void)engine, (void)state, (void)part, (void)vars;
    return VERDICT_DROPPED;
}

static const struct field fields[] = {
    {.kind = FIELD_PATTERN, .name = "ptype", .required = true},
    {.kind = FIELD_PATTERN_TEXT, .name = "pattern", .required = true},
    {.kind = FIELD_VARMAP, .name = "varmap"},
    {.kind = FIELD_CONTEXT, .name = "context"},
    {.kind = FIELD_DESC, .name = "desc"},
    {.kind = FIELD_END},
};

const struct rule_type rule_suppress = {
    .keyword = "SUPPRESS",
    .name = "Suppress",
    .constant = {"SUPPRESS", 8},
    .patterns = 1,
    .fields = fields,
    .matched = matched,
};
