/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that appear while others are read, and those that are gone. */
#include "inputs.h"

static bool rescan(const char *pattern)
{
    return inputs_rescan(inputs, (struct bytes[]){bytes_of(pattern)}, 1, &with_contexts);
}

static void begin(const char *pattern)
{
    options.rescan = 1;
    open_inputs(pattern, -1);
}

START_TEST(a_new_file_is_read_from_its_start)
{
    append("a.log", "old\n");
    begin("*.log");
    ck_assert(!rescan("*.log"));
    append("b.log", "b1\nb2\n");
    append("other", "x\n");
    ck_assert(rescan("*.log"));
    ck_assert_uint_eq(inputs_count(inputs), 2);
    ck_assert_str_eq(next(), "b.log:b1");
    ck_assert_str_eq(next(), "b.log:b2");
    ck_assert(logged("Opening input file b.log, which has appeared"));
    append("a.log", "a1\n");
    ck_assert_str_eq(next(), "a.log:a1");
    ck_assert(!rescan("*.log"));
    settle();
}
END_TEST

START_TEST(contexts_are_those_of_a_start)
{
    struct bytes patterns[] = {B("*.log"), B("a.*=OWN")};
    options.rescan = 1;
    inputs_open(inputs, patterns, 2, -1, false, &with_contexts);
    append("a.log", "a1\n");
    append("b.log", "b1\n");
    ck_assert(inputs_rescan(inputs, patterns, 2, &with_contexts));
    ck_assert_str_eq(next(), "a.log:a1");
    ck_assert(bytes_eq(from->context, B("OWN")));
    ck_assert_str_eq(next(), "b.log:b1");
    ck_assert(bytes_eq(from->context, B("_FILE_EVENT_b.log")));
    ck_assert(with_contexts);
}
END_TEST

START_TEST(a_renamed_file_is_no_new_one)
{
    append("a.log", "");
    begin("a.log*");
    append("a.log", "a1\n");
    ck_assert_str_eq(next(), "a.log:a1");
    ck_assert_int_eq(rename("a.log", "a.log.1"), 0);
    ck_assert(!rescan("a.log*"));
    append("a.log.1", "a2\n");
    append("a.log", "a3\n");
    ck_assert_str_eq(next(), "a.log:a2");
    ck_assert_str_eq(next(), "a.log:a3");
    for (int i = 0; i < 5; i++)
        ck_assert(!rescan("a.log*"));
    ck_assert_int_eq(rename("a.log.1", "a.log.2"), 0);
    ck_assert_int_eq(rename("a.log", "a.log.1"), 0);
    append("a.log", "a4\n");
    ck_assert_str_eq(next(), "a.log:a4");
    ck_assert(!rescan("a.log*"));
    settle();
}
END_TEST

/* ext4 gives the number of a file that is gone to the next one. */
START_TEST(a_number_that_was_another_files_is_new)
{
    begin("*.log");
    for (int i = 0; i < 5; i++) {
        append("a.log", "a1\n");
        ck_assert(rescan("*.log"));
        ck_assert_str_eq(next(), "a.log:a1");
        settle();
        ck_assert_int_eq(unlink("a.log"), 0);
        ck_assert(!rescan("*.log"));
        ck_assert(!rescan("*.log")); /* closes it */
        ck_assert(rescan("*.log"));
        ck_assert_uint_eq(inputs_count(inputs), 0);
    }
}
END_TEST

START_TEST(a_file_that_is_gone_is_read_to_its_end_first)
{
    begin("*.log");
    append("a.log", "a1\na2\nrest");
    ck_assert(rescan("*.log"));
    ck_assert_int_eq(unlink("a.log"), 0);
    for (int i = 0; i < 5; i++)
        ck_assert(!rescan("*.log"));
    ck_assert_str_eq(next(), "a.log:a1");
    ck_assert(!rescan("*.log"));
    ck_assert_str_eq(next(), "a.log:a2");
    ck_assert(!rescan("*.log"));
    struct bytes line;
    ck_assert_int_eq(feed_next(feed, &line, &from), FEED_LINE);
    ck_assert(bytes_eq(line, B("rest")));
    ck_assert(rescan("*.log"));
    ck_assert(bytes_eq(line, B("rest"))); /* it is there until the next one is asked for */
    ck_assert(from->dropped);
    ck_assert_uint_eq(inputs_count(inputs), 0);
    ck_assert(logged("Input file a.log is gone and read to its end, and is no input any more"));
}
END_TEST

START_TEST(a_file_that_comes_back_stays)
{
    begin("*.log");
    append("a.log", "a1\n");
    ck_assert(rescan("*.log"));
    ck_assert_str_eq(next(), "a.log:a1");
    settle();
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(unlink("a.log"), 0);
        ck_assert(!rescan("*.log"));
        append("a.log", "again\n");
        ck_assert_str_eq(next(), "a.log:again");
        ck_assert(!rescan("*.log"));
        settle();
    }
}
END_TEST

/* Its writer may not know of the other name. */
START_TEST(a_file_under_another_name_is_followed_for_an_hour)
{
    begin("*.log");
    append("a.log", "a1\n");
    ck_assert(rescan("*.log"));
    ck_assert_str_eq(next(), "a.log:a1");
    ck_assert_int_eq(rename("a.log", "a.old"), 0);
    settle();
    for (int i = 0; i < 5; i++)
        ck_assert(!rescan("*.log"));
    append("a.old", "a2\n");
    ck_assert_str_eq(next(), "a.log:a2");
    struct timespec times[] = {{.tv_sec = time(NULL) - 3600}, {.tv_sec = time(NULL) - 3600}};
    ck_assert_int_eq(utimensat(AT_FDCWD, "a.old", times, 0), 0);
    settle();
    ck_assert(!rescan("*.log"));
    ck_assert(rescan("*.log"));
    ck_assert_uint_eq(inputs_count(inputs), 0);
}
END_TEST

START_TEST(inputs_of_the_start_and_of_actions_stay)
{
    append("a.log", "");
    begin("*.log");
    append("b.log", "");
    ck_assert_ptr_nonnull(inputs_add(inputs, B("b.log"), B("-"), B("CONTEXT")));
    settle();
    ck_assert_int_eq(unlink("a.log"), 0);
    ck_assert_int_eq(unlink("b.log"), 0);
    for (int i = 0; i < 5; i++)
        ck_assert(!rescan("*.log"));
    ck_assert_uint_eq(inputs_count(inputs), 2);
}
END_TEST

START_TEST(a_file_that_cannot_be_read_yet_is_read_from_its_start)
{
    options.reopen_timeout = 1;
    begin("*.log");
    ck_assert_int_eq(mkdir("a.log", 0700), 0);
    ck_assert(rescan("*.log"));
    ck_assert(logged("Input file a.log is of unsupported type!"));
    ck_assert_int_eq(rmdir("a.log"), 0);
    append("a.log", "a1\n");
    append("b.log", "");
    ck_assert(rescan("*.log"));
    settle();
    clock_set(clock_, START + 2);
    ck_assert_str_eq(next(), "a.log:a1");
}
END_TEST

START_TEST(off_nothing_is_due)
{
    open_inputs("*.log", -1);
    ck_assert_int_eq(inputs_rescan_wait(inputs), INT64_MAX);
    ck_assert_int_eq(feed_wait_limit(feed), -1);
    options.rescan = INT64_MAX;
    ck_assert_int_eq(inputs_rescan_wait(inputs), INT64_MAX);
    options.rescan = 100;
    ck_assert_int_gt(inputs_rescan_wait(inputs), 50000);
    ck_assert_int_le(feed_wait_limit(feed), 100000);
}
END_TEST

RUN_TESTS_AROUND("rescan", set_up, tear_down, a_new_file_is_read_from_its_start,
                 contexts_are_those_of_a_start, a_renamed_file_is_no_new_one,
                 a_number_that_was_another_files_is_new,
                 a_file_that_is_gone_is_read_to_its_end_first, a_file_that_comes_back_stays,
                 a_file_under_another_name_is_followed_for_an_hour,
                 inputs_of_the_start_and_of_actions_stay,
                 a_file_that_cannot_be_read_yet_is_read_from_its_start, off_nothing_is_due)
