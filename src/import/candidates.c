/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rules can have done to contexts. */
#include "base/mem.h"
#include "import/importing.h"
#include "lang/substitute.h"

bool import_reads_s(struct bytes text)
{
    struct variable_ref ref;
    for (size_t at = 0; substitute_next_variable(text, at, &ref); at = ref.end)
        if (ref.kind == REF_VARIABLE && bytes_eq(ref.name, B("s")))
            return true;
    return false;
}

/* The text of a name up to its first variable, and after the last one. */
static struct name_form name_form(struct importing *import, const struct action *action)
{
    struct engine *engine = import->engine;
    const struct var_keys *keys = action->within->keys;
    struct binding *bound = placeholders(keys, &(struct binding){.second = true});
    struct scope scope = {.keys = keys, .bound = bound};
    struct bytes text =
        arena_bytes(&import->arena, expand_kept(engine, action->args[0].text, &scope));
    size_t begin = 0, end = text.len;
    binding_release(bound);
    while (begin < text.len && !strchr("%\x01\x02", text.ptr[begin]))
        begin++;
    while (end > begin && !strchr("%}\x01\x02", text.ptr[end - 1]) && begin < text.len)
        end--;
    return (struct name_form){bytes_slice(text, 0, begin), bytes_from(text, end)};
}

/* Can both be the same name? */
static bool forms_meet(struct name_form a, struct name_form b)
{
    return (bytes_starts(a.begin, b.begin) || bytes_starts(b.begin, a.begin)) &&
           (bytes_ends(a.end, b.end) || bytes_ends(b.end, a.end) || a.end.len == 0 ||
            b.end.len == 0);
}

static void look_at_action(void *arg, const struct action *action, bool second)
{
    struct importing *import = arg;
    (void)second;
    if (strcmp(action->type->name, "trim") == 0)
        import->trims = true;
    if (strcmp(action->type->name, "eval") == 0) /* others leave texts */
        buf_cat(&import->of_code, B("\n"), action->args[0].name, B("\n"));
    if (strcmp(action->type->name, "unalias") != 0)
        return;
    import->unaliased =
        mem_array(import->unaliased, import->unaliased_count + 1, sizeof(*import->unaliased));
    import->unaliased[import->unaliased_count++] = name_form(import, action);
}

static void add_candidates(struct importing *import, const struct rule *rule)
{
    struct given_list *lists;
    size_t count = given_lists(rule, &import->arena, &lists);
    import->candidates = mem_array(import->candidates, import->candidate_count + count + 1,
                                   sizeof(*import->candidates));
    for (size_t i = 0; i < count; i++) {
        struct candidate candidate = {rule, lists[i], (int64_t)i, false};
        struct name_form form = name_form(import, lists[i].action);
        for (size_t k = 0; k < import->unaliased_count; k++)
            candidate.may_vanish |= forms_meet(form, import->unaliased[k]);
        import->candidates[import->candidate_count++] = candidate;
    }
}

void import_candidates(struct importing *import)
{
    const struct ruleset *set = import->engine->rules.set;
    for (size_t i = 0; i < set->file_count; i++)
        for (size_t k = 0; k < set->files[i]->count; k++)
            rule_each_action(set->files[i]->rules[k], &import->arena, look_at_action, import);
    for (size_t i = 0; i < set->file_count; i++)
        for (size_t k = 0; k < set->files[i]->count; k++)
            add_candidates(import, set->files[i]->rules[k]);
}
