/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pattern match cache: matches of the present line under names that varmap gave them.
 *
 * It is emptied when the next line comes.  An entry is native until Perl asks for it; then it is a
 * Perl hash for the rest of its life, and everybody reads that hash. */
#ifndef SECANT_MATCH_CACHE_H
#define SECANT_MATCH_CACHE_H

#include "match/vars.h"

struct cache_entry {
    struct bytes name;
    struct match_vars vars; /* kind VARS_HASH once Perl has it; the count is the cache's */
};

struct cache;

struct cache *cache_new(void);
void cache_free(struct cache *cache);
void cache_clear(struct cache *cache); /* before the next line, and before rules are freed */
/* Keeps a hash of the present event until the next cache_clear; takes the caller's count. */
void cache_hold(struct cache *cache, struct perl_value *hash);
size_t cache_count(const struct cache *cache);
struct cache_entry *cache_find(const struct cache *cache, struct bytes name); /* NULL: none */
/* Stores a copy of the struct (what it points to must live as long as the event's arena). */
void cache_store(struct cache *cache, struct bytes name, const struct match_vars *vars);
void cache_remove(struct cache *cache, struct bytes name);
/* The entry as a Perl hash, made on first use; not counted for the caller. NULL: no such entry. */
struct perl_value *cache_hash(struct cache *cache, struct bytes name, struct arena *arena);
/* Puts a hash there (counted for the cache). */
void cache_store_hash(struct cache *cache, struct bytes name, struct perl_value *hash);
struct cache_entry *cache_at(const struct cache *cache, size_t index); /* in order of storing */
/* The line's text will go away: entries copy what they point to into the arena. */
void cache_detach(struct cache *cache, struct arena *arena);

#endif
