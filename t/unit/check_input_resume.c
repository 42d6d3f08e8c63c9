/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inputs that go on where an earlier run was. */
#include "inputs.h"

static struct input_place place;

static void expect(uint64_t offset)
{
    struct stat status;
    ck_assert_int_eq(stat("a", &status), 0);
    place = (struct input_place){B("a"), status.st_dev, status.st_ino, offset, 7};
    inputs_go_on(inputs, &place, 1);
}

static void open_a(void)
{
    const struct bytes pattern = B("a");
    inputs_open(inputs, &pattern, 1, -1, false, &with_contexts);
    ck_assert_uint_eq(inputs_at(inputs, 0)->source.lines, 7);
}

START_TEST(the_same_file)
{
    append("a", "1\n2\n3");
    expect(2);
    open_a();
    append("a", "3\n");
    ck_assert_str_eq(next(), "a:2");
    ck_assert_str_eq(next(), "a:33");
    settle();
    ck_assert(logged("Going on at offset 2 of input file a"));
}
END_TEST

START_TEST(a_renamed_one_first)
{
    append("a", "1\n2\n");
    expect(2);
    ck_assert_int_eq(rename("a", "a.1"), 0);
    append("a", "3\n");
    open_a();
    ck_assert_str_eq(next(), "a:2");
    ck_assert_str_eq(next(), "a:3");
    settle();
    ck_assert(logged("Going on at offset 2 of input file ./a.1"));
    ck_assert(logged("Input file a has been recreated"));
}
END_TEST

START_TEST(a_renamed_one_without_successor)
{
    append("a", "1\n2\n");
    expect(2);
    ck_assert_int_eq(rename("a", "a.1"), 0);
    open_a();
    ck_assert_str_eq(next(), "a:2");
    settle();
    append("a", "3\n");
    ck_assert_str_eq(next(), "a:3");
    settle();
}
END_TEST

START_TEST(one_that_is_gone)
{
    append("b", "x\n"); /* the inode stays in use */
    append("a", "1\n2\n");
    expect(2);
    place.inode += 1000;
    open_a();
    ck_assert_str_eq(next(), "a:1");
    ck_assert_str_eq(next(), "a:2");
    settle();
    ck_assert(logged("no longer in its folder; processing from the start"));
}
END_TEST

START_TEST(a_truncated_one)
{
    append("a", "1\n2\n");
    expect(4);
    ck_assert_int_eq(truncate("a", 0), 0);
    append("a", "3\n");
    open_a();
    ck_assert_str_eq(next(), "a:3");
    settle();
    ck_assert(logged("Input file a has been truncated, processing from the start"));
}
END_TEST

START_TEST(only_once_and_only_of_inputs)
{
    const struct bytes pattern = B("b");
    append("a", "1\n");
    append("b", "2\n");
    expect(0);
    inputs_open(inputs, &pattern, 1, -1, false, &with_contexts);
    settle();
    ck_assert(logged("Input file a was read before, and is no input now"));
    expect(0);
    open_a();
    ck_assert_str_eq(next(), "a:1");
    settle();
    inputs_open(inputs, (const struct bytes[]){B("a")}, 1, -1, false, &with_contexts);
    settle();
}
END_TEST

START_TEST(a_pipe_is_as_it_is)
{
    ck_assert_int_eq(mkfifo("a", 0600), 0);
    expect(5);
    options.rwfifo = true;
    open_a();
    append("a", "1\n");
    ck_assert_str_eq(next(), "a:1");
    settle();
}
END_TEST

RUN_TESTS_AROUND("input_resume", set_up, tear_down, the_same_file, a_renamed_one_first,
                 a_renamed_one_without_successor, one_that_is_gone, a_truncated_one,
                 only_once_and_only_of_inputs, a_pipe_is_as_it_is)
