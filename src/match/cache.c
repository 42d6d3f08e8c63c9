/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entries are in an arena of the cache, in the order in which they were stored, because user code
 * may store one in a loop whose own memory is released early.  If there are only a few, they are
 * found by a linear search, otherwise through a table.  Hashes that belong to the current event but
 * to no entry (what PerlFunc returned, copies for Cached patterns, entries that were replaced) are
 * held until the next event begins. */
#include "match/cache.h"

#include <assert.h>

#include "base/mem.h"
#include "base/table.h"

enum { FEW = 8 };

struct cache {
    struct arena arena;           /* entries and their names */
    struct table by_name;         /* empty while they are few */
    struct cache_entry **entries; /* in order of storing */
    size_t count, room;
    struct match_vars *held; /* VARS_HASH */
    size_t held_count, held_room;
};

static struct bytes entry_name(const void *entry)
{
    return ((const struct cache_entry *)entry)->name;
}

struct cache *cache_new(void)
{
    struct cache *cache = mem_zalloc(sizeof(*cache));
    arena_init(&cache->arena);
    table_init(&cache->by_name, entry_name);
    return cache;
}

void cache_free(struct cache *cache)
{
    if (!cache)
        return;
    cache_clear(cache);
    table_free(&cache->by_name);
    arena_free(&cache->arena);
    free(cache->entries);
    free(cache->held);
    free(cache);
}

static void entry_drop(const struct cache_entry *entry)
{
    if (entry->vars.kind == VARS_HASH)
        vars_release_hash(&entry->vars);
}

static void empty_table(struct cache *cache)
{
    for (size_t i = 0; cache->by_name.count > 0; i++)
        table_remove(&cache->by_name, cache->entries[i]->name);
}

void cache_clear(struct cache *cache)
{
    empty_table(cache);
    for (size_t i = 0; i < cache->count; i++)
        entry_drop(cache->entries[i]);
    cache->count = 0;
    for (size_t i = 0; i < cache->held_count; i++)
        vars_release_hash(&cache->held[i]);
    cache->held_count = 0;
    arena_reset(&cache->arena);
}

size_t cache_count(const struct cache *cache)
{
    return cache->count;
}

struct cache_entry *cache_find(const struct cache *cache, struct bytes name)
{
    if (cache->count > FEW)
        return table_find(&cache->by_name, name);
    for (size_t i = 0; i < cache->count; i++) {
        if (bytes_eq(cache->entries[i]->name, name))
            return cache->entries[i];
    }
    return NULL;
}

static void hold(struct cache *cache, const struct match_vars *vars)
{
    MEM_GROW(cache->held, cache->held_count, cache->held_room, 16);
    cache->held[cache->held_count++] = *vars;
}

void cache_hold(struct cache *cache, struct perl_value *hash)
{
    hold(cache, &(struct match_vars){.kind = VARS_HASH, .hash = hash});
}

/* Enters the newest entries that are not in the table. */
static void fill_table(struct cache *cache)
{
    for (size_t i = cache->by_name.count; i < cache->count; i++)
        table_insert(&cache->by_name, cache->entries[i]);
}

/* The entry with this name, new or with what it held set free for the next event's begin. */
static struct cache_entry *entry_for(struct cache *cache, struct bytes name)
{
    struct cache_entry *entry = cache_find(cache, name);
    if (entry) {
        if (entry->vars.kind == VARS_HASH)
            hold(cache, &entry->vars);
        return entry;
    }
    entry = arena_alloc(&cache->arena, sizeof(*entry));
    entry->name = arena_bytes(&cache->arena, name);
    MEM_GROW(cache->entries, cache->count, cache->room, 16);
    cache->entries[cache->count++] = entry;
    if (cache->count > FEW)
        fill_table(cache);
    return entry;
}

void cache_store(struct cache *cache, struct bytes name, const struct match_vars *vars)
{
    struct match_vars copy = *vars;
    if (copy.kind == VARS_HASH) {
        copy.hash = perl_hash_copy(copy.hash);
        copy.form = NULL;
    }
    entry_for(cache, name)->vars = copy;
}

void cache_store_hash(struct cache *cache, struct bytes name, struct perl_value *hash)
{
    perl_retain(hash);
    struct match_vars vars = {.kind = VARS_HASH, .hash = hash};
    entry_for(cache, name)->vars = vars;
}

void cache_remove(struct cache *cache, struct bytes name)
{
    struct cache_entry *entry = cache_find(cache, name);
    if (!entry)
        return;
    empty_table(cache);
    size_t at = 0;
    while (cache->entries[at] != entry)
        at++;
    cache->count--;
    memmove(&cache->entries[at], &cache->entries[at + 1],
            (cache->count - at) * sizeof(struct cache_entry *));
    if (cache->count > FEW)
        fill_table(cache);
    entry_drop(entry);
}

struct perl_value *cache_hash(struct cache *cache, struct bytes name, struct arena *arena)
{
    struct cache_entry *entry = cache_find(cache, name);
    if (!entry)
        return NULL;
    if (entry->vars.kind != VARS_HASH)
        vars_to_hash(&entry->vars, arena);
    return entry->vars.hash;
}

struct cache_entry *cache_at(const struct cache *cache, size_t index)
{
    assert(index < cache->count);
    return cache->entries[index];
}

void cache_detach(struct cache *cache, struct arena *arena)
{
    for (size_t i = 0; i < cache->count; i++) {
        struct match_vars *vars = &cache->entries[i]->vars;
        if (vars->kind == VARS_HASH)
            continue;
        vars->line = arena_bytes(arena, vars->line);
        vars->inputsrc = arena_bytes(arena, vars->inputsrc);
        if (vars->intcontext.ptr)
            vars->intcontext = arena_bytes(arena, vars->intcontext);
    }
}
