/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The match variables that a rule's texts name, each once: a list with a hash index. */
#include "base/table.h"
#include "lang/template.h"

static bool same_key(const struct var_key *a, const struct var_key *b)
{
    return a->kind == b->kind && a->source == b->source && a->number == b->number &&
           bytes_eq(a->name, b->name) && bytes_eq(a->entry, b->entry);
}

static size_t key_hash(const struct var_key *key)
{
    uint64_t hash = (key->number << 1 | key->source) * UINT64_C(0x9e3779b97f4a7c15);
    if (key->kind != KEY_NUMBER)
        hash ^= table_hash(key->name);
    if (key->kind == KEY_CACHE)
        hash ^= table_hash(key->entry) * 3;
    return (size_t)(hash >> 16);
}

/* The slot that holds the key or where it belongs. */
static uint32_t *find_slot(const struct var_keys *keys, const struct var_key *key)
{
    size_t mask = keys->room * 2 - 1;
    for (size_t at = key_hash(key) & mask;; at = (at + 1) & mask) {
        uint32_t *slot = &keys->slots[at];
        if (*slot == 0 || same_key(&keys->keys[*slot - 1], key))
            return slot;
    }
}

static void grow(struct var_keys *keys, struct arena *arena)
{
    struct var_keys larger = {.count = keys->count, .room = keys->room ? keys->room * 2 : 4};
    larger.keys = arena_alloc(arena, larger.room * sizeof(*larger.keys));
    larger.slots = arena_zalloc(arena, larger.room * 2 * sizeof(*larger.slots));
    for (size_t i = 0; i < keys->count; i++) {
        larger.keys[i] = keys->keys[i];
        *find_slot(&larger, &keys->keys[i]) = (uint32_t)i + 1;
    }
    *keys = larger;
}

uint32_t var_keys_add(struct var_keys *keys, struct arena *arena, const struct var_key *key)
{
    if (keys->count == keys->room)
        grow(keys, arena);
    uint32_t *slot = find_slot(keys, key);
    if (*slot == 0) {
        keys->keys[keys->count++] = *key;
        *slot = (uint32_t)keys->count;
    }
    return *slot - 1;
}
