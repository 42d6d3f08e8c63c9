/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of base/pack: what is packed is unpacked, and nothing else is taken for sound. */
#include "base/pack.h"
#include "unit.h"

static const uint64_t numbers[] = {0,         1,          0x7f,      0x80,       0x3fff,
                                   0x4000,    UINT32_MAX, INT64_MAX, 1ull << 63, UINT64_MAX - 1,
                                   UINT64_MAX};
static const int64_t signed_numbers[] = {0,   1,   -1,        63,        64,
                                         -64, -65, INT32_MIN, INT64_MAX, INT64_MIN};
enum {
    NUMBERS = sizeof(numbers) / sizeof(*numbers),
    SIGNED = sizeof(signed_numbers) / sizeof(*signed_numbers)
};

START_TEST(numbers_come_back)
{
    struct buf out = {0};
    for (size_t i = 0; i < NUMBERS; i++)
        pack_number(&out, numbers[i]);
    for (size_t i = 0; i < SIGNED; i++)
        pack_signed(&out, signed_numbers[i]);
    struct unpack from = unpack_of(buf_bytes(&out));
    for (size_t i = 0; i < NUMBERS; i++)
        ck_assert_uint_eq(unpack_number(&from), numbers[i]);
    for (size_t i = 0; i < SIGNED; i++)
        ck_assert_int_eq(unpack_signed(&from), signed_numbers[i]);
    ck_assert(unpack_ended(&from));
    buf_free(&out);
}
END_TEST

START_TEST(numbers_have_the_bytes_that_the_header_says)
{
    struct buf out = {0};
    pack_number(&out, 0x7f);
    pack_number(&out, 0x80);
    pack_signed(&out, -1);
    pack_signed(&out, 1);
    ck_bytes_eq(buf_bytes(&out), B("\x7f\x80\x01\x01\x02"));
    buf_clear(&out);
    pack_number(&out, UINT64_MAX);
    ck_bytes_eq(buf_bytes(&out), B("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
    buf_free(&out);
}
END_TEST

START_TEST(texts_come_back_as_parts_of_what_is_read)
{
    struct buf out = {0};
    pack_text(&out, B(""));
    pack_text(&out, B("a\0b"));
    struct unpack from = unpack_of(buf_bytes(&out));
    ck_bytes_eq(unpack_text(&from), B(""));
    struct bytes text = unpack_text(&from);
    ck_bytes_eq(text, B("a\0b"));
    ck_assert_ptr_eq(text.ptr + text.len, out.ptr + out.len);
    ck_assert(unpack_ended(&from));
    buf_free(&out);
}
END_TEST

START_TEST(numbers_of_more_than_64_bits_fail)
{
    static const struct bytes wide[] = {
        B("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
        B("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"),
        B("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f"),
    };
    for (size_t i = 0; i < sizeof(wide) / sizeof(*wide); i++) {
        struct unpack from = unpack_of(wide[i]);
        ck_assert_uint_eq(unpack_number(&from), 0);
        ck_assert(from.failed);
    }
}
END_TEST

START_TEST(what_is_cut_anywhere_fails_once_and_for_all)
{
    struct buf out = {0};
    pack_number(&out, 300);
    pack_text(&out, B("abc"));
    pack_signed(&out, -70);
    for (size_t length = 0; length < out.len; length++) {
        struct unpack from = unpack_of(bytes_make(out.ptr, length));
        unpack_number(&from);
        unpack_text(&from);
        ck_assert_int_eq(unpack_signed(&from), 0);
        ck_assert(from.failed && !unpack_ended(&from));
        ck_assert_uint_eq(unpack_number(&from), 0);
        ck_bytes_eq(unpack_text(&from), B(""));
    }
    buf_free(&out);
}
END_TEST

START_TEST(counts_are_of_what_can_be_there)
{
    struct unpack from = unpack_of(B("\x02xy"));
    ck_assert_uint_eq(unpack_count(&from), 2);
    ck_assert(!from.failed);
    from = unpack_of(B("\x03xy"));
    ck_assert_uint_eq(unpack_count(&from), 0);
    ck_assert(from.failed);
    from = unpack_of(B("\xff\xff\xff\xff\xff\xff\xff\xff\x7fxy"));
    ck_assert_uint_eq(unpack_count(&from), 0);
    ck_assert(from.failed);
}
END_TEST

START_TEST(what_is_left_is_no_end)
{
    struct unpack from = unpack_of(B("\x01\x02"));
    unpack_number(&from);
    ck_assert(!unpack_ended(&from) && !from.failed);
    unpack_number(&from);
    ck_assert(unpack_ended(&from));
}
END_TEST

RUN_TESTS("pack", numbers_come_back, numbers_have_the_bytes_that_the_header_says,
          texts_come_back_as_parts_of_what_is_read, numbers_of_more_than_64_bits_fail,
          what_is_cut_anywhere_fails_once_and_for_all, counts_are_of_what_can_be_there,
          what_is_left_is_no_end)
