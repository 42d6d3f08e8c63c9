/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The index of literals finds exactly those that stand in a line. */
#include "correlate/gram_index.h"

#include <stdio.h>

#include "base/mem.h"
#include "unit.h"

enum { ENTRIES = 600, LINES = 300, ROUNDS = 4 };

struct watched {
    struct gram_entry entry; /* first: found gets it */
    char text[32];
    bool in;
    int found;
};

static struct watched watched[ENTRIES];
static uint64_t seed = 42;

static unsigned random_below(unsigned limit)
{
    return next_number(&seed, limit);
}

static void note(void *arg, struct gram_entry *entry)
{
    (void)arg;
    ((struct watched *)entry)->found++;
}

static void check_line(struct gram_index *index, struct bytes line)
{
    for (int i = 0; i < ENTRIES; i++)
        watched[i].found = 0;
    gram_index_find(index, line, note, NULL);
    for (int i = 0; i < ENTRIES; i++) {
        bool stands = bytes_find(line, bytes_of(watched[i].text), 0) >= 0;
        ck_assert_int_eq(watched[i].found, watched[i].in && stands);
    }
}

static void check_some_lines(struct gram_index *index)
{
    char line[200];
    for (int i = 0; i < LINES; i++) {
        const char *text = watched[random_below(ENTRIES)].text;
        int len = snprintf(line, sizeof(line), "%s x %s %s", text, text, "aaaaaaaaaaaaaa");
        check_line(index, bytes_make(line, (size_t)len - random_below(10)));
    }
}

START_TEST(finds_what_stands_in_the_line)
{
    struct gram_index *index = gram_index_new();
    for (int i = 0; i < ENTRIES; i++)
        snprintf(watched[i].text, sizeof(watched[i].text),
                 i % 3   ? "session %u closed"
                 : i % 2 ? "s%04u"
                         : "aaaa%.*s",
                 random_below(500), "aaaaaaaa");
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < ENTRIES; i++) {
            struct watched *w = &watched[i];
            if (w->in && random_below(2))
                gram_index_remove(index, &w->entry);
            else if (!w->in)
                gram_index_add(index, &w->entry, bytes_of(w->text));
            w->in = w->entry.literal != NULL;
        }
        check_some_lines(index);
    }
    gram_index_free(index);
}
END_TEST

START_TEST(stays_small_though_entries_come_and_go)
{
    struct gram_index *index = gram_index_new();
    struct watched one = {.text = "the only entry"};
    for (int i = 0; i < 100000; i++) {
        gram_index_add(index, &one.entry, bytes_of(one.text));
        gram_index_remove(index, &one.entry);
    }
    gram_index_add(index, &one.entry, bytes_of(one.text));
    gram_index_find(index, B("this is the only entry of all"), note, NULL);
    ck_assert_int_eq(one.found, 1);
    gram_index_free(index);
}
END_TEST

/* What grows with the square of their number does not end in time. */
START_TEST(many_may_wait_for_one_literal)
{
    enum { MANY = 100000, LONG = 65536 };
    static struct watched many[MANY];
    static char line[LONG];
    struct gram_index *index = gram_index_new();
    for (int i = 0; i < MANY; i++)
        gram_index_add(index, &many[i].entry, B("closed for aaaaaaaaaaaaaaaa"));
    memset(line, 'a', sizeof(line));
    gram_index_find(index, bytes_make(line, sizeof(line)), note, NULL);
    ck_assert_int_eq(many[0].found, 0);
    gram_index_find(index, B("closed for aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), note, NULL);
    for (int i = 0; i < MANY; i++) {
        ck_assert_int_eq(many[i].found, 1);
        gram_index_remove(index, &many[i].entry);
    }
    gram_index_free(index);
}
END_TEST

RUN_TESTS("gram index", finds_what_stands_in_the_line, stays_small_though_entries_come_and_go,
          many_may_wait_for_one_literal)
