/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where lines end: each knows its file, and how many bytes of it there were up to its end. */
#include "inputs.h"

/* The line given last of this input ended in this file, after so many bytes of it. */
static void ck_ended(const char *name, const char *path, uint64_t offset)
{
    struct stat status;
    ck_assert_int_eq(stat(path, &status), 0);
    struct feed_position at = source_position(&inputs_find(inputs, bytes_of(name))->source);
    ck_assert_uint_eq(at.offset, offset);
    ck_assert_msg(at.device == status.st_dev && at.inode == status.st_ino, "not in %s", path);
}

#define ck_next(line, path, offset)                                                                \
    do {                                                                                           \
        ck_assert_str_eq(next(), line);                                                            \
        ck_ended(from->name.ptr, path, offset);                                                    \
    } while (0)

START_TEST(a_line_ends_after_its_newline)
{
    append("a", "one\n\ntwo\nhalf");
    open_inputs("a", 0);
    ck_ended("a", "a", 0);
    ck_next("a:one", "a", 4);
    ck_next("a:", "a", 5);
    ck_next("a:two", "a", 9);
    settle();
    ck_ended("a", "a", 9);
    append("a", " line\n");
    ck_next("a:half line", "a", 19);
}
END_TEST

START_TEST(positions_begin_where_reading_does)
{
    append("a", "old\n");
    append("b", "b1\nb2\n");
    open_inputs("a", -1);
    inputs_add(inputs, B("b"), B("3"), B("CTX"));
    ck_ended("a", "a", 4);
    ck_ended("b", "b", 3);
    append("a", "new\n");
    ck_next("a:new", "a", 8);
    ck_next("b:b2", "b", 6);
}
END_TEST

START_TEST(the_last_line_without_a_newline_ends_with_the_file)
{
    append("a", "one\ntwo");
    options.tail = false;
    open_inputs("a", 0);
    ck_next("a:one", "a", 4);
    ck_next("a:two", "a", 7);
    ck_assert_str_eq(next(), "(all closed)");
    ck_ended("a", "a", 7);
}
END_TEST

/* A round cuts one line of each input: that was not given as yet. */
START_TEST(a_line_that_waits_for_its_turn_has_not_ended)
{
    append("a", "a1\na2\n");
    append("b", "b1\nb2\n");
    open_inputs("a b", 0);
    ck_next("a:a1", "a", 3);
    ck_ended("b", "b", 0);
    ck_next("b:b1", "b", 3);
    ck_next("a:a2", "a", 6);
    ck_ended("b", "b", 3);
    ck_next("b:b2", "b", 6);
}
END_TEST

START_TEST(lines_of_a_renamed_file_end_in_it)
{
    append("a", "");
    open_inputs("a", -1);
    settle();
    append("a", "one\ntwo\nlast");
    ck_assert_int_eq(rename("a", "a.1"), 0);
    append("a.1", " words");
    append("a", " joined\nnew\n");
    ck_next("a:one", "a.1", 4);
    ck_next("a:two", "a.1", 8);
    ck_next("a:last words joined", "a", 8);
    ck_next("a:new", "a", 12);
}
END_TEST

START_TEST(what_is_left_of_a_renamed_file_ends_in_it)
{
    char name[] = "a.0";
    append("a", "zero\n");
    open_inputs("a", 0);
    ck_next("a:zero", "a", 5);
    for (; name[2] < '5'; name[2]++) { /* files without a line between */
        ck_assert_int_eq(rename("a", name), 0);
        append("a", name[2] == '2' ? "" : "+");
        settle();
        ck_ended("a", "a.0", 5);
    }
    append("a", "one\n");
    ck_next("a:++++one", "a", 5);
    settle();
    ck_assert_int_eq(rename("a", "old"), 0);
    append("old", "two\nthree\n");
    append("a", "four\n");
    ck_next("a:two", "old", 9);
    ck_next("a:three", "old", 15);
    ck_next("a:four", "a", 5);
}
END_TEST

START_TEST(a_truncated_file_begins_again)
{
    append("a", "a long first line\n");
    open_inputs("a", 0);
    ck_next("a:a long first line", "a", 18);
    append("a", "begun ");
    settle();
    ck_assert_int_eq(truncate("a", 0), 0);
    append("a", "short\n");
    ck_next("a:begun short", "a", 6);
}
END_TEST

START_TEST(a_fifo_is_counted_since_it_is_read)
{
    ck_assert_int_eq(mkfifo("f", 0600), 0);
    open_inputs("f", -1);
    settle();
    append("f", "one\ntwo");
    ck_next("f:one", "f", 4);
    ck_next("f:two", "f", 7); /* its writer has gone */
    settle();
    append("f", "three\n");
    ck_next("f:three", "f", 13);
    open_inputs("f", -1);
    settle();
    append("f", "four\n");
    ck_next("f:four", "f", 5);
    settle();
    ck_assert_int_eq(unlink("f"), 0);
    append("f", "five\n");
    ck_next("f:five", "f", 5);
}
END_TEST

START_TEST(standard_input_is_counted_since_it_is_read)
{
    int fd = pipe_to_stdin();
    open_inputs("-", -1);
    put(fd, "one\ntwo");
    ck_next("-:one", "/dev/stdin", 4);
    close(fd);
    ck_next("-:two", "/dev/stdin", 7);
}
END_TEST

START_TEST(standard_input_that_is_a_file_is_counted_from_its_start)
{
    append("a", "one\ntwo\n");
    int fd = open("a", O_RDONLY);
    ck_assert_int_eq(dup2(fd, 0), 0);
    ck_assert_int_eq(lseek(fd, 4, SEEK_SET), 4);
    close(fd);
    open_inputs("-", 0);
    ck_next("-:two", "a", 8);
}
END_TEST

START_TEST(bytes_are_counted_whatever_they_are)
{
    enum { LENGTH = 5 * 1024 * 1024 };
    FILE *file = fopen("a", "w");
    for (int i = 0; i < LENGTH; i++)
        fputc(0, file);
    fputs("\nx\n", file);
    fclose(file);
    open_inputs("a", 0);
    ck_next("a:", "a", LENGTH + 1); /* as a C string */
    ck_next("a:x", "a", LENGTH + 3);
    settle(); /* the room of the long line is given back */
    append("a", "y\n");
    ck_next("a:y", "a", LENGTH + 5);
}
END_TEST

START_TEST(an_input_that_is_opened_anew_begins_where_it_is_opened)
{
    append("a", "one\ntwo\nhalf");
    open_inputs("a", 0);
    ck_next("a:one", "a", 4);
    inputs_open(inputs, (struct bytes[]){B("a")}, 1, -1, true, &with_contexts);
    ck_ended("a", "a", 4);
    ck_next("a:two", "a", 8);
    open_inputs("a", -1);
    ck_ended("a", "a", 12);
    append("a", " more\n");
    ck_next("a: more", "a", 18);
}
END_TEST

START_TEST(an_input_that_was_never_there_has_no_position)
{
    open_inputs("missing", 0);
    struct feed_position at = source_position(&inputs_at(inputs, 0)->source);
    ck_assert(at.device == 0 && at.inode == 0 && at.offset == 0);
}
END_TEST

RUN_TESTS_AROUND("input_positions", set_up, tear_down, a_line_ends_after_its_newline,
                 positions_begin_where_reading_does,
                 the_last_line_without_a_newline_ends_with_the_file,
                 a_line_that_waits_for_its_turn_has_not_ended, lines_of_a_renamed_file_end_in_it,
                 what_is_left_of_a_renamed_file_ends_in_it, a_truncated_file_begins_again,
                 a_fifo_is_counted_since_it_is_read, standard_input_is_counted_since_it_is_read,
                 standard_input_that_is_a_file_is_counted_from_its_start,
                 bytes_are_counted_whatever_they_are,
                 an_input_that_is_opened_anew_begins_where_it_is_opened,
                 an_input_that_was_never_there_has_no_position)
