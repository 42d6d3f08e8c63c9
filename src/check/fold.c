/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/fold.h"

#include "base/mem.h"
#include "base/table.h"

enum { LINES_MAX = 20 }; /* that are named */

/* Findings that are reported as one. */
struct group {
    struct bytes key; /* in the arena of the look */
    struct lint_finding *first, *last;
    size_t more; /* after the first */
    struct bytes lines;
    size_t named;     /* how many these are: */
    size_t last_line; /* each is named once, and not that of the first */
};

static struct bytes group_key(const void *entry)
{
    return ((const struct group *)entry)->key;
}

static struct bytes key_of(struct lint *lint, const struct lint_finding *finding)
{
    return arena_cat(&lint->arena, NUM(finding->file->number), B(" "), bytes_of(finding->check),
                     B(" "), NUM((size_t)finding->level), B(" "), finding->cause);
}

static void add(struct lint *lint, struct group *group, struct lint_finding *finding)
{
    size_t line = finding->range.from.line;
    group->last->alike = finding;
    group->last = finding;
    group->more++;
    finding->fate = LINT_FOLDED;
    if (line == group->last_line)
        return;
    group->last_line = line;
    if (++group->named <= LINES_MAX)
        group->lines =
            arena_cat(&lint->arena, group->lines, group->named > 1 ? B(", ") : B(""), NUM(line));
}

static void say(struct lint *lint, const struct group *group)
{
    struct lint_finding *first = group->first;
    struct bytes where = group->named == 0   ? B(" on the same line")
                         : group->named == 1 ? B(": line ")
                                             : B(": lines ");
    if (group->more > 0)
        first->text =
            arena_cat(&lint->arena, first->text, B(" (and "), NUM(group->more), B(" more like it"),
                      where, group->lines, group->named <= LINES_MAX ? B(")") : B(", ...)"));
}

void fold_alike(struct lint *lint)
{
    struct table groups;
    size_t at = 0;
    table_init(&groups, group_key);
    for (size_t i = 0; i < lint->count; i++) {
        struct lint_finding *finding = lint->findings[i];
        if (finding->fate != LINT_TOLD || finding->cause.len == 0)
            continue;
        struct bytes key = key_of(lint, finding);
        struct group *group = table_find(&groups, key);
        if (group) {
            add(lint, group, finding);
            continue;
        }
        group = arena_zalloc(&lint->arena, sizeof(*group));
        *group = (struct group){.key = key,
                                .first = finding,
                                .last = finding,
                                .lines = B(""),
                                .last_line = finding->range.from.line};
        table_insert(&groups, group);
    }
    for (const struct group *group; (group = table_next(&groups, &at));)
        say(lint, group);
    table_free(&groups);
}
