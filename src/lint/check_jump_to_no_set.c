/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A Jump rule to a set that no file joins: lines that match are lost without a word. */
#include "base/slips.h"
#include "lint/checks.h"
#include "lint/options_rules.h"

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

/* The Options rule that names the set, but is overridden; NULL: none. */
static const struct options_rule *overridden(struct lint *lint, struct bytes name,
                                             const struct rule_file **file, size_t *by)
{
    const struct options_rule *rules;
    for (size_t i = 0; i < lint->set->file_count; i++) {
        *file = lint->set->files[i];
        size_t count = options_rules_read(lint, *file, &rules);
        for (size_t k = 0; k + 1 < count; k++)
            if (options_rule_joins(&rules[k], name)) {
                *by = rules[count - 1].line;
                return &rules[k];
            }
    }
    return NULL;
}

static void tell(struct lint *lint, const struct rule *rule, const struct template *cfset)
{
    const struct rule_file *file;
    size_t by;
    const struct options_rule *lost = overridden(lint, cfset->text, &file, &by);
    struct lint_finding *found =
        lint_tell(lint, rule, template_place(cfset, cfset->text), B("no rule file joins the set '"),
                  cfset->text, B("': lines sent there are checked against no rules"));
    if (lost) {
        lint_hint(lint, found, B("the Options rule at line "), NUM(lost->line),
                  file == rule->file ? B("") : arena_cat(&lint->arena, B(" of "), file->name),
                  B(" that names it is overridden by the one at line "), NUM(by),
                  B(": give its rules a file of their own, or name both sets there"));
    } else if (!lint_hint_nearest(lint, found, nearest_set(lint->set, cfset->text))) {
        lint_hint(lint, found, B("a file joins a set with type=Options and joincfset="),
                  cfset->text);
    }
}

static void look(struct lint *lint, const struct rule *rule)
{
    for (size_t i = 0; i < rule->cfset_count; i++) {
        const struct template *cfset = rule->cfsets[i];
        if (!template_constant(cfset) || ruleset_cfset(lint->set, cfset->text))
            continue;
        tell(lint, rule, cfset);
    }
}

const struct lint_check check_jump_to_no_set = {
    .name = "jump-to-no-set",
    .level = LINT_WARNING,
    .summary = "A Jump rule names a set that no rule file joins",
    .rule = look,
};
