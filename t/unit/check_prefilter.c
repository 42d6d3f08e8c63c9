/* The prefilter sets the slots whose literals stand in a text, and no others. */
#include "match/prefilter.h"

#include "match/literal_scan.h"
#include "unit.h"

enum { LITERALS = 500, SLOTS = 9000, TEXTS = 400 };

struct sample {
    char bytes[12];
    struct bytes text;
    bool caseless;
    uint32_t slot;
};

static struct sample samples[LITERALS];
static uint64_t seed = 7;

/* Few different bytes, so that literals occur: a, b, A, NUL and one high byte. */
static void make_samples(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct sample *sample = &samples[i];
        size_t len = 1 + next_number(&seed, 8);
        for (size_t k = 0; k < len; k++)
            sample->bytes[k] = "abA\0\xe9"[next_number(&seed, 5)];
        sample->text = bytes_make(sample->bytes, len);
        sample->caseless = next_number(&seed, 4) == 0;
        sample->slot = next_number(&seed, SLOTS);
    }
}

static size_t make_text(char *text, size_t room)
{
    size_t len = next_number(&seed, (uint32_t)room);
    for (size_t k = 0; k < len; k++)
        text[k] = "abAB\0\xe9\xc9"[next_number(&seed, 7)];
    return len;
}

static bool stands(const struct sample *sample, struct bytes text)
{
    for (size_t at = 0; at + sample->text.len <= text.len; at++) {
        struct bytes here = bytes_slice(text, at, at + sample->text.len);
        if (sample->caseless ? bytes_ieq(here, sample->text) : bytes_eq(here, sample->text))
            return true;
    }
    return false;
}

static bool slot_due(size_t count, struct bytes text, uint32_t slot)
{
    for (size_t i = 0; i < count; i++)
        if (samples[i].slot == slot && stands(&samples[i], text))
            return true;
    return false;
}

static void check_texts(struct prefilter *prefilter, size_t count)
{
    char room[60];
    struct hits hits;
    hits_init(&hits, SLOTS);
    for (int i = 0; i < TEXTS; i++) {
        struct bytes text = bytes_make(room, make_text(room, sizeof(room)));
        hits_clear(&hits);
        prefilter_scan(prefilter, text, &hits);
        for (size_t k = 0; k < count; k++)
            ck_assert_int_eq(hits_has(&hits, samples[k].slot),
                             slot_due(count, text, samples[k].slot));
    }
    hits_free(&hits);
}

static void check_with(size_t count)
{
    struct prefilter *prefilter = prefilter_new();
    make_samples(count);
    for (size_t i = 0; i < count; i++)
        prefilter_add(prefilter, samples[i].text, samples[i].caseless, samples[i].slot);
    prefilter_build(prefilter);
    check_texts(prefilter, count);
    prefilter_free(prefilter);
}

START_TEST(no_literal_no_hit)
{
    check_with(0);
}
END_TEST

START_TEST(a_few_literals)
{
    for (size_t count = 1; count < 6; count++)
        check_with(count);
}
END_TEST

START_TEST(many_literals)
{
    check_with(60);
}
END_TEST

static void note(void *arg, uint32_t id)
{
    ((bool *)arg)[id] = true;
}

START_TEST(the_matcher_without_vectorscan)
{
    struct literal_scan *scan = literal_scan_new();
    char room[60];
    make_samples(LITERALS);
    for (uint32_t i = 0; i < LITERALS; i++)
        literal_scan_add(scan, samples[i].text, samples[i].caseless, i);
    for (int i = 0; i < TEXTS; i++) {
        bool found[LITERALS] = {false};
        struct bytes text = bytes_make(room, make_text(room, sizeof(room)));
        literal_scan(scan, text, note, found);
        for (size_t k = 0; k < LITERALS; k++)
            ck_assert_int_eq(found[k], stands(&samples[k], text));
    }
    literal_scan_free(scan);
}
END_TEST

START_TEST(the_next_hit)
{
    struct hits hits;
    hits_init(&hits, SLOTS);
    for (int round = 0; round < 50; round++) {
        hits_clear(&hits);
        for (int i = 0; i < 20; i++)
            hits_set(&hits, next_number(&seed, SLOTS));
        for (int i = 0; i < 50; i++) {
            uint32_t from = next_number(&seed, SLOTS), to = next_number(&seed, SLOTS + 1);
            uint32_t next = from;
            while (next < to && !hits_has(&hits, next))
                next++;
            ck_assert_uint_eq(hits_next(&hits, from, to), from < to ? next : to);
        }
    }
    hits_free(&hits);
}
END_TEST

RUN_TESTS("prefilter", no_literal_no_hit, a_few_literals, many_literals,
          the_matcher_without_vectorscan, the_next_hit)
