/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Byte strings and the growing buffer, NUL and high bytes included. */
#include "unit.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/names.h"
#include "base/path.h"

START_TEST(numbers_are_written_in_decimal)
{
    ck_bytes_eq(NUM(0), B("0"));
    ck_bytes_eq(NUM(-7), B("-7"));
    ck_bytes_eq(NUM(INT64_MAX), B("9223372036854775807"));
    ck_bytes_eq(NUM(INT64_MIN), B("-9223372036854775808"));
}
END_TEST

START_TEST(order_is_by_unsigned_bytes_and_a_prefix_comes_first)
{
    ck_assert_int_lt(bytes_cmp(B("a"), B("b")), 0);
    ck_assert_int_lt(bytes_cmp(B("a"), B("\xff")), 0);
    ck_assert_int_lt(bytes_cmp(B("a"), B("aa")), 0);
    ck_assert_int_gt(bytes_cmp(B("b"), B("aa")), 0);
    ck_assert_int_lt(bytes_cmp(B("a\0a"), B("a\0b")), 0);
    ck_assert_int_eq(bytes_cmp(B(""), (struct bytes){NULL, 0}), 0);
}
END_TEST

START_TEST(equality_looks_behind_a_nul)
{
    ck_assert(bytes_eq(B("a\0b"), B("a\0b")));
    ck_assert(!bytes_eq(B("a\0b"), B("a\0c")));
    ck_assert(!bytes_eq(B("a"), B("a\0")));
}
END_TEST

START_TEST(case_is_ignored_for_ascii_letters_only)
{
    ck_assert(bytes_ieq(B("RegExp"), B("regEXP")));
    ck_assert(!bytes_ieq(B("\xc4"), B("\xe4")));
    ck_assert(!bytes_ieq(B("@"), B("`"))); /* differ by the same bit as A and a */
    ck_assert(!bytes_ieq(B("a"), B("ab")));
}
END_TEST

START_TEST(starts_with_a_prefix)
{
    ck_assert(bytes_starts(B("context"), B("con")));
    ck_assert(bytes_starts(B("context"), B("")));
    ck_assert(!bytes_starts(B("con"), B("context")));
    ck_assert(!bytes_starts(B("xcon"), B("con")));
}
END_TEST

START_TEST(find_gives_the_first_place_from_an_offset)
{
    struct bytes hay = B("ab\0ab\0abc");
    ck_assert_int_eq(bytes_find(hay, B("ab"), 0), 0);
    ck_assert_int_eq(bytes_find(hay, B("ab"), 1), 3);
    ck_assert_int_eq(bytes_find(hay, B("\0abc"), 0), 5);
    ck_assert_int_eq(bytes_find(hay, B("abc"), 7), -1);
    ck_assert_int_eq(bytes_find(hay, B("x"), 0), -1);
    ck_assert_int_eq(bytes_find(hay, B(""), 9), 9);
    ck_assert_int_eq(bytes_find(hay, B(""), 10), -1);
    ck_assert_int_eq(bytes_find(B("a"), B("aaaa"), 0), -1);
}
END_TEST

START_TEST(rfind_gives_the_last_place)
{
    ck_assert_int_eq(bytes_rfind(B("aXbXc"), B("X")), 3);
    ck_assert_int_eq(bytes_rfind(B("aaaa"), B("aa")), 2);
    ck_assert_int_eq(bytes_rfind(B("abac"), B("ab")), 0);
    ck_assert_int_eq(bytes_rfind(B("abac"), B("ad")), -1);
    ck_assert_int_eq(bytes_rfind(B("abc"), B("")), 3);
    ck_assert_int_eq(bytes_rfind(B(""), B("a")), -1);
}
END_TEST

START_TEST(chr_starts_at_the_offset)
{
    ck_assert_int_eq(bytes_chr(B("a\na\n"), '\n', 0), 1);
    ck_assert_int_eq(bytes_chr(B("a\na\n"), '\n', 2), 3);
    ck_assert_int_eq(bytes_chr(B("a\na\n"), '\n', 4), -1);
    ck_assert_int_eq(bytes_chr(B("a"), '\0', 0), -1);
    ck_assert_int_eq(bytes_chr(B("a\0"), '\0', 0), 1);
}
END_TEST

START_TEST(trim_takes_white_space_off_both_ends)
{
    ck_bytes_eq(bytes_trim(B(" \t\r\n\v\fa b \n")), B("a b"));
    ck_bytes_eq(bytes_trim(B("a")), B("a"));
    ck_bytes_eq(bytes_trim(B("  ")), B(""));
    ck_bytes_eq(bytes_trim(B("\xa0")), B("\xa0")); /* no white space in a byte string */
    ck_bytes_eq(bytes_trim((struct bytes){NULL, 0}), B(""));
}
END_TEST

START_TEST(words_are_split_at_runs_of_white_space)
{
    struct bytes rest = B("  one\t\ttwo\0x \n"), word = {0};
    ck_assert(bytes_word(&rest, &word));
    ck_bytes_eq(word, B("one"));
    ck_assert(bytes_word(&rest, &word));
    ck_bytes_eq(word, B("two\0x"));
    ck_assert(!bytes_word(&rest, &word));
    ck_assert(!bytes_word(&rest, &word));
}
END_TEST

START_TEST(pieces_end_before_a_byte_or_the_end)
{
    struct bytes rest = B("one\n\ntwo\n"), piece = {0};
    ck_assert(bytes_piece(&rest, '\n', &piece));
    ck_bytes_eq(piece, B("one"));
    ck_assert(bytes_piece(&rest, '\n', &piece));
    ck_bytes_eq(piece, B(""));
    ck_assert(bytes_piece(&rest, '\n', &piece));
    ck_bytes_eq(piece, B("two"));
    ck_assert(!bytes_piece(&rest, '\n', &piece));
    rest = B("a,b");
    ck_assert(bytes_piece(&rest, ',', &piece) && bytes_piece(&rest, ',', &piece));
    ck_bytes_eq(piece, B("b"));
    ck_assert(!bytes_piece(&rest, ',', &piece));
}
END_TEST

START_TEST(unsigned_numbers_are_digits_alone)
{
    int64_t n = -1;
    ck_assert(bytes_uint(B("00042"), false, &n));
    ck_assert_int_eq(n, 42);
    ck_assert(bytes_uint(B("0"), false, &n));
    ck_assert_int_eq(n, 0);
    ck_assert(bytes_uint(B(" 7\n"), true, &n));
    ck_assert_int_eq(n, 7);
    ck_assert(!bytes_uint(B(" 7"), false, &n));
    ck_assert(!bytes_uint(B("7 7"), true, &n));
    ck_assert(!bytes_uint(B(""), false, &n));
    ck_assert(!bytes_uint(B(" "), true, &n));
    ck_assert(!bytes_uint(B("-1"), true, &n));
    ck_assert(!bytes_uint(B("1\0"), true, &n));
    ck_assert_int_eq(n, 7); /* a refusal leaves the value alone */
}
END_TEST

START_TEST(unsigned_numbers_saturate)
{
    int64_t n = 0;
    ck_assert(bytes_uint(B("2305843009213693951"), false, &n));
    ck_assert(n == INT64_MAX / 4);
    ck_assert(bytes_uint(B("2305843009213693950"), false, &n));
    ck_assert(n == INT64_MAX / 4 - 1);
    ck_assert(bytes_uint(B("2305843009213693959"), false, &n));
    ck_assert(n == INT64_MAX / 4);
    ck_assert(bytes_uint(B("99999999999999999999999999999999999999990"), false, &n));
    ck_assert(n == INT64_MAX / 4);
}
END_TEST

START_TEST(truth_is_perls)
{
    ck_assert(!bytes_true(B("")));
    ck_assert(!bytes_true(B("0")));
    ck_assert(bytes_true(B("00")));
    ck_assert(bytes_true(B("0.0")));
    ck_assert(bytes_true(B(" ")));
    ck_assert(bytes_true(B("\0")));
}
END_TEST

START_TEST(buffer_grows_and_keeps_every_byte)
{
    struct buf buf = {0};
    ck_bytes_eq(buf_bytes(&buf), B(""));
    for (int i = 0; i < 10000; i++)
        buf_char(&buf, (char)(i & 0xff));
    ck_assert_uint_eq(buf.len, 10000);
    for (int i = 0; i < 10000; i++)
        ck_assert_int_eq(buf.ptr[i], (char)(i & 0xff));
    buf_clear(&buf);
    buf_cat(&buf, B("a\0b "), NUM(12), B(" "));
    buf_printf(&buf, "%s-%03d", "x", 7);
    buf_num(&buf, -1);
    ck_bytes_eq(buf_bytes(&buf), B("a\0b 12 x-007-1"));
    buf_clear(&buf);
    buf_grouped(&buf, 0);
    buf_char(&buf, ' ');
    buf_grouped(&buf, 123);
    buf_char(&buf, ' ');
    buf_grouped(&buf, 1234);
    buf_char(&buf, ' ');
    buf_grouped(&buf, 123456789);
    ck_bytes_eq(buf_bytes(&buf), B("0 123 1,234 123,456,789"));
    buf_free(&buf);
    ck_assert_ptr_null(buf.ptr);
    ck_assert_uint_eq(buf.cap, 0);
}
END_TEST

START_TEST(formatted_text_fits_a_full_buffer)
{
    struct buf buf = {0};
    char *filler = memset(mem_alloc(5000), 'x', 5000);
    filler[4999] = '\0';
    buf_printf(&buf, "%s", filler);
    buf_printf(&buf, "%s", "");
    ck_bytes_eq(buf_bytes(&buf), bytes_of(filler));
    free(filler);
    buf_free(&buf);
}
END_TEST

START_TEST(copies_end_with_an_uncounted_nul)
{
    struct bytes copy = bytes_dup(B("a\0b"));
    ck_bytes_eq(copy, B("a\0b"));
    ck_assert_int_eq(copy.ptr[3], '\0');
    bytes_free(copy);
    char *empty = bytes_cstr((struct bytes){NULL, 0});
    ck_assert_str_eq(empty, "");
    free(empty);
}
END_TEST

START_TEST(out_of_memory_ends_the_program)
{
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(2);
        mem_array(NULL, SIZE_MAX / 2, 3);
        _exit(0);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 1);
}
END_TEST

START_TEST(names_get_numbers_in_the_order_of_entering)
{
    struct names *names = names_new();
    ck_assert_uint_eq(names_id(names, B("a")), 0);
    ck_assert_uint_eq(names_id(names, B("a\0")), 1);
    ck_assert_uint_eq(names_id(names, B("")), 2);
    ck_assert_uint_eq(names_id(names, B("a")), 0);
    struct bytes first = names_text(names, 0);
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq((int)names_id(names, NUM(i)), i + 3);
    ck_assert_uint_eq(names_count(names), 1003);
    ck_assert_ptr_eq(names_text(names, 0).ptr, first.ptr);
    ck_bytes_eq(names_text(names, 1), B("a\0"));
    ck_bytes_eq(names_text(names, 502), B("499"));
    names_free(names);
    names_free(NULL);
}
END_TEST

START_TEST(paths_are_folder_and_name)
{
    static const struct {
        struct bytes path, folder, name;
    } cases[] = {
        {B("/etc/sec/a.sec"), B("/etc/sec"), B("a.sec")},
        {B("/a.sec"), B("/"), B("a.sec")},
        {B("a.sec"), B("."), B("a.sec")},
        {B("b/a.sec"), B("b"), B("a.sec")},
        {B("/"), B("/"), B("")},
        {B(""), B("."), B("")},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        ck_bytes_eq(path_folder(cases[i].path), cases[i].folder);
        ck_bytes_eq(path_name(cases[i].path), cases[i].name);
    }
}
END_TEST

RUN_TESTS("bytes", numbers_are_written_in_decimal,
          order_is_by_unsigned_bytes_and_a_prefix_comes_first, equality_looks_behind_a_nul,
          case_is_ignored_for_ascii_letters_only, starts_with_a_prefix,
          find_gives_the_first_place_from_an_offset, rfind_gives_the_last_place,
          chr_starts_at_the_offset, trim_takes_white_space_off_both_ends,
          words_are_split_at_runs_of_white_space, pieces_end_before_a_byte_or_the_end,
          unsigned_numbers_are_digits_alone, unsigned_numbers_saturate, truth_is_perls,
          buffer_grows_and_keeps_every_byte, formatted_text_fits_a_full_buffer,
          copies_end_with_an_uncounted_nul, out_of_memory_ends_the_program,
          names_get_numbers_in_the_order_of_entering, paths_are_folder_and_name)
