/* The prefilter: distinct literals, the slots that each stands for, and a matcher over them.
 *
 * A few literals are looked for one by one; many go to Vectorscan, or, where it was not there at
 * build time or refuses, to a matcher of our own (match/literal_scan.h).
 */
#include "match/prefilter.h"

#ifdef HAVE_VECTORSCAN
#include <hs/hs.h>
#endif

#include "base/mem.h"
#include "base/table.h"
#include "match/literal_scan.h"

/* So few literals are found faster one by one than by a scan. */
#define ONE_BY_ONE 2

/* Vectorscan takes texts up to 4 GiB; what is longer than this is not filtered. */
#define LONGEST (UINT32_C(1) << 31)

struct literal {
    struct bytes text;  /* owned */
    bool caseless;
    struct bytes key;   /* owned: the text, and whether it is caseless */
    size_t slot_count, slot_room;
    uint32_t *slots;    /* owned */
};

struct prefilter {
    struct literal **literals;
    size_t count, room;
    struct table by_key;
    struct literal_scan *scan; /* NULL: Vectorscan scans, or there are few */
#ifdef HAVE_VECTORSCAN
    hs_database_t *database;
    hs_scratch_t *scratch;
#endif
};

static struct bytes literal_key(const void *entry)
{
    return ((const struct literal *)entry)->key;
}

struct prefilter *prefilter_new(void)
{
    struct prefilter *prefilter = mem_zalloc(sizeof *prefilter);
    table_init(&prefilter->by_key, literal_key);
    return prefilter;
}

static void drop_matchers(struct prefilter *prefilter)
{
    literal_scan_free(prefilter->scan);
    prefilter->scan = NULL;
#ifdef HAVE_VECTORSCAN
    hs_free_scratch(prefilter->scratch);
    hs_free_database(prefilter->database);
    prefilter->scratch = NULL;
    prefilter->database = NULL;
#endif
}

void prefilter_free(struct prefilter *prefilter)
{
    if (!prefilter)
        return;
    drop_matchers(prefilter);
    for (size_t i = 0; i < prefilter->count; i++) {
        struct literal *literal = prefilter->literals[i];
        free((char *)literal->text.ptr);
        free((char *)literal->key.ptr);
        free(literal->slots);
        free(literal);
    }
    table_free(&prefilter->by_key);
    free(prefilter->literals);
    free(prefilter);
}

static struct literal *literal_new(struct prefilter *prefilter, struct bytes text, bool caseless,
                                   struct bytes key)
{
    struct literal *literal = mem_zalloc(sizeof *literal);
    literal->text = bytes_dup(text);
    literal->key = bytes_dup(key);
    literal->caseless = caseless;
    table_insert(&prefilter->by_key, literal);
    if (prefilter->count == prefilter->room) {
        prefilter->room = prefilter->room ? prefilter->room * 2 : 64;
        prefilter->literals =
            mem_array(prefilter->literals, prefilter->room, sizeof(struct literal *));
    }
    prefilter->literals[prefilter->count++] = literal;
    return literal;
}

void prefilter_add(struct prefilter *prefilter, struct bytes text, bool caseless, uint32_t slot)
{
    struct buf key = {0};
    buf_cat(&key, text, caseless ? B("i") : B("c"));
    struct literal *literal = table_find(&prefilter->by_key, buf_bytes(&key));
    if (!literal)
        literal = literal_new(prefilter, text, caseless, buf_bytes(&key));
    buf_free(&key);
    if (literal->slot_count == literal->slot_room) {
        literal->slot_room = literal->slot_room ? literal->slot_room * 2 : 1;
        literal->slots = mem_array(literal->slots, literal->slot_room, sizeof(uint32_t));
    }
    literal->slots[literal->slot_count++] = slot;
}

/* A scan under way. */
struct scan_state {
    const struct prefilter *prefilter;
    struct hits *hits;
};

static void found(const struct literal *literal, struct hits *hits)
{
    for (size_t i = 0; i < literal->slot_count; i++)
        hits_set(hits, literal->slots[i]);
}

static bool few(const struct prefilter *prefilter)
{
    if (prefilter->count > ONE_BY_ONE)
        return false;
    for (size_t i = 0; i < prefilter->count; i++)
        if (prefilter->literals[i]->caseless)
            return false;
    return true;
}

#ifdef HAVE_VECTORSCAN
/* Literals under way to Vectorscan. */
struct compilation {
    const char **texts;
    size_t *lengths;
    unsigned *flags, *ids;
};

static void compile(struct prefilter *prefilter, struct compilation *c)
{
    size_t count = prefilter->count;
    hs_compile_error_t *error = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct literal *literal = prefilter->literals[i];
        c->texts[i] = literal->text.ptr;
        c->lengths[i] = literal->text.len;
        c->flags[i] = HS_FLAG_SINGLEMATCH | (literal->caseless ? HS_FLAG_CASELESS : 0);
        c->ids[i] = (unsigned)i;
    }
    if (hs_compile_lit_multi(c->texts, c->flags, c->ids, c->lengths, (unsigned)count,
                             HS_MODE_BLOCK, NULL, &prefilter->database, &error) != HS_SUCCESS)
        hs_free_compile_error(error);
    else if (hs_alloc_scratch(prefilter->database, &prefilter->scratch) != HS_SUCCESS)
        drop_matchers(prefilter);
}

static void build_vectorscan(struct prefilter *prefilter)
{
    size_t count = prefilter->count;
    struct compilation c = {
        .texts = mem_array(NULL, count, sizeof(char *)),
        .lengths = mem_array(NULL, count, sizeof(size_t)),
        .flags = mem_array(NULL, count, sizeof(unsigned)),
        .ids = mem_array(NULL, count, sizeof(unsigned)),
    };
    compile(prefilter, &c);
    free(c.texts);
    free(c.lengths);
    free(c.flags);
    free(c.ids);
}

static int on_vectorscan(unsigned id, unsigned long long from, unsigned long long to,
                         unsigned flags, void *arg)
{
    const struct scan_state *state = arg;
    (void)from, (void)to, (void)flags;
    found(state->prefilter->literals[id], state->hits);
    return 0;
}

static bool scan_vectorscan(struct prefilter *prefilter, struct bytes text, struct hits *hits)
{
    struct scan_state state = {prefilter, hits};
    return prefilter->database &&
           hs_scan(prefilter->database, text.ptr, (unsigned)text.len, 0, prefilter->scratch,
                   on_vectorscan, &state) == HS_SUCCESS;
}

static bool vectorscan_ready(const struct prefilter *prefilter)
{
    return prefilter->database != NULL;
}
#else
static void build_vectorscan(struct prefilter *prefilter)
{
    (void)prefilter;
}

static bool scan_vectorscan(struct prefilter *prefilter, struct bytes text, struct hits *hits)
{
    (void)prefilter, (void)text, (void)hits;
    return false;
}

static bool vectorscan_ready(const struct prefilter *prefilter)
{
    (void)prefilter;
    return false;
}
#endif

void prefilter_build(struct prefilter *prefilter)
{
    drop_matchers(prefilter);
    if (few(prefilter))
        return;
    build_vectorscan(prefilter);
    if (vectorscan_ready(prefilter))
        return;
    prefilter->scan = literal_scan_new();
    for (size_t i = 0; i < prefilter->count; i++)
        literal_scan_add(prefilter->scan, prefilter->literals[i]->text,
                         prefilter->literals[i]->caseless, (uint32_t)i);
}

static void on_literal(void *arg, uint32_t id)
{
    const struct scan_state *state = arg;
    found(state->prefilter->literals[id], state->hits);
}

static void all_hit(const struct prefilter *prefilter, struct hits *hits)
{
    for (size_t i = 0; i < prefilter->count; i++)
        found(prefilter->literals[i], hits);
}

void prefilter_scan(struct prefilter *prefilter, struct bytes text, struct hits *hits)
{
    if (text.len == 0 || prefilter->count == 0)
        return;
    if (prefilter->scan) {
        struct scan_state state = {prefilter, hits};
        literal_scan(prefilter->scan, text, on_literal, &state);
    } else if (!vectorscan_ready(prefilter)) {
        for (size_t i = 0; i < prefilter->count; i++)
            if (bytes_find(text, prefilter->literals[i]->text, 0) >= 0)
                found(prefilter->literals[i], hits);
    } else if (text.len > LONGEST || !scan_vectorscan(prefilter, text, hits)) {
        all_hit(prefilter, hits);
    }
}

void hits_init(struct hits *hits, size_t slots)
{
    hits->slots = slots;
    hits->bits = mem_zalloc((slots / 64 + 1) * sizeof *hits->bits);
    hits->summary = mem_zalloc((slots / 4096 + 1) * sizeof *hits->summary);
}

void hits_free(struct hits *hits)
{
    free(hits->bits);
    free(hits->summary);
    *hits = (struct hits){0};
}

static uint64_t from_bit(uint64_t word, unsigned bit)
{
    return word & (~UINT64_C(0) << bit);
}

uint32_t hits_next(const struct hits *hits, uint32_t from, uint32_t to)
{
    if (from >= to)
        return to;
    size_t word = from >> 6, last = (to - 1) >> 6;
    uint64_t bits = from_bit(hits->bits[word], from & 63);
    while (!bits) {
        /* The next word that is not empty, by the summary. */
        if (++word > last)
            return to;
        uint64_t words = from_bit(hits->summary[word >> 6], word & 63);
        if (words)
            word = (word & ~(size_t)63) + (size_t)__builtin_ctzll(words);
        else
            word |= 63;
        if (word > last)
            return to;
        bits = hits->bits[word];
    }
    uint32_t slot = (uint32_t)(word << 6) + (uint32_t)__builtin_ctzll(bits);
    return slot < to ? slot : to;
}

void hits_clear(struct hits *hits)
{
    for (size_t i = 0; i <= hits->slots / 4096 && hits->summary; i++) {
        for (uint64_t words = hits->summary[i]; words; words &= words - 1)
            hits->bits[(i << 6) + (size_t)__builtin_ctzll(words)] = 0;
        hits->summary[i] = 0;
    }
}
