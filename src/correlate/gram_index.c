/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Literals are in the chains of a hash table over grams, one table for each width of grams, and
 * entries are in a list of their literal.  For most positions of a line, a bit field in front of
 * the table shows that there is nothing. */
#include "correlate/gram_index.h"

#include <assert.h>

#include "base/list.h"
#include "base/mem.h"
#include "base/table.h"

enum { FIRST_SHIFT = 64 - 6, BITS_PER_SLOT = 8 };

struct gram_literal {
    struct gram_literal *next, *prev; /* in the same slot */
    struct gram_entry *entries;
    uint64_t found;     /* the last search that found it */
    uint32_t len, lead; /* of the text; bytes before its gram */
    char text[];
};

struct gram_slot {
    struct gram_literal *first;
    size_t count;
};

struct gram_table {
    uint8_t width;
    unsigned shift; /* of the hash, to a slot */
    size_t count;
    size_t entered;          /* since the table was built: its bits, for they are never unset */
    struct gram_slot *slots; /* NULL while the table is empty */
    uint64_t *bits;          /* BITS_PER_SLOT for each slot */
};

struct gram_index {
    struct gram_table wide, narrow;
    struct table literals; /* by text */
    uint64_t searches;
};

static struct bytes literal_text(const void *entry)
{
    const struct gram_literal *literal = entry;
    return bytes_make(literal->text, literal->len);
}

static uint64_t gram_at(const char *at, uint8_t width)
{
    uint64_t gram = 0;
    memcpy(&gram, at, width == 8 ? 8 : 4);
    return gram;
}

static uint64_t gram_of(const struct gram_table *table, const struct gram_literal *literal)
{
    return gram_at(literal->text + literal->lead, table->width);
}

static uint64_t gram_hash(uint64_t gram)
{
    gram *= UINT64_C(0x9E3779B97F4A7C15);
    return gram ^ gram >> 32;
}

static size_t slot_count(const struct gram_table *table)
{
    return (size_t)1 << (64 - table->shift);
}

static struct gram_slot *slot_of(const struct gram_table *table, uint64_t gram)
{
    return &table->slots[gram_hash(gram) * UINT64_C(0xD6E8FEB86659FD93) >> table->shift];
}

static size_t bit_of(const struct gram_table *table, uint64_t gram)
{
    return (size_t)(gram_hash(gram) & (slot_count(table) * BITS_PER_SLOT - 1));
}

static void enter_literal(struct gram_table *table, struct gram_literal *literal)
{
    uint64_t gram = gram_of(table, literal);
    struct gram_slot *slot = slot_of(table, gram);
    size_t bit = bit_of(table, gram);
    CHAIN_PREPEND(slot->first, literal);
    slot->count++;
    table->entered++;
    table->bits[bit / 64] |= UINT64_C(1) << (bit % 64);
}

static void table_rebuild(struct gram_table *table, unsigned shift)
{
    struct gram_table old = *table;
    table->shift = shift;
    table->entered = 0;
    table->slots = mem_zarray(slot_count(table), sizeof(*table->slots));
    table->bits = mem_zalloc(slot_count(table) * BITS_PER_SLOT / 8);
    for (size_t i = 0; old.slots && i < slot_count(&old); i++)
        for (struct gram_literal *l = old.slots[i].first, *next; l; l = next) {
            next = l->next;
            enter_literal(table, l);
        }
    free(old.slots);
    free(old.bits);
}

static void room_for_literal(struct gram_table *table)
{
    if (!table->slots)
        table_rebuild(table, FIRST_SHIFT);
    else if (table->entered > slot_count(table))
        table_rebuild(table,
                      table->count > slot_count(table) / 2 ? table->shift - 1 : table->shift);
}

/* Where the gram is that the fewest others are entered under (or share a slot with); the
 * last of equals, because what differs tends to come after what is common. */
static size_t rarest_gram(const struct gram_table *table, struct bytes text)
{
    size_t least = SIZE_MAX, rarest = 0;
    for (size_t i = text.len - table->width + 1; i-- > 0 && least > 0;) {
        size_t count = slot_of(table, gram_at(text.ptr + i, table->width))->count;
        if (count < least) {
            least = count;
            rarest = i;
        }
    }
    return rarest;
}

struct gram_index *gram_index_new(void)
{
    struct gram_index *index = mem_zalloc(sizeof(*index));
    index->wide.width = 8;
    index->narrow.width = 4;
    table_init(&index->literals, literal_text);
    return index;
}

void gram_index_free(struct gram_index *index)
{
    size_t at = 0;
    for (struct gram_literal *literal; (literal = table_next(&index->literals, &at));)
        free(literal);
    table_free(&index->literals);
    free(index->wide.slots);
    free(index->wide.bits);
    free(index->narrow.slots);
    free(index->narrow.bits);
    free(index);
}

static struct gram_table *table_for(struct gram_index *index, struct bytes text)
{
    return text.len >= 8 ? &index->wide : &index->narrow;
}

/* hash: table_hash of the text. */
static struct gram_literal *literal_new(struct gram_index *index, struct bytes text, uint64_t hash)
{
    struct gram_literal *literal = mem_zalloc(sizeof(*literal) + text.len);
    struct gram_table *table = table_for(index, text);
    room_for_literal(table);
    literal->len = (uint32_t)text.len;
    literal->lead = (uint32_t)rarest_gram(table, text);
    memcpy(literal->text, text.ptr, text.len);
    enter_literal(table, literal);
    table->count++;
    table_insert_hashed(&index->literals, literal, hash);
    return literal;
}

static void literal_drop(struct gram_index *index, struct gram_literal *literal)
{
    struct gram_table *table = table_for(index, literal_text(literal));
    struct gram_slot *slot = slot_of(table, gram_of(table, literal));
    CHAIN_REMOVE(slot->first, literal);
    slot->count--;
    table->count--;
    table_remove(&index->literals, literal_text(literal));
    free(literal);
}

void gram_index_add(struct gram_index *index, struct gram_entry *entry, struct bytes literal)
{
    assert(literal.len >= GRAM_MINIMUM && !entry->literal);
    uint64_t hash = table_hash(literal);
    struct gram_literal *known = table_find_hashed(&index->literals, literal, hash);
    if (!known)
        known = literal_new(index, literal, hash);
    entry->literal = known;
    CHAIN_PREPEND(known->entries, entry);
}

void gram_index_remove(struct gram_index *index, struct gram_entry *entry)
{
    assert(entry->literal);
    struct gram_literal *literal = entry->literal;
    CHAIN_REMOVE(literal->entries, entry);
    entry->literal = NULL;
    if (!literal->entries)
        literal_drop(index, literal);
}

/* Is the literal in the line with its gram at `at`? */
static bool stands_at(struct bytes line, size_t at, const struct gram_literal *literal)
{
    struct bytes text = literal_text(literal);
    return at >= literal->lead && line.len - (at - literal->lead) >= text.len &&
           memcmp(line.ptr + at - literal->lead, text.ptr, text.len) == 0;
}

struct search {
    struct bytes line;
    uint64_t number;
    void (*found)(void *arg, struct gram_entry *entry);
    void *arg;
};

static void look_closer(const struct search *search, const struct gram_table *table, uint64_t gram,
                        size_t at)
{
    for (struct gram_literal *l = slot_of(table, gram)->first; l; l = l->next) {
        if (gram_of(table, l) != gram || l->found == search->number ||
            !stands_at(search->line, at, l))
            continue;
        l->found = search->number;
        for (struct gram_entry *entry = l->entries; entry; entry = entry->next)
            search->found(search->arg, entry);
    }
}

static void table_search(const struct gram_table *table, const struct search *search)
{
    struct bytes line = search->line;
    if (table->count == 0 || line.len < table->width)
        return;
    size_t mask = slot_count(table) * BITS_PER_SLOT - 1;
    for (size_t at = 0; at + table->width <= line.len; at++) {
        uint64_t gram = gram_at(line.ptr + at, table->width);
        size_t bit = (size_t)gram_hash(gram) & mask;
        if (table->bits[bit / 64] >> (bit % 64) & 1)
            look_closer(search, table, gram, at);
    }
}

void gram_index_find(struct gram_index *index, struct bytes line,
                     void (*found)(void *arg, struct gram_entry *entry), void *arg)
{
    const struct search search = {line, ++index->searches, found, arg};
    table_search(&index->wide, &search);
    table_search(&index->narrow, &search);
}
