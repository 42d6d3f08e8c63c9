/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hash table, and a random walk of it beside a model that has no hashing at all. */
#include "unit.h"

#include "base/table.h"

enum { KEYS = 600, STEPS = 60000 };

struct item {
    struct bytes name;
    char text[24];
};

static struct bytes item_key(const void *entry)
{
    return ((const struct item *)entry)->name;
}

static struct item *make_items(int count)
{
    struct item *items = calloc((size_t)count, sizeof(*items));
    for (int i = 0; i < count; i++)
        items[i].name = bytes_num(items[i].text, i);
    return items;
}

START_TEST(an_empty_table_holds_nothing)
{
    struct table table;
    table_init(&table, item_key);
    size_t at = 0;
    ck_assert_ptr_null(table_find(&table, B("")));
    ck_assert_ptr_null(table_remove(&table, B("a")));
    ck_assert_ptr_null(table_next(&table, &at));
    table_free(&table);
}
END_TEST

START_TEST(keys_are_compared_as_bytes)
{
    struct item items[] = {{.name = B("a")}, {.name = B("a\0")}, {.name = B("")}, {.name = B("A")}};
    struct table table;
    table_init(&table, item_key);
    for (int i = 0; i < 4; i++)
        table_insert(&table, &items[i]);
    for (int i = 0; i < 4; i++)
        ck_assert_ptr_eq(table_find(&table, items[i].name), &items[i]);
    ck_assert_ptr_null(table_find(&table, B("a\0\0")));
    table_free(&table);
}
END_TEST

START_TEST(a_freed_table_can_be_used_again)
{
    struct item item = {.name = B("a")};
    struct table table;
    table_init(&table, item_key);
    table_insert(&table, &item);
    table_free(&table);
    ck_assert_ptr_null(table_find(&table, B("a")));
    table_insert(&table, &item);
    ck_assert_ptr_eq(table_find(&table, B("a")), &item);
    table_free(&table);
}
END_TEST

START_TEST(keys_of_one_hash_live_side_by_side)
{
    struct item *items = make_items(100);
    struct table table;
    table_init(&table, item_key);
    /* The last slot of any table: probes have to go around its end. */
    for (int i = 0; i < 100; i++)
        table_insert_hashed(&table, &items[i], UINT64_MAX);
    for (int i = 0; i < 100; i++)
        ck_assert_ptr_eq(table_find_hashed(&table, items[i].name, UINT64_MAX), &items[i]);
    ck_assert_ptr_null(table_find_hashed(&table, B("100"), UINT64_MAX));
    table_free(&table);
    free(items);
}
END_TEST

START_TEST(the_table_is_never_filled_beyond_seven_tenths)
{
    struct item *items = make_items(KEYS);
    struct table table;
    table_init(&table, item_key);
    for (int i = 0; i < KEYS; i++) {
        table_insert(&table, &items[i]);
        ck_assert_uint_le(table.count * 10, (table.mask + 1) * 7);
    }
    table_free(&table);
    free(items);
}
END_TEST

static void check_against_model(const struct table *table, struct item *items, const bool *in)
{
    size_t count = 0;
    for (int i = 0; i < KEYS; i++) {
        ck_assert_ptr_eq(table_find(table, items[i].name), in[i] ? &items[i] : NULL);
        count += in[i];
    }
    ck_assert_uint_eq(table->count, count);
    size_t at = 0, walked = 0;
    for (const struct item *item; (item = table_next(table, &at)); walked++)
        ck_assert(in[item - items]);
    ck_assert_uint_eq(walked, count);
}

START_TEST(random_walk_agrees_with_the_model)
{
    struct item *items = make_items(KEYS);
    bool in[KEYS] = {false};
    struct table table;
    table_init(&table, item_key);
    uint64_t state = 20260101;
    for (int step = 0; step < STEPS; step++) {
        uint32_t i = next_number(&state, KEYS);
        if (in[i])
            ck_assert_ptr_eq(table_remove(&table, items[i].name), &items[i]);
        else
            table_insert(&table, &items[i]);
        in[i] = !in[i];
        if (step % 1000 == 0)
            check_against_model(&table, items, in);
    }
    check_against_model(&table, items, in);
    table_free(&table);
    free(items);
}
END_TEST

RUN_TESTS("table", an_empty_table_holds_nothing, keys_are_compared_as_bytes,
          a_freed_table_can_be_used_again, keys_of_one_hash_live_side_by_side,
          the_table_is_never_filled_beyond_seven_tenths, random_walk_agrees_with_the_model)
