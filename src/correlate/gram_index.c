/* Entries hang in chains of a hash table over grams, one table for each width of grams.  A bit
 * field in front of the table answers for most places of a line that there is nothing. */
#include "correlate/gram_index.h"

#include "base/mem.h"

enum { FIRST_SHIFT = 64 - 6, BITS_PER_SLOT = 8 };

struct gram_table {
    uint8_t width;
    unsigned shift; /* of the hash, to a slot */
    size_t count;
    size_t entered;            /* since the table was built: its bits, for they are never unset */
    struct gram_entry **slots; /* NULL while the table is empty */
    uint64_t *bits;            /* BITS_PER_SLOT for each slot */
};

struct gram_index {
    struct gram_table wide, narrow;
    uint64_t serial;
};

static uint64_t gram_at(const char *at, uint8_t width)
{
    uint64_t gram = 0;
    memcpy(&gram, at, width == 8 ? 8 : 4);
    return gram;
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

static size_t slot_of(const struct gram_table *table, uint64_t gram)
{
    return (size_t)(gram_hash(gram) * UINT64_C(0xD6E8FEB86659FD93) >> table->shift);
}

static size_t bit_of(const struct gram_table *table, uint64_t gram)
{
    return (size_t)(gram_hash(gram) & (slot_count(table) * BITS_PER_SLOT - 1));
}

static void enter(struct gram_table *table, struct gram_entry *entry)
{
    struct gram_entry **slot = &table->slots[slot_of(table, entry->gram)];
    size_t bit = bit_of(table, entry->gram);
    entry->next = *slot;
    *slot = entry;
    table->entered++;
    table->bits[bit / 64] |= UINT64_C(1) << (bit % 64);
}

static void table_rebuild(struct gram_table *table, unsigned shift)
{
    struct gram_table old = *table;
    table->shift = shift;
    table->entered = 0;
    table->slots = mem_zalloc(slot_count(table) * sizeof(*table->slots));
    table->bits = mem_zalloc(slot_count(table) * BITS_PER_SLOT / 8);
    for (size_t i = 0; old.slots && i < slot_count(&old); i++)
        for (struct gram_entry *e = old.slots[i], *next; e; e = next) {
            next = e->next;
            enter(table, e);
        }
    free(old.slots);
    free(old.bits);
}

static size_t chain_length(const struct gram_table *table, uint64_t gram)
{
    size_t bit = bit_of(table, gram), length = 0;
    if (!(table->bits[bit / 64] >> (bit % 64) & 1))
        return 0;
    for (const struct gram_entry *e = table->slots[slot_of(table, gram)]; e; e = e->next)
        length += e->gram == gram;
    return length;
}

/* The gram of the literal that the fewest others are entered under; the last of equals, because
 * what differs tends to stand behind what is common. */
static uint64_t rarest_gram(const struct gram_table *table, struct bytes literal)
{
    size_t least = SIZE_MAX;
    uint64_t rarest = 0;
    for (size_t i = literal.len - table->width + 1; i-- > 0 && least > 0;) {
        uint64_t gram = gram_at(literal.ptr + i, table->width);
        size_t length = chain_length(table, gram);
        if (length < least) {
            least = length;
            rarest = gram;
        }
    }
    return rarest;
}

struct gram_index *gram_index_new(void)
{
    struct gram_index *index = mem_zalloc(sizeof(*index));
    index->wide.width = 8;
    index->narrow.width = 4;
    return index;
}

void gram_index_free(struct gram_index *index)
{
    free(index->wide.slots);
    free(index->wide.bits);
    free(index->narrow.slots);
    free(index->narrow.bits);
    free(index);
}

void gram_index_add(struct gram_index *index, struct gram_entry *entry, struct bytes literal)
{
    struct gram_table *table = literal.len >= 8 ? &index->wide : &index->narrow;
    if (!table->slots)
        table_rebuild(table, FIRST_SHIFT);
    else if (table->entered > slot_count(table))
        table_rebuild(table, table->count > slot_count(table) / 2 ? table->shift - 1
                                                                   : table->shift);
    *entry = (struct gram_entry){.literal = literal,
                                 .gram = rarest_gram(table, literal),
                                 .serial = index->serial++,
                                 .width = table->width};
    enter(table, entry);
    table->count++;
}

void gram_index_remove(struct gram_index *index, struct gram_entry *entry)
{
    struct gram_table *table = entry->width == 8 ? &index->wide : &index->narrow;
    struct gram_entry **link = &table->slots[slot_of(table, entry->gram)];
    while (*link != entry)
        link = &(*link)->next;
    *link = entry->next;
    entry->width = 0;
    table->count--;
}

/* Is `at` the first place of the line where the literal stands? */
static bool stands_first(struct bytes line, size_t at, const struct gram_entry *entry)
{
    struct bytes literal = entry->literal;
    size_t lead = (size_t)bytes_find(literal, bytes_make((const char *)&entry->gram, entry->width), 0);
    if (at < lead || line.len - (at - lead) < literal.len ||
        memcmp(line.ptr + at - lead, literal.ptr, literal.len) != 0)
        return false;
    return bytes_find(line, literal, 0) == (ptrdiff_t)(at - lead);
}

static void table_find_all(const struct gram_table *table, struct bytes line,
                           void (*found)(void *arg, struct gram_entry *entry), void *arg)
{
    if (table->count == 0 || line.len < table->width)
        return;
    size_t mask = slot_count(table) * BITS_PER_SLOT - 1;
    for (size_t at = 0; at + table->width <= line.len; at++) {
        uint64_t gram = gram_at(line.ptr + at, table->width);
        size_t bit = (size_t)gram_hash(gram) & mask;
        if (!(table->bits[bit / 64] >> (bit % 64) & 1))
            continue;
        for (struct gram_entry *e = table->slots[slot_of(table, gram)]; e; e = e->next)
            if (e->gram == gram && stands_first(line, at, e))
                found(arg, e);
    }
}

void gram_index_find(const struct gram_index *index, struct bytes line,
                     void (*found)(void *arg, struct gram_entry *entry), void *arg)
{
    table_find_all(&index->wide, line, found, arg);
    table_find_all(&index->narrow, line, found, arg);
}
