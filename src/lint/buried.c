/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lint/buried.h"

#include "base/mem.h"

void bury(struct lint *lint, const struct lint_finding *by, const struct rule *rule)
{
    MEM_GROW(lint->buried, lint->buried_count, lint->buried_room, 16);
    lint->buried[lint->buried_count++] = (struct lint_buried){rule, by};
}

/* By file and id: the first finding that says so, which may be a note that is not shown. */
static const struct lint_finding ***read_buried(struct lint *lint)
{
    const struct lint_finding ***by =
        arena_zalloc(&lint->arena, lint->set->file_count * sizeof(*by));
    for (size_t i = 0; i < lint->buried_count; i++) {
        const struct lint_buried *buried = &lint->buried[i];
        const struct rule_file *file = buried->rule->file;
        if (buried->by->fate != LINT_TOLD && buried->by->fate != LINT_MINOR)
            continue;
        if (!by[file->number])
            by[file->number] = arena_zalloc(&lint->arena, file->count * sizeof(**by));
        if (!by[file->number][buried->rule->id])
            by[file->number][buried->rule->id] = buried->by;
    }
    return by;
}

/* Of rules, that is: what loading has to say is SEC's own. */
void buried_heed(struct lint *lint)
{
    if (lint->buried_count == 0)
        return;
    const struct lint_finding ***by = read_buried(lint);
    for (size_t i = lint->first; i < lint->count; i++) {
        struct lint_finding *finding = lint->findings[i];
        const struct rule *rule = finding->rule;
        if (!rule || finding->fate != LINT_TOLD || finding->level == LINT_ERROR ||
            !by[rule->file->number])
            continue;
        const struct lint_finding *told = by[rule->file->number][rule->id];
        if (told && told != finding)
            finding->fate = LINT_BURIED;
    }
}
