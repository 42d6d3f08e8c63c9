/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jump: a match sends the line through other rule files, by the names of file sets. */
#include "correlate/shared.h"
#include "correlate/types.h"

static bool entered(const struct jump_trail *trail, struct bytes cfset)
{
    for (; trail; trail = trail->up)
        if (bytes_eq(trail->cfset, cfset))
            return true;
    return false;
}

/* The files of one set; RULE_END when the line's matching ended there. */
static int64_t enter_cfset(struct engine *engine, const struct rule *rule, struct bytes name)
{
    const struct cfset *set = ruleset_cfset(engine->rules.set, name);
    const char *fault = entered(engine->line.trail, name) ? "loop detected"
                        : !set                            ? "set does not exist"
                                                          : NULL;
    if (fault) {
        log_msg(engine->log, LOG_WARN, B("Can't jump to fileset '"), name, B("' from "),
                rule->file->name, B(", "), bytes_of(fault));
        return 0;
    }
    const struct jump_trail *up = engine->line.trail;
    struct jump_trail here = {up, name};
    int64_t result = 0;
    engine->line.trail = &here;
    for (size_t i = 0; i < set->count && result != RULE_END; i++)
        result = engine->hooks.process_rules(engine, set->files[i]);
    engine->line.trail = up;
    return result;
}

static int64_t matched(struct engine *engine, struct rule *rule, size_t part,
                       const struct match_vars *vars)
{
    (void)part;
    struct scope scope = {.keys = &rule->keys, .first = vars};
    for (size_t i = 0; i < rule->cfset_count; i++)
        if (enter_cfset(engine, rule, expand(engine, rule->cfsets[i], &scope)) == RULE_END)
            return RULE_END;
    return 0;
}

static const struct field fields[] = {
    FIELDS_PATTERN,
    {.kind = FIELD_DESC, .name = "desc"},
    {.kind = FIELD_CFSET, .name = "cfset"},
    {.kind = FIELD_CONSTSET, .name = "constset"},
    {.kind = FIELD_END},
};

const struct rule_type rule_jump = {
    .keyword = "JUMP",
    .name = "Jump",
    .constant = {"JUMP", 10},
    .shape = SHAPE_ONE,
    .fields = fields,
    .matched = matched,
};
