/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pattern match cache: matches of the current line, under names that varmap gave them.
 *
 * It is emptied when the next line comes.  An entry is native until Perl asks for it; from then on
 * it is a Perl hash, which everybody reads. */
#ifndef SECANT_MATCH_CACHE_H
#define SECANT_MATCH_CACHE_H

#include "match/vars.h"

struct cache_entry {
    struct bytes name;
    struct match_vars vars; /* kind VARS_HASH once Perl has it; the cache owns the reference */
};

struct cache;

struct cache *cache_new(void);
void cache_free(struct cache *cache);
void cache_clear(struct cache *cache); /* before the next line, and before rules are freed */
/* Keeps a hash of the current event until the next cache_clear; takes over the caller's
 * reference. */
void cache_hold(struct cache *cache, struct perl_value *hash);
size_t cache_count(const struct cache *cache);
struct cache_entry *cache_find(const struct cache *cache, struct bytes name); /* NULL: none */
/* Stores a copy of the struct; what it points to must live as long as the event's arena. */
void cache_store(struct cache *cache, struct bytes name, const struct match_vars *vars);
void cache_remove(struct cache *cache, struct bytes name);
/* The entry as a Perl hash, made on first use; a borrowed reference.  NULL: no such entry. */
struct perl_value *cache_hash(struct cache *cache, struct bytes name, struct arena *arena);
/* Stores a hash; the cache takes a reference of its own. */
void cache_store_hash(struct cache *cache, struct bytes name, struct perl_value *hash);
struct cache_entry *cache_at(const struct cache *cache, size_t index); /* in order of storing */
/* To be called before the line's text goes away: copies what entries point to into the arena. */
void cache_detach(struct cache *cache, struct arena *arena);

#endif
