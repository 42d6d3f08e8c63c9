/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file with procallin=no that no Jump leads to: no line reaches its rules.  A Jump counts if
 * lines come to its own file; so one in the file that it leads to does not. */
#include "lint/buried.h"
#include "lint/checks.h"
#include "lint/facts.h"
#include "lint/options_rules.h"

#include <stdlib.h>

#include "base/mem.h"
#include "lang/rule_text.h"

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

/* -- Jumps that do not count -- */

/* Is there one in the file itself, and in a part of a set no other? */
static bool has_own(const struct fact_list *jumps, const struct rule_file *file, bool part)
{
    bool own = false;
    for (size_t i = 0; i < jumps->count; i++) {
        const struct fact *jump = &jumps->items[i];
        if (!joins(file, &jump->name))
            continue;
        if (part && jump->spot.rule->file != file)
            return false;
        own |= !jump->name.open && jump->spot.rule->file == file;
    }
    return own;
}

/* "#cfset=ssh auth" names both. */
static bool names_set(struct bytes line, struct bytes set)
{
    struct bytes name, value, word;
    size_t marks = 0;
    while (marks < line.len && (line.ptr[marks] == '#' || is_space(line.ptr[marks])))
        marks++;
    if (marks == 0 || !keyword_split(bytes_from(line, marks), &name, &value) ||
        !bytes_eq(name, B("cfset")))
        return false;
    while (bytes_word(&value, &word))
        if (bytes_eq(word, set))
            return true;
    return false;
}

/* Where a Jump to it is a comment, as " at line 44"; "": nowhere. */
static struct bytes commented(struct lint *lint, const struct rule_file *of, struct bytes set)
{
    for (size_t i = 0; i < lint->set->file_count; i++) {
        const struct rule_file *file = lint->set->files[i];
        struct bytes text = file->source.text;
        ptrdiff_t at = 0;
        while ((at = bytes_find(text, B("cfset"), (size_t)at)) >= 0) {
            struct range range;
            struct bytes piece = bytes_slice(text, (size_t)at, (size_t)at + strlen("cfset"));
            if (names_set(bytes_trim(source_line_of(&file->source, piece)), set) &&
                source_range(&file->source, piece, &range))
                return file == of ? arena_cat(&lint->arena, B(" at line "), NUM(range.from.line))
                                  : arena_cat(&lint->arena, B(" at line "), NUM(range.from.line),
                                              B(" of "), file->name);
            at += (ptrdiff_t)piece.len;
        }
    }
    return B("");
}

/* -- Telling -- */

static struct bytes message(struct lint *lint, struct bytes set, bool own)
{
    if (set.len == 0)
        return B("procallin=no in a file that joins no set: no line reaches it");
    if (own)
        return arena_cat(&lint->arena, B("procallin=no, and the only Jump to the set '"), set,
                         B("' is in this file: no line reaches these rules"));
    return arena_cat(&lint->arena, B("no Jump leads to the set '"), set,
                     B("', and procallin=no: no line reaches these rules"));
}

static void tell(struct lint *lint, const struct rule_file *file, bool own)
{
    struct bytes set = file->cfset_count > 0 ? file->cfsets[0] : B("");
    struct bytes comment = set.len > 0 ? commented(lint, file, set) : B("");
    struct lint_finding *found =
        lint_tell_file(lint, file, source_has(&file->source, set) ? set : (struct bytes){0},
                       message(lint, set, own));
    if (comment.len > 0)
        found->level = LINT_NOTE; /* its author has turned it off */
    if (comment.len > 0)
        lint_hint(lint, found, B("the Jump to it"), comment, B(" is commented out"));
    else if (own)
        lint_hint(lint, found, B("the Jump belongs in a file without procallin=no"));
    else
        lint_hint(lint, found, B("a Jump rule enters a set with cfset="),
                  set.len > 0 ? set : B("NAME, a file joins it with joincfset=NAME"));
    for (size_t i = 0; i < file->count; i++)
        if (file->rules[i]->type->patterns > 0)
            bury(lint, found, file->rules[i]);
}

static void look(struct lint *lint)
{
    const struct ruleset *set = lint->set;
    const struct fact_list *jumps = facts_of(lint->facts, FACT_SET_ENTERED);
    bool part = options_of_part(set);
    struct search search = {.set = set,
                            .entered = mem_zalloc(set->file_count + 1),
                            .waiting = mem_array(NULL, set->file_count + 1, sizeof(size_t))};
    for (size_t i = 0; i < set->file_count; i++)
        if (!set->files[i]->jump_only)
            enter(&search, i);
    while (search.count > 0)
        follow(&search, jumps, search.waiting[--search.count]);
    for (size_t i = 0; i < set->file_count; i++) {
        const struct rule_file *file = set->files[i];
        bool own = !search.entered[i] && has_own(jumps, file, part);
        if (!search.entered[i] && file->count > 0 && (own || !part))
            tell(lint, file, own);
    }
    free(search.entered);
    free(search.waiting);
}

const struct lint_check check_set_never_entered = {
    .name = "set-never-entered",
    .level = LINT_WARNING,
    .summary = "A rule file gets lines only through Jump rules, and none leads to it",
    .set = look,
};
