/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inputs that go on where an earlier run was. */
#include "inputs.h"

static struct input_place place;

static void expect(uint64_t offset)
{
    struct stat status;
    ck_assert_int_eq(stat("a", &status), 0);
    place = (struct input_place){.name = B("a"),
                                 .device = status.st_dev,
                                 .inode = status.st_ino,
                                 .offset = offset,
                                 .lines = 7};
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

/* With the one before it, nothing leads to where it is now. */
START_TEST(one_of_the_meantime_that_is_gone_is_named)
{
    append("a", "1\n2\n");
    expect(2);
    ck_assert_int_eq(rename("a", "a.2"), 0);
    append("a.1", "3\n");
    append("a", "4\n");
    open_a();
    ck_assert_str_eq(next(), "a:2");
    ck_assert_int_eq(unlink("a.1"), 0);
    ck_assert_int_eq(unlink("a.2"), 0);
    ck_assert_str_eq(next(), "a:4");
    settle();
    ck_assert(logged("Input file a was ./a.1 in the meantime, which cannot be read and is left "
                     "out"));
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
    ck_assert(logged("Input file a has begun anew since it was read up to offset 4; processing "
                     "from the start"));
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

/* --- inputs that are names only at first ------------------------------------------------------ */

static struct input_place places[3];

static void open_names(const char *pattern, bool closed, size_t count)
{
    options.closed = closed;
    inputs_go_on(inputs, places, count);
    inputs_knew(inputs, (const struct bytes[]){B("a* f=CTX")}, 1);
    inputs_open(inputs, (const struct bytes[]){bytes_of(pattern)}, 1, -1, false, &with_contexts);
}

START_TEST(inputs_that_are_opened_later_stay_the_same)
{
    append("a", "1\n2\n");
    options.closed = true;
    inputs_open(inputs, (const struct bytes[]){B("a")}, 1, -1, false, &with_contexts);
    struct input *a = inputs_at(inputs, 0);
    ck_assert_uint_eq(inputs_count_open(inputs), 0);
    a->source.lines = 7;
    window_fit(&a->source.window, 2);
    window_push(a->source.window, B("0"), a->source.name);
    window_keep(a->source.window);
    expect(2);
    options.closed = false;
    open_a();
    ck_assert_ptr_eq(inputs_at(inputs, 0), a);
    ck_assert(bytes_eq(window_line(a->source.window, 0), B("0")));
    ck_assert_str_eq(next(), "a:2");
}
END_TEST

START_TEST(without_a_place_it_keeps_its_lines)
{
    int fd = pipe_to_stdin();
    options.closed = true;
    open_inputs("-", -1);
    inputs_at(inputs, 0)->source.lines = 5;
    options.closed = false;
    inputs_go_on(inputs, NULL, 0);
    open_inputs("-", -1);
    ck_assert_uint_eq(inputs_at(inputs, 0)->source.lines, 5);
    put(fd, "x\n");
    ck_assert_str_eq(next(), "-:x");
    open_inputs("-", -1);
    ck_assert_uint_eq(inputs_at(inputs, 0)->source.lines, 0);
}
END_TEST

START_TEST(dynamic_inputs_are_added)
{
    append("a", "1\n");
    append("d", "1\n2\n");
    expect(0);
    places[0] = place;
    struct stat status;
    ck_assert_int_eq(stat("d", &status), 0);
    places[1] = (struct input_place){.name = B("d"),
                                     .device = status.st_dev,
                                     .inode = status.st_ino,
                                     .offset = 2,
                                     .lines = 1,
                                     .context = B("CTX"),
                                     .dynamic = true};
    for (int closed = 1; closed >= 0; closed--) {
        open_names("a", closed, 2);
        struct input *d = inputs_find(inputs, B("d"));
        ck_assert(d && d->dynamic && bytes_eq(d->source.context, B("CTX")));
        ck_assert_uint_eq(d->source.lines, 1);
    }
    ck_assert_str_eq(next(), "a:1");
    ck_assert_str_eq(next(), "d:2");
    inputs_drop(inputs, B("d"));
    ck_assert_uint_eq(inputs_count(inputs), 1);
}
END_TEST

START_TEST(new_files_of_a_known_pattern_are_read_from_their_start)
{
    append("a1", "old\n");
    append("a2", "new\n");
    append("b", "not asked for then\n");
    struct stat status;
    ck_assert_int_eq(stat("a1", &status), 0);
    places[0] = (struct input_place){
        .name = B("a1"), .device = status.st_dev, .inode = status.st_ino, .offset = 4};
    options.closed = false;
    inputs_go_on(inputs, places, 1);
    inputs_knew(inputs, (const struct bytes[]){B("a*=CTX")}, 1);
    inputs_open(inputs, (const struct bytes[]){B("a*"), B("b")}, 2, -1, false, &with_contexts);
    ck_assert_str_eq(next(), "a2:new");
    settle();
}
END_TEST

/* The pattern names it no longer, but its last lines are there. */
START_TEST(a_file_of_a_pattern_that_has_been_renamed)
{
    append("a.log", "1\n2\n");
    append("b.log", "");
    struct stat status;
    ck_assert_int_eq(stat("a.log", &status), 0);
    places[0] = (struct input_place){.name = B("a.log"),
                                     .device = status.st_dev,
                                     .inode = status.st_ino,
                                     .offset = 2,
                                     .context = B("CTX"),
                                     .pattern = B("*.log")};
    ck_assert_int_eq(rename("a.log", "a.log.1"), 0);
    open_names("*.log", true, 1);
    ck_assert_ptr_nonnull(inputs_find(inputs, B("a.log")));
    open_names("*.log", false, 1);
    ck_assert_str_eq(next(), "a.log:2");
    settle();
    ck_assert_int_eq(unlink("a.log.1"), 0);
    open_names("*.log", false, 1);
    ck_assert_ptr_null(inputs_find(inputs, B("a.log")));
    ck_assert(logged("Input file a.log was read before, and is no input now"));
}
END_TEST

RUN_TESTS_AROUND("input_resume", set_up, tear_down, the_same_file, a_renamed_one_first,
                 one_of_the_meantime_that_is_gone_is_named, a_renamed_one_without_successor,
                 one_that_is_gone, a_truncated_one, only_once_and_only_of_inputs,
                 a_pipe_is_as_it_is, inputs_that_are_opened_later_stay_the_same,
                 without_a_place_it_keeps_its_lines, dynamic_inputs_are_added,
                 new_files_of_a_known_pattern_are_read_from_their_start,
                 a_file_of_a_pattern_that_has_been_renamed)
