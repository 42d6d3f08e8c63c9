/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An entry of the pattern match cache that is asked for and made by no variable map.  Each name is
 * told once, where it is first asked for. */
#include "lint/checks.h"
#include "lint/facts.h"

#include "base/table.h"

static struct bytes fact_text(const void *entry)
{
    return ((const struct fact *)entry)->name.before;
}

static void tell(struct lint *lint, const struct fact *fact)
{
    struct bytes name = fact->name.before;
    struct lint_finding *found =
        lint_tell(lint, fact->spot.rule, fact->at, B("no varmap puts a match into the cache as '"),
                  name, B("': there never is one"));
    struct bytes nearest = facts_nearest(lint->facts, FACT_CACHE_MADE, name);
    if (nearest.len > 0)
        lint_hint(lint, found, B("did you mean '"), nearest, B("'?"));
    else
        lint_hint(lint, found, B("a rule with varmap="), name, B(" makes it, where it matches"));
}

static void look(struct lint *lint)
{
    const struct fact_list *asked = facts_of(lint->facts, FACT_CACHE_ASKED);
    struct table told;
    if (asked->count == 0 || facts_code_may_use(lint->facts, B("pmatch_cache")))
        return;
    table_init(&told, fact_text);
    for (size_t i = 0; i < asked->count; i++) {
        struct fact *fact = &asked->items[i];
        if (fact->name.open || facts_have(lint->facts, FACT_CACHE_MADE, &fact->name) ||
            table_find(&told, fact->name.before))
            continue;
        table_insert(&told, fact);
        tell(lint, fact);
    }
    table_free(&told);
}

const struct lint_check check_cache_never_made = {
    .name = "cache-never-made",
    .level = LINT_WARNING,
    .summary = "A cached match is asked for that no rule makes",
    .set = look,
};
