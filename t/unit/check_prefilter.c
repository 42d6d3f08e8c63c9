/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The prefilter: slots of literals that occur in a line, and the bit set of hits. */
#include "base/mem.h"
#include "match/matcher.h"
#include "match/prefilter.h"
#include "unit.h"

static struct prefilter *prefilter;
static struct hits hits;

static void setup(size_t slots)
{
    prefilter = prefilter_new();
    hits_init(&hits, slots);
}

static void teardown(void)
{
    prefilter_free(prefilter);
    hits_free(&hits);
}

static void scan(const char *text)
{
    hits_clear(&hits);
    prefilter_scan(prefilter, bytes_of(text), &hits);
}

START_TEST(a_line_sets_the_slots_whose_literal_it_holds)
{
    setup(200);
    prefilter_add(prefilter, B("sshd["), false, 0);
    prefilter_add(prefilter, B("Failed password"), false, 150);
    prefilter_add(prefilter, B("kernel"), false, 199);
    prefilter_build(prefilter);
    scan("host sshd[1]: Failed password for x");
    ck_assert(hits_has(&hits, 0) && hits_has(&hits, 150) && !hits_has(&hits, 199));
    scan("host kernel: failed password");
    ck_assert(!hits_has(&hits, 0) && !hits_has(&hits, 150) && hits_has(&hits, 199));
    teardown();
}
END_TEST

START_TEST(a_caseless_literal_takes_both_cases_and_others_do_not)
{
    setup(3);
    prefilter_add(prefilter, B("Disk"), true, 0);
    prefilter_add(prefilter, B("dISK"), true, 1);
    prefilter_add(prefilter, B("Disk"), false, 2);
    prefilter_build(prefilter);
    scan("a disk b");
    ck_assert(hits_has(&hits, 0) && hits_has(&hits, 1) && !hits_has(&hits, 2));
    scan("a Disk b");
    ck_assert(hits_has(&hits, 2));
    teardown();
}
END_TEST

START_TEST(one_literal_may_have_many_slots_and_a_slot_many_literals)
{
    setup(10);
    prefilter_add(prefilter, B("up"), false, 1);
    prefilter_add(prefilter, B("up"), false, 7);
    prefilter_add(prefilter, B("down"), false, 1);
    prefilter_build(prefilter);
    scan("is up");
    ck_assert(hits_has(&hits, 1) && hits_has(&hits, 7));
    scan("is down");
    ck_assert(hits_has(&hits, 1) && !hits_has(&hits, 7));
    teardown();
}
END_TEST

START_TEST(literals_hold_any_byte_and_any_length)
{
    char longer[3000];
    memset(longer, 'x', sizeof longer);
    setup(5);
    prefilter_add(prefilter, bytes_make("\0\xff", 2), false, 0);
    prefilter_add(prefilter, B("\n"), false, 1);
    prefilter_add(prefilter, bytes_make(longer, sizeof longer), false, 2);
    prefilter_add(prefilter, B("aa"), false, 3);
    prefilter_add(prefilter, B("a"), true, 4);
    prefilter_build(prefilter);
    prefilter_scan(prefilter, bytes_make("q\0\xff\nA", 5), &hits);
    ck_assert(hits_has(&hits, 0) && hits_has(&hits, 1) && !hits_has(&hits, 2));
    ck_assert(!hits_has(&hits, 3) && hits_has(&hits, 4));
    prefilter_scan(prefilter, bytes_make(longer, sizeof longer), &hits);
    ck_assert(hits_has(&hits, 2));
    teardown();
}
END_TEST

START_TEST(no_literals_and_empty_lines_give_no_hits)
{
    setup(1);
    prefilter_build(prefilter);
    scan("anything");
    ck_assert_uint_eq(hits_next(&hits, 0, 1), 1);
    teardown();
    setup(1);
    prefilter_add(prefilter, B("a"), false, 0);
    prefilter_build(prefilter);
    scan("");
    ck_assert_uint_eq(hits_next(&hits, 0, 1), 1);
    teardown();
}
END_TEST

START_TEST(hits_are_walked_within_bounds)
{
    static const uint32_t slots[] = {0, 63, 64, 4095, 4096, 9000, 19999};
    setup(20000);
    prefilter_build(prefilter);
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++)
        hits_set(&hits, slots[i]);
    uint32_t at = 0;
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++, at++) {
        at = hits_next(&hits, at, 20000);
        ck_assert_uint_eq(at, slots[i]);
    }
    ck_assert_uint_eq(hits_next(&hits, at, 20000), 20000);
    ck_assert_uint_eq(hits_next(&hits, 65, 4095), 4095);
    ck_assert_uint_eq(hits_next(&hits, 4097, 5000), 5000);
    ck_assert_uint_eq(hits_next(&hits, 1, 63), 63);
    ck_assert_uint_eq(hits_next(&hits, 70, 60), 60);
    hits_clear(&hits);
    ck_assert_uint_eq(hits_next(&hits, 0, 20000), 20000);
    teardown();
}
END_TEST

/* The matcher against a plain search. */

#define LITERALS 60

static bool found[LITERALS];

static void note(void *arg, uint32_t literal)
{
    (void)arg;
    found[literal] = true;
}

static struct bytes random_bytes(uint64_t *state, char *out, uint32_t least, uint32_t most)
{
    static const char bytes[] = "aAbBc \n\xe9";
    uint32_t len = least + next_number(state, most - least + 1);
    for (uint32_t i = 0; i < len; i++)
        out[i] = bytes[next_number(state, sizeof bytes)];
    return bytes_make(out, len);
}

static bool occurs(struct bytes text, const struct required *literal)
{
    for (size_t at = 0; at + literal->text.len <= text.len; at++) {
        struct bytes here = bytes_slice(text, at, at + literal->text.len);
        if (literal->caseless ? bytes_ieq(here, literal->text) : bytes_eq(here, literal->text))
            return true;
    }
    return false;
}

static void compare_with_search(const struct required *literals, struct bytes text)
{
    for (size_t i = 0; i < LITERALS; i++) {
        ck_assert_msg(found[i] == occurs(text, &literals[i]), "literal \"%.*s\" in \"%.*s\"",
                      (int)literals[i].text.len, literals[i].text.ptr, (int)text.len, text.ptr);
        found[i] = false;
    }
}

START_TEST(the_matcher_finds_what_a_plain_search_finds)
{
    static char room[LITERALS][20], line[100];
    struct required literals[LITERALS];
    uint64_t state = 1;
    for (unsigned round = 0; round < 40; round++) {
        for (size_t i = 0; i < LITERALS; i++)
            literals[i] = (struct required){random_bytes(&state, room[i], 1 + round % 14, 20),
                                            next_number(&state, 2) == 1};
        struct matcher *matcher = matcher_new(literals, LITERALS);
        for (unsigned lines = 0; lines < 200; lines++) {
            struct bytes text = random_bytes(&state, line, 1, sizeof line);
            matcher_scan(matcher, text, note, NULL);
            compare_with_search(literals, text);
        }
        matcher_free(matcher);
    }
}
END_TEST

/* Some libraries' matchers lose such literals where the line is longer than a register. */
START_TEST(a_few_short_literals_are_found_anywhere_in_a_long_line)
{
    static const char *const texts[] = {" end", " one", " two"};
    char line[600];
    setup(3);
    for (uint32_t i = 0; i < 3; i++)
        prefilter_add(prefilter, bytes_of(texts[i]), false, i);
    prefilter_build(prefilter);
    for (size_t at = 0; at < sizeof(line) - 4; at++) {
        for (uint32_t i = 0; i < 3; i++) {
            memset(line, 'a', sizeof(line));
            memcpy(line + at, texts[i], 4);
            hits_clear(&hits);
            prefilter_scan(prefilter, bytes_make(line, sizeof(line)), &hits);
            ck_assert_msg(hits_has(&hits, i), "\"%s\" at %zu", texts[i], at);
        }
    }
    teardown();
}
END_TEST

RUN_TESTS("prefilter", a_few_short_literals_are_found_anywhere_in_a_long_line,
          a_line_sets_the_slots_whose_literal_it_holds,
          a_caseless_literal_takes_both_cases_and_others_do_not,
          one_literal_may_have_many_slots_and_a_slot_many_literals,
          literals_hold_any_byte_and_any_length, no_literals_and_empty_lines_give_no_hits,
          hits_are_walked_within_bounds, the_matcher_finds_what_a_plain_search_finds)
