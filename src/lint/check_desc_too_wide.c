/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A rule that counts or suppresses, whose pattern has a group for an address that no field names:
 * what comes from different ones is taken together. */
#include "lint/checks.h"
#include "lint/operations.h"
#include "witness/volatile.h"

/* Does some field name a group? */
static bool uses_groups(const struct rule *rule)
{
    for (size_t i = 0; i < rule->keys.count; i++)
        if (rule->keys.keys[i].kind != KEY_NUMBER || rule->keys.keys[i].number > 0)
            return true;
    return false;
}

static bool find_address(const struct pattern *pattern, struct arena *arena, uint32_t *group,
                         struct volatile_group *found)
{
    for (*group = 1; *group <= regex_groups(pattern->regex); ++*group)
        if (volatile_is_address(pattern, *group, arena, found))
            return true;
    return false;
}

static void tell(struct lint *lint, const struct rule *rule, uint32_t group,
                 const struct volatile_group *found)
{
    bool suppresses = operation_kind(rule) == OPERATION_SUPPRESSES;
    struct lint_finding *finding =
        lint_tell(lint, rule, rule->desc->source, B("neither desc nor any other field uses $"),
                  NUM(group), B(": "),
                  suppresses ? B("lines suppress each other whatever its value")
                             : B("lines are counted together whatever its value"));
    lint_hint(lint, finding, B("is that intended, or does $"), NUM(group), B(" belong in desc?"));
    lint_witness(lint, finding, found->line,
                 arena_cat(&lint->arena,
                           suppresses ? B("suppresses one with '")
                                      : B("is counted together with one with '"),
                           found->other, B("' there")));
}

static void look(struct lint *lint, const struct rule *rule)
{
    enum operation_kind kind = operation_kind(rule);
    if (kind != OPERATION_COUNTS && kind != OPERATION_SUPPRESSES)
        return;
    const struct pattern *pattern = &rule->parts[0].pattern;
    if (rule->part_count > 1 || pattern->type != PATTERN_REGEXP || uses_groups(rule))
        return;
    struct arena arena;
    struct volatile_group found;
    uint32_t group;
    arena_init(&arena);
    if (find_address(pattern, &arena, &group, &found))
        tell(lint, rule, group, &found);
    arena_free(&arena);
}

const struct lint_check check_desc_too_wide = {
    .name = "desc-too-wide",
    .level = LINT_NOTE,
    .summary = "Lines are counted together whatever address they hold",
    .rule = look,
};
