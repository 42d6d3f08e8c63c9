/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The literal matcher.
 *
 * A text is sampled: at every stride-th position the gram that begins there, a few bytes, is looked
 * up, first in a bit field that fits into the L1 cache.  A literal of stride + width - 1 bytes
 * covers a sampled position wherever it is, so it is entered under `stride` consecutive grams of
 * its own, namely those with the fewest other literals.
 *
 * The longer the literals, the coarser the sampling.  Short ones have a sampler and a pass over the
 * text of their own, so that a single one of them does not make the sampling fine for all.  Grams
 * ignore case: bit 5 of each byte is set, in letters and in others. */
#include "match/matcher.h"

#include "base/mem.h"

enum {
    BITS_PER_GRAM = 16, /* at the least: one place in so many is looked at in vain */
    BITS_PER_BUCKET = 8,
    MIN_BITS_LOG = 8, /* the smallest bit field */
};

/* Literals of `length` bytes and more have grams of `width` and a
 * stride of `max_stride` or less. */
static const struct length_class {
    size_t length;
    unsigned width, max_stride;
} length_classes[] = {{7, 4, 8}, {4, 3, 2}, {2, 2, 1}, {1, 1, 1}};

enum { LENGTH_CLASSES = sizeof(length_classes) / sizeof(*length_classes) };

/* A literal under one of its grams. */
struct entry {
    uint32_t gram;
    uint32_t literal;
    uint32_t offset; /* of the gram in the literal */
};

struct sampler {
    unsigned width, stride;
    unsigned shift;   /* of a hash, to a bit */
    uint64_t *bits;   /* NULL: no literal is here */
    uint32_t *starts; /* of each bucket in `entries`, and the end of the last one */
    struct entry *entries;
};

struct matcher {
    const struct required *literals;
    uint64_t *found; /* for each literal, the number of the last scan that found it */
    uint64_t scans;
    struct sampler samplers[LENGTH_CLASSES];
};

/* The bytes of a gram, as they lie in memory. */
static uint32_t gram_mask(unsigned width)
{
    uint32_t mask = 0;
    memset(&mask, 0xff, width);
    return mask;
}

static uint32_t gram_at(unsigned width, const char *at)
{
    uint32_t gram = 0;
    memcpy(&gram, at, width);
    return (gram | 0x20202020) & gram_mask(width);
}

static size_t bit_of(unsigned shift, uint32_t gram)
{
    return gram * UINT32_C(2654435761) >> shift;
}

static size_t bucket_of(const struct sampler *sampler, uint32_t gram)
{
    return bit_of(sampler->shift, gram) / BITS_PER_BUCKET;
}

static size_t bit_count(const struct sampler *sampler)
{
    return (size_t)1 << (32 - sampler->shift);
}

static const struct length_class *kind_of(size_t length)
{
    const struct length_class *kind = length_classes;
    while (length < kind->length)
        kind++;
    return kind;
}

/* The first of `stride` neighbouring grams of the literal under which the fewest entries are. */
static size_t best_offset(const struct sampler *sampler, const uint32_t *load, struct bytes text)
{
    size_t best = 0, least = SIZE_MAX;
    for (size_t at = 0; least > 0 && at + sampler->stride + sampler->width - 1 <= text.len; at++) {
        size_t sum = 0;
        for (size_t i = at; i < at + sampler->stride; i++)
            sum += load[bucket_of(sampler, gram_at(sampler->width, text.ptr + i))];
        if (sum < least) {
            least = sum;
            best = at;
        }
    }
    return best;
}

/* Puts the entries, which are in no order, in their buckets. */
static void sort_entries(struct sampler *sampler, const struct entry *entries, size_t count,
                         const uint32_t *load)
{
    size_t buckets = bit_count(sampler) / BITS_PER_BUCKET;
    uint32_t end = 0;
    sampler->starts = mem_array(NULL, buckets + 1, sizeof(*sampler->starts));
    sampler->entries = mem_array(NULL, count, sizeof(*sampler->entries));
    for (size_t i = 0; i < buckets; i++)
        sampler->starts[i] = end += load[i];
    sampler->starts[buckets] = end;
    for (size_t i = count; i-- > 0;)
        sampler->entries[--sampler->starts[bucket_of(sampler, entries[i].gram)]] = entries[i];
}

static void enter_literals(struct sampler *sampler, const struct matcher *matcher,
                           const struct length_class *kind, size_t literals, size_t count)
{
    struct entry *entries = mem_array(NULL, count * sampler->stride, sizeof(*entries)),
                 *e = entries;
    uint32_t *load = mem_zalloc(bit_count(sampler) / BITS_PER_BUCKET * sizeof(*load));
    for (uint32_t i = 0; i < literals; i++) {
        struct bytes text = matcher->literals[i].text;
        if (kind_of(text.len) != kind)
            continue;
        size_t at = best_offset(sampler, load, text);
        for (size_t end = at + sampler->stride; at < end; at++, e++) {
            *e = (struct entry){gram_at(sampler->width, text.ptr + at), i, (uint32_t)at};
            size_t bit = bit_of(sampler->shift, e->gram);
            sampler->bits[bit / 64] |= UINT64_C(1) << bit % 64;
            load[bit / BITS_PER_BUCKET]++;
        }
    }
    sort_entries(sampler, entries, count * sampler->stride, load);
    free(load);
    free(entries);
}

static void sampler_init(struct sampler *sampler, const struct matcher *matcher,
                         const struct length_class *kind, size_t literals)
{
    size_t count = 0, shortest = kind->width + kind->max_stride - 1;
    unsigned bits_log = MIN_BITS_LOG;
    for (size_t i = 0; i < literals; i++) {
        size_t length = matcher->literals[i].text.len;
        if (kind_of(length) != kind)
            continue;
        count++;
        if (length < shortest)
            shortest = length;
    }
    if (count == 0)
        return;
    sampler->width = kind->width;
    sampler->stride = (unsigned)shortest - kind->width + 1;
    while ((size_t)1 << bits_log < count * sampler->stride * BITS_PER_GRAM)
        bits_log++;
    sampler->shift = 32 - bits_log;
    sampler->bits = mem_zalloc(bit_count(sampler) / 8);
    enter_literals(sampler, matcher, kind, literals, count);
}

struct matcher *matcher_new(const struct required *literals, size_t count)
{
    struct matcher *matcher = mem_zalloc(sizeof(*matcher));
    matcher->literals = literals;
    matcher->found = mem_zalloc((count + 1) * sizeof(*matcher->found));
    for (size_t i = 0; i < LENGTH_CLASSES; i++)
        sampler_init(&matcher->samplers[i], matcher, &length_classes[i], count);
    return matcher;
}

void matcher_free(struct matcher *matcher)
{
    if (!matcher)
        return;
    for (size_t i = 0; i < LENGTH_CLASSES; i++) {
        free(matcher->samplers[i].bits);
        free(matcher->samplers[i].starts);
        free(matcher->samplers[i].entries);
    }
    free(matcher->found);
    free(matcher);
}

static bool stands_at(const struct required *literal, struct bytes text, size_t at)
{
    if (literal->text.len > text.len - at)
        return false;
    struct bytes here = bytes_slice(text, at, at + literal->text.len);
    return literal->caseless ? bytes_ieq(here, literal->text) : bytes_eq(here, literal->text);
}

/* The bit of the gram is set: compares the literals under it with the text around `at`. */
static void look_closer(struct matcher *matcher, const struct sampler *sampler, uint32_t gram,
                        struct bytes text, size_t at, matcher_report *report, void *arg)
{
    size_t bucket = bucket_of(sampler, gram);
    const struct entry *end = sampler->entries + sampler->starts[bucket + 1];
    for (const struct entry *e = sampler->entries + sampler->starts[bucket]; e < end; e++) {
        if (e->gram != gram || at < e->offset || matcher->found[e->literal] == matcher->scans ||
            !stands_at(&matcher->literals[e->literal], text, at - e->offset))
            continue;
        matcher->found[e->literal] = matcher->scans;
        report(arg, e->literal);
    }
}

/* Inlined with a width that is a constant. */
static inline __attribute__((always_inline)) void sample(struct matcher *matcher,
                                                         const struct sampler *sampler,
                                                         unsigned width, struct bytes text,
                                                         matcher_report *report, void *arg)
{
    const uint64_t *bits = sampler->bits;
    const unsigned shift = sampler->shift, stride = sampler->stride;
    const uint32_t mask = gram_mask(width);
    uint32_t gram;
    size_t at = 0;
    if (!bits)
        return;
    for (; at + sizeof(gram) <= text.len; at += stride) {
        memcpy(&gram, text.ptr + at, sizeof(gram));
        gram = (gram | 0x20202020) & mask;
        size_t bit = bit_of(shift, gram);
        if (bits[bit / 64] >> bit % 64 & 1)
            look_closer(matcher, sampler, gram, text, at, report, arg);
    }
    for (; at + width <= text.len; at += stride)
        look_closer(matcher, sampler, gram_at(width, text.ptr + at), text, at, report, arg);
}

void matcher_scan(struct matcher *matcher, struct bytes text, matcher_report *report, void *arg)
{
    matcher->scans++;
    sample(matcher, &matcher->samplers[0], length_classes[0].width, text, report, arg);
    sample(matcher, &matcher->samplers[1], length_classes[1].width, text, report, arg);
    sample(matcher, &matcher->samplers[2], length_classes[2].width, text, report, arg);
    sample(matcher, &matcher->samplers[3], length_classes[3].width, text, report, arg);
}
