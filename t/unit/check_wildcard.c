/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of which only the beginning and the end are known, and the search for one that can become
 * another, beside a search that compares all. */
#include "unit.h"

#include "lint/wildcard.h"

enum { NAMES = 300, ASKED = 2000 };

static struct wildcard open_name(struct bytes before, struct bytes after)
{
    return (struct wildcard){before, after, true};
}

static bool meet(struct wildcard a, struct wildcard b)
{
    bool answer = wildcard_meets(&a, &b);
    ck_assert_int_eq(answer, wildcard_meets(&b, &a));
    return answer;
}

START_TEST(names_that_are_known_are_equal_or_not)
{
    ck_assert(meet(wildcard_name(B("A")), wildcard_name(B("A"))));
    ck_assert(!meet(wildcard_name(B("A")), wildcard_name(B("AB"))));
    ck_assert(meet(wildcard_name(B("")), wildcard_name(B(""))));
}
END_TEST

START_TEST(an_open_name_keeps_its_beginning_and_its_end)
{
    struct wildcard name = open_name(B("X_"), B("_Y"));
    ck_assert(meet(name, wildcard_name(B("X_1_Y"))));
    ck_assert(meet(name, wildcard_name(B("X__Y"))));
    ck_assert(!meet(name, wildcard_name(B("X_Y"))));
    ck_assert(!meet(name, wildcard_name(B("X_1_Z"))));
    ck_assert(!meet(name, wildcard_name(B("Y_1_Y"))));
}
END_TEST

START_TEST(of_two_open_names_one_begins_and_ends_the_other)
{
    ck_assert(meet(open_name(B("X_"), B("")), open_name(B("X_USER_"), B("_Y"))));
    ck_assert(meet(open_name(B(""), B("")), open_name(B("X"), B("Y"))));
    ck_assert(!meet(open_name(B("X_"), B("")), open_name(B("Y_"), B(""))));
    ck_assert(!meet(open_name(B("X_"), B("_A")), open_name(B("X_"), B("_B"))));
}
END_TEST

/* Short names of two letters, so that many meet. */
static struct wildcard random_name(uint64_t *state)
{
    static const char letters[] = "abbaabababbbaaab";
    struct wildcard name = {.open = next_number(state, 3) == 0};
    uint32_t from = next_number(state, 8);
    name.before = bytes_make(letters + from, 2 + next_number(state, 6));
    if (name.open)
        name.after = bytes_make(letters + next_number(state, 8), 2 + next_number(state, 4));
    return name;
}

START_TEST(the_search_finds_what_comparing_all_finds)
{
    uint64_t state = 7;
    struct wildcards all = {0};
    struct wildcard names[NAMES];
    for (size_t i = 0; i < NAMES; i++) {
        names[i] = random_name(&state);
        if (i % 8 == 0)
            wildcards_add(&all, &names[i]);
    }
    wildcards_sort(&all);
    size_t found = 0;
    for (size_t k = 0; k < ASKED; k++) {
        struct wildcard asked = random_name(&state);
        bool any = false;
        for (size_t i = 0; i < NAMES; i += 8)
            any |= wildcard_meets(&names[i], &asked);
        const struct wildcard *met = wildcards_meeting(&all, &asked);
        ck_assert_int_eq(met != NULL, any);
        ck_assert(!met || wildcard_meets(met, &asked));
        found += any;
    }
    ck_assert_uint_gt(found, ASKED / 10);
    ck_assert_uint_lt(found, ASKED - ASKED / 10);
    wildcards_free(&all);
}
END_TEST

RUN_TESTS("wildcard", names_that_are_known_are_equal_or_not,
          an_open_name_keeps_its_beginning_and_its_end,
          of_two_open_names_one_begins_and_ends_the_other,
          the_search_finds_what_comparing_all_finds)
