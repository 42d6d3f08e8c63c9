/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An entry of the pattern match cache that is asked for and that no variable map makes.  Each name
 * is reported once, where it is first asked for.  A part of a set may use what the rest makes. */
#include "lint/checks.h"
#include "lint/facts.h"
#include "lint/options_rules.h"

static void tell(struct lint *lint, const struct fact *fact)
{
    struct bytes name = fact->name.before;
    struct lint_finding *found =
        lint_tell(lint, fact->spot.rule, fact->at, B("no rule with varmap caches a match as '"),
                  name, B("'"));
    struct bytes nearest = facts_nearest(lint->facts, FACT_CACHE_MADE, name);
    if (!lint_hint_nearest(lint, found, nearest))
        lint_hint(lint, found, B("a rule with varmap="), name,
                  B(" caches its match under this name"));
}

static void look(struct lint *lint)
{
    const struct fact_list *asked = facts_of(lint->facts, FACT_CACHE_ASKED);
    if (asked->count == 0 || facts_code_may_use(lint->facts, B("pmatch_cache")) ||
        options_of_part(lint->set))
        return;
    for (size_t i = 0; i < asked->count; i++) {
        const struct fact *fact = &asked->items[i];
        if (fact->name.open || facts_have(lint->facts, FACT_CACHE_MADE, &fact->name) ||
            fact != facts_first(lint->facts, FACT_CACHE_ASKED, fact->name.before))
            continue;
        tell(lint, fact);
    }
}

const struct lint_check check_cache_never_made = {
    .name = "cache-never-made",
    .level = LINT_WARNING,
    .summary = "A cached match is used that no rule stores",
    .set = look,
};
