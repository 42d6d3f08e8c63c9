/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of match variables when an action runs: from the current match, or bound earlier. */
#include "state/scope.h"

#include <assert.h>

#include "base/mem.h"
#include "state/engine.h"

struct scope scope_plain(struct bytes text)
{
    return (struct scope){.text = text, .raw = true};
}

static const struct bound_value *bound_find(const struct binding *bound, uint32_t key)
{
    for (uint32_t i = 0; i < bound->count; i++)
        if (bound->values[i].key == key)
            return &bound->values[i];
    return NULL;
}

static struct value cache_value(struct engine *engine, const struct var_key *key)
{
    const struct cache_entry *entry = cache_find(engine->state.cache, key->entry);
    if (!entry)
        return (struct value){.kind = VALUE_UNSET};
    return vars_name(&entry->vars, key->name, &engine->line.arena);
}

struct value scope_value(struct engine *engine, const struct scope *scope, uint32_t key)
{
    if (scope->bound) {
        const struct bound_value *bound = bound_find(scope->bound, key);
        if (bound)
            return bound->value;
    }
    const struct var_key *k = &scope->keys->keys[key];
    if (k->kind == KEY_CACHE)
        return cache_value(engine, k);
    const struct match_vars *vars = k->source ? scope->second : scope->first;
    if (!vars)
        return (struct value){.kind = VALUE_UNSET};
    if (k->kind == KEY_NUMBER)
        return vars_number(vars, k->number, &engine->line.arena);
    return vars_name(vars, k->name, &engine->line.arena);
}

static bool first_raw(const struct scope *scope)
{
    if (scope->first)
        return !vars_any(scope->first);
    return scope->bound && scope->bound->raw_first;
}

static bool second_raw(const struct scope *scope)
{
    if (scope->second)
        return !vars_any(scope->second);
    return scope->bound && scope->bound->raw_second;
}

struct binding *binding_take(struct engine *engine, const struct scope *scope, const uint32_t *keys,
                             size_t count)
{
    bool raw_first = first_raw(scope), raw_second = second_raw(scope);
    bool second = scope->second || (scope->bound && scope->bound->second);
    if (count == 0 && !raw_first && !second)
        return NULL;
    struct arena_mark mark = arena_mark(&engine->line.arena);
    struct value *values = arena_alloc(&engine->line.arena, count * sizeof(*values));
    size_t room = 0;
    for (size_t i = 0; i < count; i++) {
        values[i] = scope_value(engine, scope, keys[i]);
        room += values[i].text.len;
    }
    struct binding *binding =
        mem_alloc(sizeof(*binding) + count * sizeof(binding->values[0]) + room);
    binding->refs = 1;
    binding->count = (uint32_t)count;
    binding->raw_first = raw_first;
    binding->raw_second = raw_second;
    binding->second = second;
    char *at = (char *)&binding->values[count];
    for (size_t i = 0; i < count; i++) {
        size_t len = values[i].text.len;
        if (len)
            memcpy(at, values[i].text.ptr, len);
        binding->values[i] = (struct bound_value){
            .key = keys[i], .value = {.kind = values[i].kind, .text = {at, len}}};
        at += len;
    }
    arena_release(&engine->line.arena, mark);
    return binding;
}

struct binding *binding_make(const struct binding *flags, const struct bound_value *values,
                             size_t count)
{
    size_t room = 0;
    for (size_t i = 0; i < count; i++)
        room += values[i].value.text.len;
    struct binding *binding = mem_alloc(sizeof(*binding) + count * sizeof(*values) + room);
    *binding = *flags;
    binding->refs = 1;
    binding->count = (uint32_t)count;
    char *at = (char *)&binding->values[count];
    for (size_t i = 0; i < count; i++) {
        struct bytes text = values[i].value.text;
        if (text.len)
            memcpy(at, text.ptr, text.len);
        binding->values[i] = values[i];
        binding->values[i].value.text = bytes_make(at, text.len);
        at += text.len;
    }
    return binding;
}

/* A set of keys under way: which of a rule's keys are wanted. */
struct key_set {
    uint32_t *keys;
    size_t count;
};

static void key_set_add(struct key_set *set, uint32_t key)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->keys[i] == key)
            return;
    set->keys[set->count++] = key;
}

struct binding *binding_take_lists(struct engine *engine, const struct scope *scope,
                                   const struct action_list *const *lists, size_t count,
                                   const struct template *const *texts, size_t text_count,
                                   const struct context_expr *expr)
{
    struct key_set set = {
        .keys = arena_alloc(&engine->line.arena, scope->keys->count * sizeof(*set.keys))};
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; lists[i] && k < lists[i]->use_count; k++)
            key_set_add(&set, lists[i]->uses[k]);
    for (size_t i = 0; i < text_count; i++)
        for (uint32_t s = 0; texts[i] && s < texts[i]->count; s++)
            if (texts[i]->segments[s].kind == SEG_MATCH)
                key_set_add(&set, texts[i]->segments[s].index);
    for (size_t k = 0; expr && k < expr->use_count; k++)
        key_set_add(&set, expr->uses[k]);
    /* What belongs to a match still to come is not there to be taken. */
    size_t kept = 0;
    for (size_t i = 0; i < set.count; i++)
        if (scope->keys->keys[set.keys[i]].source == 0 || scope->second)
            set.keys[kept++] = set.keys[i];
    return binding_take(engine, scope, set.keys, kept);
}

void binding_retain(struct binding *binding)
{
    if (binding)
        binding->refs++;
}

void binding_release(struct binding *binding)
{
    assert(!binding || binding->refs > 0);
    if (binding && --binding->refs == 0)
        free(binding);
}
