/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/facts.h"

struct lint_facts {
    const struct ruleset *set;
};

struct lint_facts *facts_new(const struct ruleset *set, struct arena *arena)
{
    struct lint_facts *facts = arena_zalloc(arena, sizeof(*facts));
    facts->set = set;
    return facts;
}

void facts_free(struct lint_facts *facts)
{
    (void)facts;
}
