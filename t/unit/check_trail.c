/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inputs that go on over what logrotate has made of their files meanwhile. */
#include "inputs.h"

#include "io/past.h"

static struct input_place place;

/* An earlier run read "a" to the end of this line; names outlive it. */
static void read_to(const char *line)
{
    open_inputs("a", 0);
    while (strcmp(next(), line) != 0)
        ck_assert_uint_gt(inputs_count_open(inputs), 0);
    input_place_now(inputs_at(inputs, 0), &place);
    place.name = B("a");
    place.context = place.pattern = (struct bytes){0};
    inputs_free(inputs);
    inputs = inputs_new(loop, log_, clock_, &options, run_script, NULL);
    feed = inputs_feed(inputs);
}

static void go_on(void)
{
    inputs_go_on(inputs, &place, 1);
    open_inputs("a", -1);
}

static void run(const char *command)
{
    ck_assert_msg(system(command) == 0, "%s", command);
}

/* a.1 of a, a.2 of a.1; the name is free then. */
static void rotate(void)
{
    if (access("a.1", F_OK) == 0)
        ck_assert_int_eq(rename("a.1", "a.2"), 0);
    ck_assert_int_eq(rename("a", "a.1"), 0);
}

static void set_time(const char *path, time_t second)
{
    const struct timespec times[] = {{second, 0}, {second, 0}};
    ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* These lines of "a" come, and no others; then those that are written now. */
static void ck_lines(const char *lines)
{
    char line[] = "a:?";
    for (const char *at = lines; *at; at++) {
        line[2] = *at;
        ck_assert_str_eq(next(), line);
    }
    if (options.tail) {
        settle();
        append("a", "new\n");
        ck_assert_str_eq(next(), "a:new");
    } else {
        ck_assert_str_eq(next(), "(all closed)");
    }
}

static void make_three(void)
{
    append("a", "1\n2\n3\n");
    read_to("a:1");
    rotate();
    append("a", "4\n5\n");
    rotate();
    append("a", "6\n");
}

START_TEST(several_steps)
{
    make_three();
    go_on();
    ck_lines("23456");
    ck_assert(logged("Going on at offset 2 of input file ./a.2"));
    ck_assert(logged("Processing ./a.1, which was input file a in the meantime, from the start"));
    ck_assert(logged("Reopening a and processing from the start"));
}
END_TEST

START_TEST(several_steps_to_the_end)
{
    options.tail = false;
    make_three();
    go_on();
    ck_lines("23456");
}
END_TEST

START_TEST(several_steps_without_the_name)
{
    make_three();
    ck_assert_int_eq(rename("a.2", "a.3"), 0);
    rotate();
    go_on();
    ck_lines("23456");
}
END_TEST

/* All move on by one while the first is being read. */
START_TEST(rotated_on_the_way)
{
    make_three();
    go_on();
    ck_assert_str_eq(next(), "a:2");
    ck_assert_int_eq(rename("a.2", "a.3"), 0);
    rotate();
    append("a", "7\n");
    ck_lines("34567");
}
END_TEST

START_TEST(compressed_on_the_way)
{
    make_three();
    go_on();
    ck_assert_str_eq(next(), "a:2");
    run("gzip a.1 a.2");
    ck_lines("3456");
}
END_TEST

static void ck_compressed(const char *command)
{
    struct buf why = {0};
    struct bytes bytes;
    make_three();
    run(command);
    struct past *past = past_open(&place, &why);
    ck_assert_msg(past, "%.*s", (int)why.len, why.ptr);
    ck_assert(past_read(past, 4, &bytes) && bytes_eq(bytes, B("2\n3\n")));
    ck_assert(!past_read(past, SIZE_MAX, &bytes) && bytes.len == 0);
    past_close(past);
    go_on();
    ck_lines("23456");
    ck_assert(logged("Going on at offset 2 of input file ./a.2."));
}

START_TEST(compressed_by_gzip)
{
    ck_compressed("gzip a.1 a.2");
}
END_TEST

START_TEST(compressed_by_gzip_to_the_end)
{
    options.tail = false;
    ck_compressed("gzip a.1 a.2");
}
END_TEST

START_TEST(compressed_by_xz)
{
    ck_compressed("xz a.1 a.2");
}
END_TEST

START_TEST(compressed_by_zstd)
{
    ck_compressed("zstd -q --rm a.1 a.2");
}
END_TEST

START_TEST(compressed_by_bzip2)
{
    ck_compressed("bzip2 a.1 a.2");
}
END_TEST

/* Secant comes while the compression is under way. */
START_TEST(being_compressed)
{
    make_three();
    run("gzip -k a.1; gzip -k a.2; head -c 9 a.2.gz > b; mv b a.2.gz");
    go_on();
    ck_lines("23456");
}
END_TEST

/* It is interrupted in a compressed file, and goes on there. */
START_TEST(a_place_in_a_compressed_one)
{
    make_three();
    run("gzip a.1 a.2");
    for (const char *line = "23456"; *line; line++) {
        go_on();
        char text[] = "a:?";
        text[2] = *line;
        ck_assert_str_eq(next(), text);
        input_place_now(inputs_at(inputs, 0), &place);
        place.name = B("a");
    }
    go_on();
    ck_lines("");
}
END_TEST

/* More than a block, so that it is found by what is in the midst of it. */
START_TEST(a_large_compressed_one)
{
    enum { LINES = 200000 };
    char text[40];
    FILE *file = fopen("a", "w");
    for (int i = 0; i < LINES; i++)
        fprintf(file, "line %d\n", i);
    fclose(file);
    read_to("a:line 150000");
    rotate();
    run("gzip a.1");
    append("a", "x\n");
    go_on();
    for (int i = 150001; i < LINES; i++) {
        snprintf(text, sizeof(text), "a:line %d", i);
        ck_assert_str_eq(next(), text);
    }
    ck_lines("x");
}
END_TEST

START_TEST(a_damaged_one_is_told)
{
    make_three();
    run("gzip a.1; head -c 12 a.1.gz > b; mv b a.1.gz");
    go_on();
    ck_lines("236");
    ck_assert(logged("Can't read all of ./a.1.gz for input file a (damaged at its beginning)"));
}
END_TEST

START_TEST(names_with_dates)
{
    append("a", "1\n2\n");
    read_to("a:1");
    ck_assert_int_eq(rename("a", "a-20260128"), 0);
    append("a", "3\n");
    ck_assert_int_eq(rename("a", "a-20260129"), 0);
    append("a", "4\n");
    ck_assert_int_eq(rename("a", "a-20260130"), 0);
    append("a-20260127", "0\n");
    append("a", "5\n");
    append("ab-20260129", "of another\n");
    append("a-old", "of somebody\n");
    set_time("a-20260127", START);
    for (int i = 0; i < 3; i++)
        set_time((const char *[]){"a-20260128", "a-20260129", "a-20260130"}[i], START + 1 + i);
    run("gzip a-20260129");
    go_on();
    ck_lines("2345");
}
END_TEST

START_TEST(a_date_before_the_ending)
{
    append("x.log", "1\n2\n");
    open_inputs("x.log", 0);
    ck_assert_str_eq(next(), "x.log:1");
    input_place_now(inputs_at(inputs, 0), &place);
    place.name = B("x.log");
    place.context = place.pattern = (struct bytes){0};
    ck_assert_int_eq(rename("x.log", "x-20260128.log"), 0);
    append("x-20260129.log", "3\n");
    append("x.log", "4\n");
    inputs_go_on(inputs, &place, 1);
    open_inputs("x.log", -1);
    ck_assert_str_eq(next(), "x.log:2");
    ck_assert_str_eq(next(), "x.log:3");
    ck_assert_str_eq(next(), "x.log:4");
    settle();
}
END_TEST

START_TEST(copied_and_truncated)
{
    append("a", "1\n2\n3\n");
    read_to("a:1");
    run("cp a a.1");
    ck_assert_int_eq(truncate("a", 0), 0);
    append("a", "4\n5\n");
    go_on();
    ck_lines("2345");
    ck_assert(logged("Going on at offset 2 of input file ./a.1"));
}
END_TEST

START_TEST(copied_and_truncated_twice)
{
    append("a", "1\n2\n3\n");
    read_to("a:1");
    run("cp a a.1");
    ck_assert_int_eq(truncate("a", 0), 0);
    append("a", "4\n5\n");
    run("mv a.1 a.2; gzip a.2; cp a a.1");
    ck_assert_int_eq(truncate("a", 0), 0);
    append("a", "6\n");
    go_on();
    ck_lines("23456");
}
END_TEST

START_TEST(truncated_and_grown_longer)
{
    append("a", "1\n2\n");
    read_to("a:1");
    ck_assert_int_eq(truncate("a", 0), 0);
    append("a", "3\n4\n5\n");
    go_on();
    ck_lines("345");
    ck_assert(logged("Input file a has begun anew since it was read up to offset 2"));
}
END_TEST

START_TEST(a_number_that_was_given_to_another_file)
{
    struct stat status;
    append("a", "1\n2\n");
    read_to("a:1");
    rotate();
    append("a", "3\n4\n5\n");
    ck_assert_int_eq(stat("a", &status), 0);
    place.inode = status.st_ino;
    go_on();
    ck_lines("2345"); /* by its marks */
}
END_TEST

/* Those that were written after that run are read, and no older ones. */
START_TEST(the_file_is_gone_and_later_ones_are_there)
{
    append("a", "1\n2\n");
    read_to("a:1");
    ck_assert_int_eq(unlink("a"), 0);
    append("b", "takes the number\n");
    append("a.1", "5\n");
    append("a.2", "4\n");
    append("a.3", "0\n");
    append("a", "6\n");
    place.second = START;
    set_time("a.3", START - 5);
    go_on();
    ck_lines("456");
    ck_assert(logged("the one that was read up to offset 2 is no longer in its folder"));
    ck_assert(logged("Processing ./a.2, which was input file a in the meantime"));
}
END_TEST

/* The places of `secant migrate import` have no marks. */
START_TEST(without_marks_the_number_decides)
{
    append("a", "1\n2\n");
    read_to("a:1");
    place = (struct input_place){
        .name = place.name, .device = place.device, .inode = place.inode, .offset = 2};
    rotate();
    append("a", "3\n");
    go_on();
    ck_lines("23");
}
END_TEST

/* The first bytes alone tell. */
START_TEST(a_place_at_the_start)
{
    append("a", "1\n2\n");
    read_to("a:1");
    place.offset = 0;
    place.tail = (struct file_mark){0};
    rotate();
    run("gzip a.1");
    append("a", "3\n");
    go_on();
    ck_lines("123");
    ck_assert(logged("Going on at offset 0 of input file ./a.1.gz"));
}
END_TEST

START_TEST(nothing_was_there_then)
{
    open_inputs("a", -1);
    settle();
    input_place_now(inputs_at(inputs, 0), &place);
    ck_assert(!place.open && place.inode == 0);
    place.name = B("a");
    place.context = place.pattern = (struct bytes){0};
    append("a", "1\n");
    go_on();
    ck_lines("1");
}
END_TEST

START_TEST(standard_input_that_is_the_same_file)
{
    append("a", "1\n2\n");
    int fd = open("a", O_RDONLY);
    ck_assert_int_eq(dup2(fd, 0), 0);
    open_inputs("-", 0);
    ck_assert_str_eq(next(), "-:1");
    input_place_now(inputs_at(inputs, 0), &place);
    place.name = B("-");
    ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
    inputs_go_on(inputs, &place, 1);
    open_inputs("-", 0);
    ck_assert_str_eq(next(), "-:2");
    close(fd);
}
END_TEST

RUN_TESTS_AROUND("trail", set_up, tear_down, several_steps, several_steps_to_the_end,
                 several_steps_without_the_name, rotated_on_the_way, compressed_on_the_way,
                 compressed_by_gzip, compressed_by_gzip_to_the_end, compressed_by_xz,
                 compressed_by_zstd, compressed_by_bzip2, being_compressed,
                 a_place_in_a_compressed_one, a_large_compressed_one, a_damaged_one_is_told,
                 names_with_dates, a_date_before_the_ending, copied_and_truncated,
                 copied_and_truncated_twice, truncated_and_grown_longer,
                 a_number_that_was_given_to_another_file, the_file_is_gone_and_later_ones_are_there,
                 without_marks_the_number_decides, a_place_at_the_start, nothing_was_there_then,
                 standard_input_that_is_the_same_file)
