/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of a journal's entries: they come back, and what no journal says is none. */
#include "unit.h"

#include "durable/entries.h"

static struct buf packed;

static void set_up(void)
{
}

static void tear_down(void)
{
    buf_free(&packed);
}

static bool comes_back(const struct entry *entry, struct entry *again)
{
    buf_clear(&packed);
    entry_pack(&packed, entry);
    struct unpack from = unpack_of(buf_bytes(&packed));
    return entry_unpack(&from, again) && unpack_ended(&from);
}

static bool second_comes_back(int64_t second)
{
    struct entry entry = {.kind = ENTRY_SECOND, .second = second}, again;
    return comes_back(&entry, &again) && again.second == second;
}

START_TEST(seconds_are_those_that_calendars_know)
{
    ck_assert(second_comes_back(0));
    ck_assert(second_comes_back(-1));
    ck_assert(second_comes_back((int64_t)1 << 53));
    ck_assert(!second_comes_back(((int64_t)1 << 53) + 1));
    ck_assert(!second_comes_back(INT64_MAX));
    ck_assert(!second_comes_back(INT64_MIN));
}
END_TEST

static bool count_comes_back(uint64_t count)
{
    struct entry entry = {.kind = ENTRY_EVENTS, .count = count}, again;
    return comes_back(&entry, &again) && again.count == count;
}

START_TEST(events_are_as_many_as_a_second_has)
{
    ck_assert(count_comes_back(1));
    ck_assert(count_comes_back(UINT32_MAX));
    ck_assert(!count_comes_back((uint64_t)UINT32_MAX + 1));
    ck_assert(!count_comes_back(UINT64_MAX));
}
END_TEST

START_TEST(a_batch_ends_where_an_entry_is_none)
{
    struct entry second = {.kind = ENTRY_SECOND, .second = 7}, none = {.kind = '?'}, entry;
    entry_pack(&packed, &second);
    entry_pack(&packed, &none);
    entry_pack(&packed, &second);
    struct unpack from = unpack_of(buf_bytes(&packed));
    ck_assert(entry_unpack(&from, &entry));
    ck_assert(!entry_unpack(&from, &entry));
    ck_assert(from.failed);
    ck_assert(!entry_unpack(&from, &entry));
}
END_TEST

START_TEST(what_is_cut_anywhere_is_none)
{
    struct durable_range ranges[] = {{1, 3}, {500, 70000}};
    struct entry entry = {.kind = ENTRY_WRITTEN, .file = {B("out"), 3, 4, 80000, ranges, 2}}, again;
    ck_assert(comes_back(&entry, &again));
    ck_assert_uint_eq(again.file.left_count, 2);
    ck_assert_uint_eq(again.file.left[1].to, 70000);
    entry_release(&again);
    for (size_t length = 1; length < packed.len; length++) {
        struct unpack from = unpack_of(bytes_make(packed.ptr, length));
        ck_assert(!entry_unpack(&from, &again));
    }
}
END_TEST

static bool range_comes_back(uint64_t length, uint64_t from, uint64_t to)
{
    struct durable_range range = {from, to};
    struct entry entry = {.kind = ENTRY_WRITTEN, .file = {B("out"), 3, 4, length, &range, 1}},
                 again;
    bool same = comes_back(&entry, &again) && again.file.left[0].to == to;
    if (same)
        entry_release(&again);
    return same;
}

START_TEST(a_file_has_room_for_its_ranges)
{
    ck_assert(range_comes_back(9, 2, 5));
    ck_assert(range_comes_back(9, 5, 5));
    ck_assert(range_comes_back(9, 5, INT64_MAX)); /* it was longer once */
    ck_assert(!range_comes_back(9, 5, 4));
    ck_assert(!range_comes_back(9, 5, (uint64_t)INT64_MAX + 1));
    ck_assert(!range_comes_back((uint64_t)INT64_MAX + 1, 5, 6));
}
END_TEST

static bool place_comes_back(uint64_t offset, uint32_t head, uint32_t tail)
{
    struct entry entry = {.kind = ENTRY_FILE,
                          .place = {.offset = offset, .head.len = head, .tail.len = tail}};
    struct entry again;
    return comes_back(&entry, &again) && again.place.offset == offset;
}

START_TEST(a_place_is_one_where_a_run_can_have_been)
{
    ck_assert(place_comes_back(INT64_MAX, FILE_HEAD, FILE_TAIL));
    ck_assert(!place_comes_back((uint64_t)INT64_MAX + 1, FILE_HEAD, FILE_TAIL));
    ck_assert(!place_comes_back(7, FILE_HEAD + 1, FILE_TAIL));
    ck_assert(!place_comes_back(7, FILE_HEAD, FILE_TAIL + 1));
    ck_assert(!place_comes_back(7, FILE_HEAD, UINT32_MAX));
}
END_TEST

START_TEST(what_waits_comes_back)
{
    struct bytes words[] = {B("mail"), B("a b")};
    struct entry feed = {.kind = ENTRY_FEED,
                         .number = 300,
                         .text = B("text"),
                         .target = B("mail a b"),
                         .words = words,
                         .word_count = 2};
    struct entry send = {.kind = ENTRY_SEND, .target = B("peer"), .count = SOCKET_TCP}, again;
    ck_assert(comes_back(&feed, &again));
    ck_assert_uint_eq(again.word_count, 2);
    ck_bytes_eq(again.words[1], B("a b"));
    ck_bytes_eq(again.target, B("mail a b"));
    entry_release(&again);
    for (size_t length = 1; length < packed.len; length++) {
        struct unpack from = unpack_of(bytes_make(packed.ptr, length));
        ck_assert(!entry_unpack(&from, &again));
    }
    ck_assert(comes_back(&send, &again));
    send.count++;
    ck_assert(!comes_back(&send, &again));
}
END_TEST

RUN_TESTS_AROUND("entries", set_up, tear_down, seconds_are_those_that_calendars_know,
                 a_file_has_room_for_its_ranges, a_place_is_one_where_a_run_can_have_been,
                 events_are_as_many_as_a_second_has, a_batch_ends_where_an_entry_is_none,
                 what_is_cut_anywhere_is_none, what_waits_comes_back)
