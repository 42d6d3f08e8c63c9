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

/* The files of one set. */
static enum verdict enter_cfset(struct engine *engine, const struct rule *rule, struct bytes name)
{
    const struct cfset *set = ruleset_cfset(engine->rules.set, name);
    const char *fault = entered(engine->line.trail, name) ? "loop detected"
                        : !set                            ? "set does not exist"
                                                          : NULL;
    if (fault) {
        log_msg(engine->log, LOG_WARN, B("Can't jump to fileset '"), name, B("' from "),
                rule->file->name, B(", "), bytes_of(fault));
        return VERDICT_NO_SET;
    }
    const struct jump_trail *up = engine->line.trail;
    struct jump_trail here = {up, name};
    bool ended = false;
    engine->line.trail = &here;
    for (size_t i = 0; i < set->count && !ended; i++)
        ended =
            engine->hooks.process_rules(engine, engine->state.files.items[set->files[i]->number]);
    engine->line.trail = up;
    return ended ? VERDICT_JUMPED_TO_END : VERDICT_JUMPED;
}

static enum verdict matched(struct engine *engine, struct rule_state *state, size_t part,
                            const struct match_vars *vars)
{
    const struct rule *rule = state->rule;
    struct scope scope = {.keys = &rule->keys, .first = vars};
    enum verdict verdict = VERDICT_NO_SET;
    (void)part;
    for (size_t i = 0; i < rule->cfset_count && verdict != VERDICT_JUMPED_TO_END; i++) {
        enum verdict set = enter_cfset(engine, rule, expand(engine, rule->cfsets[i], &scope));
        if (set != VERDICT_NO_SET)
            verdict = set;
    }
    return verdict;
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
    .patterns = 1,
    .fields = fields,
    .matched = matched,
};
