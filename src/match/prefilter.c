/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From literals in a line to slots of patterns.
 *
 * Equal literals are one literal to the matcher, with a list of their slots.  Only the beginning of
 * a long literal is searched for, which still finds everything that can match. */
#include "match/prefilter.h"

#include <assert.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/table.h"
#include "match/matcher.h"

#define LITERAL_MAX 32 /* bytes of a literal that are searched for */

struct slot_list {
    struct bytes key;        /* the literal with a byte before it that tells of its case */
    struct required literal; /* in the arena, as the key is */
    uint32_t *slots;
    size_t count, room;
};

struct prefilter {
    struct arena arena;
    struct slot_list **lists; /* in order of adding */
    size_t count, room;
    struct table by_key;
    struct required *literals; /* of the lists, for the matcher */
    struct matcher *matcher;
};

static struct bytes list_key(const void *entry)
{
    return ((const struct slot_list *)entry)->key;
}

struct prefilter *prefilter_new(void)
{
    struct prefilter *prefilter = mem_zalloc(sizeof(*prefilter));
    arena_init(&prefilter->arena);
    table_init(&prefilter->by_key, list_key);
    return prefilter;
}

void prefilter_free(struct prefilter *prefilter)
{
    if (!prefilter)
        return;
    for (size_t i = 0; i < prefilter->count; i++) {
        free(prefilter->lists[i]->slots);
        free(prefilter->lists[i]);
    }
    matcher_free(prefilter->matcher);
    free(prefilter->literals);
    free(prefilter->lists);
    table_free(&prefilter->by_key);
    arena_free(&prefilter->arena);
    free(prefilter);
}

static bool has_letter(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (is_alpha(text.ptr[i]))
            return true;
    }
    return false;
}

static struct slot_list *list_for(struct prefilter *prefilter, struct bytes text, bool caseless)
{
    struct arena_mark mark = arena_mark(&prefilter->arena);
    struct bytes key = arena_cat(&prefilter->arena, caseless ? B("i") : B("c"), text);
    if (caseless) {
        for (char *c = (char *)key.ptr + 1; c < key.ptr + key.len; c++)
            *c = ascii_lower(*c);
    }
    struct slot_list *list = table_find(&prefilter->by_key, key);
    if (list) {
        arena_release(&prefilter->arena, mark);
        return list;
    }
    list = mem_zalloc(sizeof(*list));
    list->key = key;
    list->literal = (struct required){bytes_from(key, 1), caseless};
    table_insert(&prefilter->by_key, list);
    MEM_GROW(prefilter->lists, prefilter->count, prefilter->room, 64);
    prefilter->lists[prefilter->count++] = list;
    return list;
}

void prefilter_add(struct prefilter *prefilter, struct bytes literal, bool caseless, uint32_t slot)
{
    assert(literal.len > 0 && !prefilter->matcher);
    if (literal.len > LITERAL_MAX)
        literal.len = LITERAL_MAX;
    struct slot_list *list = list_for(prefilter, literal, caseless && has_letter(literal));
    if (list->count > 0 && list->slots[list->count - 1] == slot)
        return;
    MEM_GROW(list->slots, list->count, list->room, 2);
    list->slots[list->count++] = slot;
}

void prefilter_build(struct prefilter *prefilter)
{
    assert(!prefilter->matcher);
    prefilter->literals = mem_array(NULL, prefilter->count + 1, sizeof(*prefilter->literals));
    for (size_t i = 0; i < prefilter->count; i++)
        prefilter->literals[i] = prefilter->lists[i]->literal;
    prefilter->matcher = matcher_new(prefilter->literals, prefilter->count);
}

struct scan {
    const struct prefilter *prefilter;
    struct hits *hits;
};

static void on_literal(void *arg, uint32_t literal)
{
    const struct scan *scan = arg;
    const struct slot_list *list = scan->prefilter->lists[literal];
    for (size_t i = 0; i < list->count; i++)
        hits_set(scan->hits, list->slots[i]);
}

void prefilter_scan(struct prefilter *prefilter, struct bytes text, struct hits *hits)
{
    assert(prefilter->matcher);
    struct scan scan = {prefilter, hits};
    matcher_scan(prefilter->matcher, text, on_literal, &scan);
}

static size_t word_count(size_t bits)
{
    return (bits + 63) / 64;
}

void hits_init(struct hits *hits, size_t slots)
{
    size_t words = word_count(slots);
    hits->bits = mem_zalloc(words * sizeof(*hits->bits));
    hits->summary = mem_zalloc(word_count(words) * sizeof(*hits->summary));
    hits->slots = slots;
}

void hits_free(struct hits *hits)
{
    free(hits->bits);
    free(hits->summary);
    *hits = (struct hits){0};
}

/* The first set bit at or after `from`, or `end`. */
static size_t next_bit(const uint64_t *words, size_t from, size_t end)
{
    if (from >= end)
        return end;
    uint64_t word = words[from / 64] & (UINT64_MAX << from % 64);
    for (size_t at = from / 64;;) {
        if (word) {
            size_t bit = at * 64 + (size_t)__builtin_ctzll(word);
            return bit < end ? bit : end;
        }
        if (++at * 64 >= end)
            return end;
        word = words[at];
    }
}

uint32_t hits_next(const struct hits *hits, uint32_t from, uint32_t to)
{
    assert(to <= hits->slots);
    if (from >= to)
        return to;
    size_t first = from / 64, last = word_count(to);
    if ((hits->bits[first] & (UINT64_MAX << from % 64)) == 0) {
        first = next_bit(hits->summary, first + 1, last);
        from = (uint32_t)(first * 64);
    }
    return first < last ? (uint32_t)next_bit(hits->bits, from, to) : to;
}

void hits_clear(struct hits *hits)
{
    size_t words = word_count(hits->slots);
    for (size_t i = 0; i < word_count(words); i++) {
        for (uint64_t set = hits->summary[i]; set; set &= set - 1)
            hits->bits[i * 64 + (size_t)__builtin_ctzll(set)] = 0;
        hits->summary[i] = 0;
    }
}
