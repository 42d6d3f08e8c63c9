/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A Jump rule to a set that no file joins: lines that match are lost without a word. */
#include "base/slips.h"
#include "lint/checks.h"

/* The name of a set that was most likely meant; empty: none. */
static struct bytes nearest_set(const struct ruleset *set, struct bytes name)
{
    struct bytes nearest = B("");
    size_t least = slips_too_many(name), at = 0;
    const struct cfset *cfset;
    while ((cfset = table_next(&set->cfsets, &at)))
        if (slips_fewer(name, cfset->name, &least))
            nearest = cfset->name;
    return nearest;
}

static void look(struct lint *lint, const struct rule *rule)
{
    for (size_t i = 0; i < rule->cfset_count; i++) {
        const struct template *cfset = rule->cfsets[i];
        if (!template_constant(cfset) || ruleset_cfset(lint->set, cfset->text))
            continue;
        struct lint_finding *found = lint_tell(
            lint, rule, template_place(cfset, cfset->text), B("no rule file joins the set '"),
            cfset->text, B("': lines sent there are checked against no rules"));
        struct bytes nearest = nearest_set(lint->set, cfset->text);
        if (!lint_hint_nearest(lint, found, nearest))
            lint_hint(lint, found, B("a file joins a set with type=Options and joincfset="),
                      cfset->text);
    }
}

const struct lint_check check_jump_to_no_set = {
    .name = "jump-to-no-set",
    .level = LINT_WARNING,
    .summary = "A Jump rule names a set that no rule file joins",
    .rule = look,
};
