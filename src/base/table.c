/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hash table: linear probing over slots that remember the hash.
 *
 * The remembered hash makes growing and removing free of key look-ups, and a probe compares keys
 * only where all 64 bits agree.  Removal shifts the entries after the hole back to where a probe
 * expects them, so that no tombstones pile up in a table that lives for months.
 */
#include "base/table.h"

#include <assert.h>
#include <sys/random.h>
#include <time.h>
#include <xxhash.h>

#include "base/mem.h"

enum { SMALLEST_TABLE = 16 };

/* One seed for the process: hashes are handed from table to table (table_find_hashed). */
static uint64_t hash_seed;

__attribute__((constructor)) static void draw_seed(void)
{
    if (getrandom(&hash_seed, sizeof(hash_seed), GRND_NONBLOCK) == (ssize_t)sizeof(hash_seed))
        return;
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    hash_seed =
        (uint64_t)now.tv_sec * 1000000007u ^ (uint64_t)now.tv_nsec ^ (uint64_t)(uintptr_t)&now;
}

uint64_t table_hash(struct bytes key)
{
    return XXH3_64bits_withSeed(key.ptr, key.len, hash_seed);
}

void table_init(struct table *table, struct bytes (*key)(const void *entry))
{
    *table = (struct table){.key = key};
}

void table_free(struct table *table)
{
    free(table->slots);
    table_init(table, table->key);
}

/* The slot that holds the key, or NULL. */
static struct table_slot *find_slot(const struct table *table, struct bytes key, uint64_t hash)
{
    if (table->count == 0)
        return NULL;
    for (size_t at = hash & table->mask; table->slots[at].entry; at = (at + 1) & table->mask) {
        struct table_slot *slot = &table->slots[at];
        if (slot->hash == hash && bytes_eq(table->key(slot->entry), key))
            return slot;
    }
    return NULL;
}

void *table_find_hashed(const struct table *table, struct bytes key, uint64_t hash)
{
    const struct table_slot *slot = find_slot(table, key, hash);
    return slot ? slot->entry : NULL;
}

void *table_find(const struct table *table, struct bytes key)
{
    return table->count == 0 ? NULL : table_find_hashed(table, key, table_hash(key));
}

static void place_item(struct table_slot *slots, size_t mask, struct table_slot item)
{
    size_t at = item.hash & mask;
    while (slots[at].entry)
        at = (at + 1) & mask;
    slots[at] = item;
}

static void grow_table(struct table *table)
{
    size_t slots = table->slots ? (table->mask + 1) * 2 : SMALLEST_TABLE;
    struct table_slot *old = table->slots;
    size_t old_slots = old ? table->mask + 1 : 0;
    table->slots = mem_zalloc(slots * sizeof(*table->slots));
    table->mask = slots - 1;
    for (size_t i = 0; i < old_slots; i++) {
        if (old[i].entry)
            place_item(table->slots, table->mask, old[i]);
    }
    free(old);
}

void table_insert_hashed(struct table *table, void *entry, uint64_t hash)
{
    assert(!find_slot(table, table->key(entry), hash));
    if (!table->slots || (table->count + 1) * 10 > (table->mask + 1) * 7)
        grow_table(table);
    place_item(table->slots, table->mask, (struct table_slot){hash, entry});
    table->count++;
}

void table_insert(struct table *table, void *entry)
{
    table_insert_hashed(table, entry, table_hash(table->key(entry)));
}

/* Fills the hole with the next entry that may be there, then that one's hole, and so on. */
static void close_hole(struct table *table, size_t hole)
{
    size_t mask = table->mask;
    for (size_t at = (hole + 1) & mask; table->slots[at].entry; at = (at + 1) & mask) {
        size_t home = table->slots[at].hash & mask;
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            table->slots[hole] = table->slots[at];
            hole = at;
        }
    }
    table->slots[hole].entry = NULL;
}

void *table_remove(struct table *table, struct bytes key)
{
    struct table_slot *slot = table->count == 0 ? NULL : find_slot(table, key, table_hash(key));
    if (!slot)
        return NULL;
    void *entry = slot->entry;
    close_hole(table, (size_t)(slot - table->slots));
    table->count--;
    return entry;
}

void *table_next(const struct table *table, size_t *at)
{
    while (table->slots && *at <= table->mask) {
        void *entry = table->slots[(*at)++].entry;
        if (entry)
            return entry;
    }
    return NULL;
}
