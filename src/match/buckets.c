/* The literal matcher.
 *
 * Each literal hangs on one pair of neighbouring bytes that it contains, of those the pair on which
 * the fewest others hang.  A scan looks up each pair of the text, first in a bit field that stays in
 * the nearest cache, and compares the literals there.
 * Pairs are taken without regard to ASCII case; a literal of one byte hangs on that byte alone. */
#include "match/matcher.h"

#include "base/mem.h"

#define NO_LITERAL UINT32_MAX

struct entry {
    const struct required *literal;
    uint32_t next;  /* the next one in the same bucket */
    size_t offset;  /* of the pair in the literal */
    uint64_t found; /* number of the last scan that found it */
};

struct buckets {
    struct entry *entries;
    uint64_t used[(1 << 16) / 64]; /* the pairs on which a literal hangs */
    uint32_t *pairs; /* the first literal on each pair of bytes */
    uint32_t singles[256];
    bool any_single;
    unsigned char fold[256];
    uint64_t scans;
};

static size_t pair_at(const struct buckets *buckets, struct bytes text, size_t at)
{
    return (size_t)buckets->fold[(unsigned char)text.ptr[at]] << 8 |
           buckets->fold[(unsigned char)text.ptr[at + 1]];
}

static unsigned char folded(unsigned byte)
{
    return (unsigned char)(byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte);
}

/* The offset of the pair of the literal that has the fewest literals so far. */
static size_t best_offset(const struct buckets *buckets, const uint32_t *load, struct bytes text)
{
    size_t best = 0;
    for (size_t at = 1; at + 1 < text.len; at++) {
        if (load[pair_at(buckets, text, at)] < load[pair_at(buckets, text, best)])
            best = at;
    }
    return best;
}

static void enter(struct buckets *buckets, uint32_t *load, uint32_t index)
{
    struct entry *entry = &buckets->entries[index];
    struct bytes text = entry->literal->text;
    uint32_t *bucket;
    if (text.len == 1) {
        bucket = &buckets->singles[buckets->fold[(unsigned char)text.ptr[0]]];
        buckets->any_single = true;
    } else {
        entry->offset = best_offset(buckets, load, text);
        size_t pair = pair_at(buckets, text, entry->offset);
        load[pair]++;
        buckets->used[pair / 64] |= UINT64_C(1) << pair % 64;
        bucket = &buckets->pairs[pair];
    }
    entry->next = *bucket;
    *bucket = index;
}

struct buckets *buckets_new(const struct required *literals, size_t count)
{
    struct buckets *buckets = mem_zalloc(sizeof(*buckets));
    buckets->entries = mem_zalloc(count * sizeof(*buckets->entries));
    buckets->pairs = mem_array(NULL, 1 << 16, sizeof(*buckets->pairs));
    uint32_t *load = mem_zalloc((1 << 16) * sizeof(*load));
    for (size_t pair = 0; pair < 1 << 16; pair++)
        buckets->pairs[pair] = NO_LITERAL;
    for (unsigned byte = 0; byte < 256; byte++) {
        buckets->singles[byte] = NO_LITERAL;
        buckets->fold[byte] = folded(byte);
    }
    for (uint32_t i = 0; i < count; i++) {
        buckets->entries[i].literal = &literals[i];
        enter(buckets, load, i);
    }
    free(load);
    return buckets;
}

void buckets_free(struct buckets *buckets)
{
    if (!buckets)
        return;
    free(buckets->entries);
    free(buckets->pairs);
    free(buckets);
}

static bool occurs(const struct entry *entry, struct bytes text, size_t at)
{
    struct bytes literal = entry->literal->text;
    if (at < entry->offset || literal.len > text.len - (at - entry->offset))
        return false;
    struct bytes here = bytes_slice(text, at - entry->offset, at - entry->offset + literal.len);
    return entry->literal->caseless ? bytes_ieq(here, literal) : bytes_eq(here, literal);
}

/* Compares the literals of one bucket with the text whose pair is at `at`. */
static void compare(struct buckets *buckets, uint32_t bucket, struct bytes text, size_t at,
                    matcher_report *report, void *arg)
{
    for (uint32_t i = bucket; i != NO_LITERAL; i = buckets->entries[i].next) {
        struct entry *entry = &buckets->entries[i];
        if (entry->found == buckets->scans || !occurs(entry, text, at))
            continue;
        entry->found = buckets->scans;
        report(arg, i);
    }
}

void buckets_scan(struct buckets *buckets, struct bytes text, matcher_report *report, void *arg)
{
    size_t pair = text.len ? buckets->fold[(unsigned char)text.ptr[0]] : 0;
    buckets->scans++;
    for (size_t at = 1; at < text.len; at++) {
        pair = (pair << 8 | buckets->fold[(unsigned char)text.ptr[at]]) & 0xffff;
        if (buckets->used[pair / 64] >> pair % 64 & 1)
            compare(buckets, buckets->pairs[pair], text, at - 1, report, arg);
    }
    for (size_t at = 0; buckets->any_single && at < text.len; at++) {
        uint32_t bucket = buckets->singles[buckets->fold[(unsigned char)text.ptr[at]]];
        if (bucket != NO_LITERAL)
            compare(buckets, bucket, text, at, report, arg);
    }
}
