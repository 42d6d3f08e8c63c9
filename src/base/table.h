/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hash table from byte strings to entries that hold their own key.
 *
 * The table stores pointers only; entries belong to the caller.  Open addressing, xxHash (XXH3)
 * with a seed drawn at start, so that a peer who chooses the keys cannot choose the collisions.
 */
#ifndef SECANT_BASE_TABLE_H
#define SECANT_BASE_TABLE_H

#include "base/bytes.h"

struct table_slot {
    uint64_t hash;
    void *entry; /* NULL: free */
};

struct table {
    struct table_slot *slots; /* NULL while empty */
    size_t mask;              /* slots - 1 */
    size_t count;
    struct bytes (*key)(const void *entry);
};

uint64_t table_hash(struct bytes key);
void table_init(struct table *table, struct bytes (*key)(const void *entry));
void table_free(struct table *table); /* not the entries; the table can be used again */
void *table_find(const struct table *table, struct bytes key); /* NULL: none */
void *table_find_hashed(const struct table *table, struct bytes key, uint64_t hash);
/* The key must not be in the table. */
void table_insert(struct table *table, void *entry);
void table_insert_hashed(struct table *table, void *entry, uint64_t hash);
/* Takes the entry with this key out and returns it, or NULL. */
void *table_remove(struct table *table, struct bytes key);
/* Walks in no order: size_t at = 0; while ((e = table_next(t, &at))) ...
 * The table must not change during the walk. */
void *table_next(const struct table *table, size_t *at);

#endif
