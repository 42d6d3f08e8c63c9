/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Contexts.
 *
 * Their actions are those that a rule has in a create or set action, with the values of match
 * variables; so all such lists of the rules are tried on what the dump has.  What %s means in
 * them, the description that the rule made, is not in a dump: where the list and the name of the
 * context leave no choice it is made again from the rule. */
#include "import/importing.h"

/* What the actions of a context can be. */
struct found_actions {
    struct importing *import;
    struct bytes text; /* as the dump has them */
    bool reads_s;
    const struct candidate *candidate; /* that is tried */
    const struct binding *flags;
    /* The first way that fits. */
    const struct candidate *taken;
    struct binding *bound;                  /* owned */
    struct bytes parts;                     /* its list with marks */
    struct bytes desc;                      /* ptr NULL: not known */
    bool other_parts, other_desc, given_up; /* another way fits as well that differs in this */
};

/* What %s is in the list that has the candidate. */
static const struct template *desc_of(const struct candidate *candidate)
{
    const struct rule *rule = candidate->rule;
    return candidate->given.second && rule->desc2 ? rule->desc2 : rule->desc;
}

static bool is_known(const struct solution *solution, const struct var_keys *keys, uint32_t key,
                     const struct binding *flags)
{
    return solution->values[key].ptr ||
           (keys->keys[key].source == 0 ? flags->raw_first : flags->raw_second);
}

/* ptr NULL: some of it is not known. */
static struct bytes desc_with(struct found_actions *found, const struct solution *solution,
                              const struct scope *scope)
{
    const struct template *desc = desc_of(found->candidate);
    const struct var_keys *keys = &found->candidate->rule->keys;
    if (!desc)
        return (struct bytes){0};
    for (uint32_t i = 0; i < desc->count; i++)
        if (desc->segments[i].kind != SEG_TEXT &&
            (desc->segments[i].kind != SEG_MATCH ||
             !is_known(solution, keys, desc->segments[i].index, found->flags)))
            return (struct bytes){0};
    if (found->candidate->rule->type->patterns == 0) /* Calendar */
        return arena_bytes(found->import->fields.arena, desc->text);
    struct bytes text = expand(found->import->engine, desc, scope);
    return arena_bytes(found->import->fields.arena, text);
}

static bool same_text(struct bytes a, struct bytes b)
{
    return (!a.ptr && !b.ptr) || (a.ptr && b.ptr && bytes_eq(a, b));
}

/* Do actions that are one text mean the same, though they are of different rules?  Code is told by
 * its text, and numbers of rules by their file. */
static void add_meaning(struct buf *out, const struct action_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct action *action = list->actions[i];
        for (size_t k = 0; action->type->params[k].kind != PARAM_END; k++) {
            const struct arg *arg = &action->args[k];
            if (action->type->params[k].kind == PARAM_CODE)
                buf_cat(out, arg->source, B("\n"));
            else if (action->type->params[k].kind == PARAM_RULE)
                buf_cat(out, action->within->file->name, B("\n"));
            else if (arg->list)
                add_meaning(out, arg->list);
        }
    }
}

static bool take_way(void *arg, const struct solution *solution)
{
    struct found_actions *found = arg;
    struct importing *import = found->import;
    const struct action_list *list = found->candidate->given.list;
    const struct var_keys *keys = list->keys;
    struct buf parts = {0};
    struct bound_value *values = arena_alloc(import->fields.arena, keys->count * sizeof(*values));
    size_t count = 0;
    for (uint32_t key = 0; key < keys->count; key++)
        if (solution->values[key].ptr)
            values[count++] = (struct bound_value){key, {VALUE_TEXT, solution->values[key]}};
    struct binding *bound = binding_make(found->flags, values, count);
    struct scope scope = {.keys = keys, .bound = bound};
    action_list_print_marked(list, import->engine, &scope, PIECE_MARKS, &parts);
    add_meaning(&parts, list);
    struct bytes desc = desc_with(found, solution, &scope);
    if (!found->taken) {
        found->taken = found->candidate;
        found->bound = bound;
        found->parts = arena_bytes(import->fields.arena, buf_bytes(&parts));
        found->desc = desc;
    } else {
        found->other_parts |= !bytes_eq(found->parts, buf_bytes(&parts));
        found->other_desc |= !same_text(found->desc, desc);
        binding_release(bound);
    }
    buf_free(&parts);
    return !found->other_parts || !(found->other_desc && found->reads_s);
}

/* name ptr NULL: it may be called anything. */
static void try_candidate(struct found_actions *found, struct bytes name)
{
    struct importing *import = found->import;
    struct engine *engine = import->engine;
    const struct given_list *given = &found->candidate->given;
    struct puzzle puzzle;
    struct buf printed = {0};
    struct binding *bound = placeholders(given->list->keys, found->flags);
    struct scope scope = {.keys = given->list->keys, .bound = bound};
    puzzle_init(&puzzle, import->fields.arena, given->list->keys->count);
    action_list_print_marked(given->list, engine, &scope, PIECE_MARKS, &printed);
    puzzle_add(&puzzle, buf_bytes(&printed), found->text);
    if (name.ptr) {
        const struct template *desc = desc_of(found->candidate);
        struct bytes s =
            desc ? arena_bytes(puzzle.arena, expand_kept(engine, desc, &scope)) : B("");
        puzzle_add_name(&puzzle, expand_kept(engine, given->action->args[0].text, &scope), s, name);
    }
    if (!puzzle_solve(&puzzle, take_way, found))
        found->given_up = true;
    binding_release(bound);
    buf_free(&printed);
}

/* After a match with variables, and after one without; and so of the second match, if there was
 * one. */
static void try_matches(struct found_actions *found, struct bytes name)
{
    const struct candidate *candidate = found->candidate;
    bool late = candidate->given.second && candidate->rule->type->patterns == 2;
    for (int raw = 0; raw < (late ? 4 : 2); raw++) {
        bool before = found->taken != NULL;
        found->flags =
            &(struct binding){.raw_first = raw & 1, .raw_second = raw & 2, .second = late};
        try_candidate(found, name);
        if (found->taken && !before)
            return;
    }
}

static void try_all(struct found_actions *found, const json_t *names)
{
    struct importing *import = found->import;
    for (size_t i = 0; i < import->candidate_count; i++) {
        found->candidate = &import->candidates[i];
        for (size_t k = 0; k < json_array_size(names); k++) {
            struct bytes name;
            if (fields_text_of(&import->fields, json_array_get(names, k), &name))
                try_matches(found, name);
        }
        if (found->candidate->may_vanish)
            try_matches(found, (struct bytes){0});
        arena_reset(&import->engine->line.arena);
    }
}

/* Code may have given the context another name. */
static void try_without_names(struct found_actions *found)
{
    struct importing *import = found->import;
    for (size_t i = 0; i < import->candidate_count; i++) {
        found->candidate = &import->candidates[i];
        try_matches(found, (struct bytes){0});
        arena_reset(&import->engine->line.arena);
    }
}

static json_t *actions_json(const struct found_actions *found)
{
    const struct candidate *taken = found->taken;
    json_t *json = json_object();
    json_put(json, "text", json_of_bytes(found->text));
    if (!taken)
        return json;
    json_put(json, "rule", rule_place(taken->rule));
    json_put(json, "list", json_integer(taken->number));
    binding_put(json, taken->given.list->keys, found->bound);
    if (found->desc.ptr && !found->other_desc)
        json_put(json, "desc", json_of_bytes(found->desc));
    return json;
}

static void tell_actions(const struct found_actions *found)
{
    struct importing *import = found->import;
    struct bytes place = buf_bytes(&import->fields.place);
    bool knows = found->taken && found->desc.ptr && !found->other_desc && !found->given_up;
    if (!found->taken)
        import_tell(&import->missing, place,
                    B("its actions are in no rule; they are taken literally from the dump: "),
                    found->text);
    else if (found->other_parts || found->given_up)
        import_tell(&import->missing, place,
                    B("more than one action list of the rules, or more than one way to divide its "
                      "texts, fits its actions; the first is taken: "),
                    found->text);
    if (!found->reads_s)
        return;
    if (knows)
        import_tell(&import->made_good, place, B("%s in its actions is \""), found->desc,
                    B("\", made from "), found->taken->rule->file->name, B(", rule at line "),
                    NUM(found->taken->rule->line));
    else
        import_tell(&import->missing, place,
                    B("the dump does not have %s of its actions; it is empty when they run: "),
                    found->text);
}

static json_t *take_actions(struct importing *import, struct bytes text, const json_t *names)
{
    struct found_actions found = {.import = import, .text = text, .reads_s = import_reads_s(text)};
    try_all(&found, names);
    if (!found.taken)
        try_without_names(&found);
    tell_actions(&found);
    json_t *json = actions_json(&found);
    binding_release(found.bound);
    return json;
}

/* -- All else -- */

static json_t *store_json(struct importing *import, const json_t *json, int64_t since)
{
    struct fields *fields = &import->fields;
    const json_t *lines = fields_array(fields, json, "buffer");
    const json_t *times = json_object_get(json, "times");
    size_t before = fields_enter(fields, B("buffer"));
    json_t *store = json_array();
    for (size_t i = 0; i < json_array_size(lines); i++) {
        struct bytes text;
        int64_t time = since;
        size_t around = fields_enter_item(fields, i);
        if (fields_text_of(fields, json_array_get(lines, i), &text) &&
            (!times ||
             fields_number_of(fields, json_array_get(times, i), -FIELDS_LARGEST, &time))) {
            json_t *entry = json_array();
            json_array_append_new(entry, json_integer(time));
            json_array_append_new(entry, json_of_bytes(text));
            json_array_append_new(store, entry);
        }
        fields_leave(fields, around);
    }
    fields_leave(fields, before);
    import->lines += json_array_size(store);
    if (!times && json_array_size(store) > 0 && import->trims)
        import_tell(&import->missing, buf_bytes(&fields->place), B("SEC "), import->release,
                    B(" does not tell when lines were stored, which trim goes by; the second in "
                      "which the context was created or set is taken"));
    return store;
}

static json_t *take_context(struct importing *import, const json_t *json)
{
    struct fields *fields = &import->fields;
    const json_t *names = fields_array(fields, json, "name");
    int64_t first, since, lifetime;
    struct bytes text;
    if (!names || !fields_number(fields, json, "creationtime", -FIELDS_LARGEST, &since) ||
        !fields_number(fields, json, "lifetime", -1, &lifetime))
        return NULL;
    first = since;
    if (json_object_get(json, "inittime") &&
        !fields_number(fields, json, "inittime", -FIELDS_LARGEST, &first))
        return NULL;
    json_t *taken = json_object();
    json_put(taken, "names", json_deep_copy(names));
    json_put(taken, "first", json_integer(first));
    json_put(taken, "since", json_integer(since));
    json_put(taken, "lifetime", json_integer(lifetime));
    if (json_object_get(json, "action") && fields_text(fields, json, "action", &text))
        json_put(taken, "actions", take_actions(import, text, names));
    json_put(taken, "store", store_json(import, json, since));
    return taken;
}

static int compare_contexts(const void *a, const void *b)
{
    const json_t *left = *(json_t *const *)a, *right = *(json_t *const *)b;
    int64_t x = json_number(left, "first"), y = json_number(right, "first");
    if (x == y) {
        x = json_number(left, "since");
        y = json_number(right, "since");
    }
    if (x != y)
        return x < y ? -1 : 1;
    return bytes_cmp(json_bytes(json_array_get(json_object_get(left, "names"), 0)),
                     json_bytes(json_array_get(json_object_get(right, "names"), 0)));
}

void import_contexts(struct importing *import)
{
    struct fields *fields = &import->fields;
    const json_t *contexts = fields_array(fields, import->dump, "contexts");
    size_t count = json_array_size(contexts), before = fields_enter(fields, B("contexts"));
    json_t **taken = arena_alloc(&import->arena, count * sizeof(*taken));
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        const json_t *json = json_array_get(contexts, i);
        struct bytes name = json_bytes(json_array_get(json_object_get(json, "name"), 0));
        struct arena_mark mark = arena_mark(fields->arena);
        size_t around = name.len ? fields_enter(fields, name) : fields_enter_item(fields, i);
        import->contexts.there++;
        if ((taken[import->contexts.taken] = take_context(import, json)))
            import->contexts.taken++;
        fields_leave(fields, around);
        arena_release(fields->arena, mark);
    }
    fields_leave(fields, before);
    if (import->contexts.taken > 1)
        qsort(taken, import->contexts.taken, sizeof(*taken), compare_contexts);
    for (size_t i = 0; i < import->contexts.taken; i++)
        json_array_append_new(list, taken[i]);
    json_put(import->state, "contexts", list);
}
