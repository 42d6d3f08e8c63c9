/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file with procallin=no that no Jump leads to: no line reaches its rules.  A Jump counts if
 * lines come to its own file. */
#include "lint/checks.h"
#include "lint/facts.h"

#include <stdlib.h>

#include "base/mem.h"

struct search {
    const struct ruleset *set;
    bool *entered;          /* by file */
    size_t *waiting, count; /* files whose Jump rules have not been followed yet */
};

static bool joins(const struct rule_file *file, const struct wildcard *name)
{
    for (size_t i = 0; i < file->cfset_count; i++) {
        const struct wildcard cfset = wildcard_name(file->cfsets[i]);
        if (wildcard_meets(&cfset, name))
            return true;
    }
    return false;
}

static void enter(struct search *search, size_t file)
{
    if (search->entered[file])
        return;
    search->entered[file] = true;
    search->waiting[search->count++] = file;
}

static void follow(struct search *search, const struct fact_list *jumps, size_t from)
{
    for (size_t i = 0; i < jumps->count; i++) {
        const struct fact *jump = &jumps->items[i];
        if (jump->spot.rule->file->number != from)
            continue;
        for (size_t k = 0; k < search->set->file_count; k++)
            if (!search->entered[k] && joins(search->set->files[k], &jump->name))
                enter(search, k);
    }
}

static void tell(struct lint *lint, const struct rule_file *file)
{
    struct bytes set = file->cfset_count > 0 ? file->cfsets[0] : B("");
    struct lint_finding *found = lint_tell_file(
        lint, file, source_has(&file->source, set) ? set : (struct bytes){0},
        file->cfset_count > 0 ? arena_cat(&lint->arena, B("no Jump leads to the set '"), set,
                                          B("', and procallin=no: no line reaches these rules"))
                              : B("procallin=no in a file that joins no set: no line reaches it"));
    lint_hint(lint, found, B("a Jump rule enters a set with cfset="),
              set.len > 0 ? set : B("NAME, a file joins it with joincfset=NAME"));
}

static void look(struct lint *lint)
{
    const struct ruleset *set = lint->set;
    struct search search = {.set = set,
                            .entered = mem_zalloc(set->file_count + 1),
                            .waiting = mem_array(NULL, set->file_count + 1, sizeof(size_t))};
    for (size_t i = 0; i < set->file_count; i++)
        if (!set->files[i]->jump_only)
            enter(&search, i);
    bool whole = search.count > 0; /* or it is a look at a part of the rules */
    while (search.count > 0)
        follow(&search, facts_of(lint->facts, FACT_SET_ENTERED), search.waiting[--search.count]);
    for (size_t i = 0; i < set->file_count; i++)
        if (whole && !search.entered[i] && set->files[i]->count > 0)
            tell(lint, set->files[i]);
    free(search.entered);
    free(search.waiting);
}

const struct lint_check check_set_never_entered = {
    .name = "set-never-entered",
    .level = LINT_WARNING,
    .summary = "A rule file gets lines only through Jump rules, and none leads to it",
    .set = look,
};
