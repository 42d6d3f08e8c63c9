/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding the rules and action lists of an earlier run again, and the match variables that they
 * name. */
#include "base/mem.h"
#include "store/loading.h"
#include "store/places.h"

/* -- Match variables -- */

static bool same_key(const struct saved_key *saved, const struct var_key *key)
{
    return saved->kind == key->kind && saved->source == key->source &&
           saved->number == key->number && bytes_eq(saved->name, key->name) &&
           bytes_eq(saved->entry, key->entry);
}

static uint32_t find_key(const struct saved_key *saved, const struct var_keys *keys)
{
    for (uint32_t i = 0; i < keys->count; i++)
        if (same_key(saved, &keys->keys[i]))
            return i;
    return NO_KEY;
}

static struct key_map map_keys(struct state_loading *l, const struct saved_keys *saved,
                               const struct var_keys *keys)
{
    struct key_map map = {.count = saved->count, .keys = keys};
    uint32_t *present = arena_alloc(&l->kept, saved->count * sizeof(*present));
    size_t found = 0;
    bool same = saved->count == keys->count;
    for (size_t i = 0; i < saved->count; i++) {
        present[i] = find_key(&saved->items[i], keys);
        found += present[i] != NO_KEY;
        same = same && present[i] == i;
    }
    map.present = same ? NULL : present;
    map.fewer = found < keys->count;
    return map;
}

static bool is_bound(const struct bound_value *values, size_t count, uint32_t key)
{
    for (size_t i = 0; i < count; i++)
        if (values[i].key == key)
            return true;
    return false;
}

/* Entries of the pattern match cache that rules name only now must not be looked up later. */
static size_t bind_new_entries(const struct key_map *map, struct bound_value *values, size_t count)
{
    size_t before = count;
    for (uint32_t i = 0; i < map->keys->count; i++)
        if (map->keys->keys[i].kind == KEY_CACHE && !is_bound(values, before, i))
            values[count++] = (struct bound_value){i, {VALUE_UNSET, B("")}};
    return count;
}

bool load_binding(struct state_loading *l, const struct saved_binding *saved,
                  const struct key_map *map, struct binding **binding)
{
    struct binding flags = {
        .raw_first = saved->raw_first, .raw_second = saved->raw_second, .second = saved->second};
    size_t room = saved->count + (map->fewer ? map->keys->count : 0), count = 0;
    struct bound_value *values = arena_alloc(&l->arena, room * sizeof(*values));
    *binding = NULL;
    for (size_t i = 0; i < saved->count; i++) {
        const struct saved_value *value = &saved->values[i];
        if (value->key >= map->count || value->kind > VALUE_NUMBER)
            return false;
        uint32_t key = map->present ? map->present[value->key] : (uint32_t)value->key;
        if (key != NO_KEY)
            values[count++] = (struct bound_value){key, {value->kind, value->text}};
    }
    if (saved->there && map->fewer)
        count = bind_new_entries(map, values, count);
    if (saved->there)
        *binding = binding_make(&flags, values, count);
    return true;
}

/* -- Rules -- */

static void keep_keys(struct arena *arena, struct saved_keys *keys)
{
    for (size_t i = 0; i < keys->count; i++) {
        keys->items[i].name = arena_bytes(arena, keys->items[i].name);
        keys->items[i].entry = arena_bytes(arena, keys->items[i].entry);
    }
}

static struct rule_state *find_rule(const struct state_loading *l, const struct saved_rule *saved)
{
    const struct rule *rule = NULL;
    if (saved->name.len > 0)
        rule = marks_named(l->engine->rules.set, saved->name);
    if (!rule)
        rule = marks_find(&l->marks, saved->mark, saved->file, saved->twin);
    if (!rule || !bytes_eq(bytes_of(rule->type->name), saved->type))
        return NULL;
    return rule_state_of(&l->engine->state.files, rule);
}

static void take_counts(struct rule_state *state, const struct saved_rule *saved)
{
    const int64_t *acted = saved->acted;
    state->match_count = saved->matches;
    state->event_count = saved->events;
    state->cpu_seconds = (double)saved->nanoseconds / 1e9;
    state->last_action = (struct last_action){(int)acted[0], (int)acted[1], (int)acted[2],
                                              (int)acted[3], (int)acted[4]};
}

bool load_rule(struct state_loading *l, struct unpack *from)
{
    struct loaded_rule rule = {0};
    struct saved_rule *saved = &rule.saved;
    rule_unpack(from, &l->kept, saved);
    if (from->failed)
        return false;
    saved->file = arena_bytes(&l->kept, saved->file);
    saved->type = arena_bytes(&l->kept, saved->type);
    keep_keys(&l->kept, &saved->keys);
    rule.state = find_rule(l, saved);
    if (rule.state) {
        rule.map = map_keys(l, &saved->keys, &rule.state->rule->keys);
        take_counts(rule.state, saved);
    }
    MEM_GROW(l->rules, l->rule_count, l->rule_room, 64);
    l->rules[l->rule_count++] = rule;
    return true;
}

/* -- Action lists -- */

/* The list with this text that the rule gives to a context; NULL: there is none. */
static const struct action_list *find_list(struct state_loading *l, const struct rule *rule,
                                           const struct saved_list *saved)
{
    struct given_list *lists;
    size_t count = given_lists(rule, &l->arena, &lists);
    if (saved->nth < count && bytes_eq(list_text(lists[saved->nth].list), saved->text))
        return lists[saved->nth].list;
    for (size_t i = 0; i < count; i++)
        if (bytes_eq(list_text(lists[i].list), saved->text) &&
            list_passes(lists[i].list) == saved->passes)
            return lists[i].list;
    return NULL;
}

static bool read_list(struct state_loading *l, const struct saved_list *saved,
                      struct loaded_list *loaded)
{
    const struct loaded_rule *rule = saved->rule ? &l->rules[saved->rule - 1] : NULL;
    const struct saved_keys *keys = rule ? &rule->saved.keys : &saved->keys;
    struct bytes file = rule ? rule->saved.file : saved->file;
    if (rule && rule->state)
        loaded->list = find_list(l, rule->state->rule, saved);
    if (!loaded->list) {
        loaded->list = list_parse(l->engine, saved->text, (unsigned)saved->passes, file);
        loaded->own = loaded->list ? loaded->list->file : NULL;
    }
    if (loaded->list)
        loaded->map = map_keys(l, keys, loaded->list->keys);
    return loaded->list;
}

bool load_list(struct state_loading *l, struct unpack *from)
{
    struct loaded_list loaded = {0};
    struct saved_list saved;
    list_unpack(from, &l->arena, &saved);
    if (from->failed || saved.rule > l->rule_count)
        return false;
    if (!read_list(l, &saved, &loaded))
        load_problem(l, B("these actions of contexts cannot be read any more: "), saved.text);
    MEM_GROW(l->lists, l->list_count, l->list_room, 64);
    l->lists[l->list_count++] = loaded;
    return true;
}

/* -- What has become of them -- */

static void tell_gone(struct state_loading *l, const struct loaded_rule *rule)
{
    const struct saved_rule *saved = &rule->saved;
    load_problem(l, saved->file, B(", line "), NUM(saved->line), B(": no rule is as this "),
                 saved->type, B(" rule was; lost with it: "), NUM(rule->lost),
                 rule->lost == 1 ? B(" operation") : B(" operations"), B(", a count of "),
                 NUM(saved->matches), saved->matches == 1 ? B(" match") : B(" matches"));
}

static void tell_lost(struct state_loading *l, const struct loaded_rule *rule)
{
    const struct rule *present = rule->state->rule;
    load_problem(l, present->file->name, B(", line "), NUM(present->line), B(": "), NUM(rule->lost),
                 rule->lost == 1 ? B(" operation is lost, '")
                                 : B(" operations are lost; the first, '"),
                 rule->desc, B("': "), rule->why);
}

static void tell_unknown(struct state_loading *l, const struct loaded_rule *rule)
{
    const struct rule *present = rule->state->rule;
    load_problem(l, present->file->name, B(", line "), NUM(present->line),
                 B(": its texts name match variables that were not kept; they are empty for "),
                 NUM(rule->operations), B(" operation"), PLURAL(rule->operations));
}

void load_rules_end(struct state_loading *l)
{
    for (size_t i = 0; i < l->rule_count; i++) {
        const struct loaded_rule *rule = &l->rules[i];
        if (!rule->state)
            tell_gone(l, rule);
        else if (rule->lost > 0)
            tell_lost(l, rule);
        if (rule->state && rule->map.fewer && rule->operations > 0)
            tell_unknown(l, rule);
    }
    for (size_t i = 0; i < l->list_count; i++)
        if (l->lists[i].own)
            rule_file_release(l->lists[i].own);
    free(l->rules);
    free(l->lists);
}
