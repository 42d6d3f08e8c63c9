/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Input files are followed as upstream follows them. */
#include "inputs.h"

START_TEST(lines_come_in_rounds_by_name)
{
    append("b", "b1\nb2\nb3\n");
    append("a", "a1\na2\n");
    append("c", "c1\n");
    options.tail = false;
    open_inputs("c b a", 0);
    ck_assert_str_eq(next(), "a:a1");
    ck_assert_str_eq(next(), "b:b1");
    ck_assert_str_eq(next(), "c:c1");
    ck_assert_str_eq(next(), "a:a2");
    ck_assert_str_eq(next(), "b:b2");
    ck_assert_str_eq(next(), "b:b3");
    ck_assert_str_eq(next(), "(all closed)");
}
END_TEST

START_TEST(the_unfinished_last_line_counts_without_tail)
{
    append("a", "one\n\ntwo");
    append("b", "");
    options.tail = false;
    open_inputs("a b", 0);
    ck_assert_str_eq(next(), "a:one");
    ck_assert_str_eq(next(), "a:");
    ck_assert_str_eq(next(), "a:two");
    ck_assert_str_eq(next(), "(all closed)");
}
END_TEST

START_TEST(what_is_appended_comes_and_what_was_there_does_not)
{
    append("a", "old\n");
    open_inputs("a", -1);
    settle();
    append("a", "new\n");
    ck_assert_str_eq(next(), "a:new");
    append("a", "half");
    settle();
    append("a", " line\n");
    ck_assert_str_eq(next(), "a:half line");
    settle();
}
END_TEST

START_TEST(bytes_without_a_line_are_told_of)
{
    struct bytes line;
    append("a", "half");
    open_inputs("a", 0);
    ck_assert_int_eq(feed_next(feed, &line, &from), FEED_PARTIAL);
    ck_assert_int_eq(feed_next(feed, &line, &from), FEED_NONE);
}
END_TEST

START_TEST(a_recreated_file_is_read_from_its_start_after_the_rest_of_the_old)
{
    append("a", "");
    open_inputs("a", -1);
    settle();
    append("a", "one\nlast");
    ck_assert_int_eq(rename("a", "a.1"), 0);
    append("a.1", " words");
    append("a", " joined\nnew\n");
    ck_assert_str_eq(next(), "a:one");
    ck_assert_str_eq(next(), "a:last words joined");
    ck_assert_str_eq(next(), "a:new");
    ck_assert(logged("Input file a has been recreated\n"));
    ck_assert(logged("Reopening a and processing from the start\n"));
    settle();
    append("a", "on\n");
    ck_assert_str_eq(next(), "a:on");
}
END_TEST

START_TEST(a_removed_file_is_followed_until_another_takes_its_name)
{
    append("a", "");
    open_inputs("a", -1);
    settle();
    ck_assert_int_eq(rename("a", "a.1"), 0);
    settle();
    append("a.1", "still\n");
    ck_assert_str_eq(next(), "a:still");
    append("a", "next\n");
    ck_assert_str_eq(next(), "a:next");
    ck_assert(!logged("does not exist"));
}
END_TEST

START_TEST(a_truncated_file_is_read_from_its_start)
{
    append("a", "a long first line\n");
    open_inputs("a", 0);
    ck_assert_str_eq(next(), "a:a long first line");
    settle();
    ck_assert_int_eq(truncate("a", 0), 0);
    append("a", "short\n");
    ck_assert_str_eq(next(), "a:short");
    ck_assert(logged("Input file a has been truncated\n"));
    ck_assert(logged("Reopening a and processing from the start\n"));
}
END_TEST

START_TEST(a_fifo_is_reopened_when_its_writer_closes)
{
    ck_assert_int_eq(mkfifo("f", 0600), 0);
    open_inputs("f", -1);
    settle();
    append("f", "one\ntwo");
    ck_assert_str_eq(next(), "f:one");
    ck_assert_str_eq(next(), "f:two");
    ck_assert(logged("No writers on input pipe f, closing the pipe\n"));
    ck_assert(logged("Reopening input pipe f\n"));
    settle();
    append("f", "three\n");
    ck_assert_str_eq(next(), "f:three");
}
END_TEST

START_TEST(a_fifo_is_closed_for_good_without_tail)
{
    ck_assert_int_eq(mkfifo("f", 0600), 0);
    options.tail = false;
    open_inputs("f", 0);
    settle();
    append("f", "one\ntwo");
    ck_assert_str_eq(next(), "f:one");
    ck_assert_str_eq(next(), "f:two");
    ck_assert_str_eq(next(), "(all closed)");
    ck_assert(!logged("Reopening"));
}
END_TEST

START_TEST(standard_input_is_read_to_its_end)
{
    int fd = pipe_to_stdin();
    open_inputs("-", -1);
    settle();
    put(fd, "one\ntwo");
    ck_assert_str_eq(next(), "-:one");
    settle();
    close(fd);
    ck_assert_str_eq(next(), "-:two");
    ck_assert_str_eq(next(), "(all closed)");
    ck_assert(logged("No writers on input pipe -, closing the pipe\n"));
}
END_TEST

START_TEST(standard_input_may_be_a_file)
{
    append("a", "one\ntwo");
    int fd = open("a", O_RDONLY);
    ck_assert_int_eq(dup2(fd, 0), 0);
    close(fd);
    options.tail = false;
    open_inputs("-", 0);
    ck_assert_str_eq(next(), "-:one");
    ck_assert_str_eq(next(), "-:two");
    ck_assert_str_eq(next(), "(all closed)");
}
END_TEST

START_TEST(a_line_longer_than_many_blocks_is_one_line)
{
    enum { LENGTH = 3 * 1024 * 1024 };
    char *text = mem_alloc(LENGTH);
    memset(text, 'x', LENGTH);
    FILE *file = fopen("a", "w");
    fwrite(text, 1, LENGTH, file);
    fputs("\nnext\n", file);
    fclose(file);
    open_inputs("a", 0);
    struct bytes line = {0};
    enum feed_result result;
    while ((result = feed_next(feed, &line, &from)) == FEED_PARTIAL)
        continue;
    ck_assert_int_eq(result, FEED_LINE);
    ck_assert(bytes_eq(line, bytes_make(text, LENGTH)));
    ck_assert_str_eq(next(), "a:next");
    free(text);
}
END_TEST

START_TEST(what_came_to_two_inputs_between_lines_is_read_in_turn)
{
    append("a", "a1\n");
    append("b", "");
    open_inputs("a b", 0);
    ck_assert_str_eq(next(), "a:a1");
    settle();
    append("a", "a2\n");
    ck_assert_str_eq(next(), "a:a2"); /* b is at rest, a is not */
    append("a", "a3\na4\n");
    append("b", "b1\nb2\n");
    ck_assert_str_eq(next(), "a:a3");
    ck_assert_str_eq(next(), "b:b1");
    ck_assert_str_eq(next(), "a:a4");
    ck_assert_str_eq(next(), "b:b2");
}
END_TEST

START_TEST(any_byte_may_be_in_a_line)
{
    FILE *file = fopen("a", "w");
    fwrite("a\0b\xff\r\n", 1, 6, file);
    fclose(file);
    open_inputs("a", 0);
    struct bytes line = {0};
    ck_assert_int_eq(feed_next(feed, &line, &from), FEED_LINE);
    ck_assert(bytes_eq(line, B("a\0b\xff\r")));
}
END_TEST

START_TEST(a_small_blocksize_of_a_pipe_is_kept)
{
    int fd = pipe_to_stdin(), left[2];
    options.blocksize = 3;
    open_inputs("-", 0);
    put(fd, "one two\nthree\n");
    ck_assert_str_eq(next(), "-:one two");
    ck_assert_int_eq(read(0, left, 3), 3); /* what was not read is still in the pipe */
    ck_assert_int_eq(memcmp(left, "hre", 3), 0);
    close(fd);
}
END_TEST

START_TEST(opening_anew_drops_what_is_buffered)
{
    append("a", "one\ntwo\nhalf");
    open_inputs("a", 0);
    ck_assert_str_eq(next(), "a:one");
    ck_assert(feed_has_line(feed));
    struct input *input = inputs_find(inputs, B("a"));
    input->source.lines = 1;
    open_inputs("a", -1);
    ck_assert(!feed_has_line(feed));
    ck_assert_uint_eq(input->source.lines, 0);
    append("a", " more\n");
    ck_assert_str_eq(next(), "a: more");
    ck_assert_ptr_eq(inputs_find(inputs, B("a")), input);
}
END_TEST

START_TEST(keeping_open_keeps_what_is_buffered)
{
    append("a", "a1\na2\nhalf");
    append("b", "b1\n");
    open_inputs("a b", 0);
    ck_assert_str_eq(next(), "a:a1");
    inputs_open(inputs, (struct bytes[]){B("a=CTX")}, 1, -1, true, &with_contexts);
    ck_assert(logged("Input file a already open\n"));
    ck_assert_str_eq(next(), "a:a2"); /* the line of b went with b */
    ck_assert_str_eq(inputs_at(inputs, 0)->source.context.ptr, "CTX");
    ck_assert(with_contexts);
    append("a", " line\n");
    ck_assert_str_eq(next(), "a:half line");
    ck_assert_uint_eq(inputs_count(inputs), 1);
}
END_TEST

START_TEST(contexts_of_patterns)
{
    static const struct {
        const char *pattern, *name, *context;
    } cases[] = {
        {"a", "a", "_FILE_EVENT_a"},
        {"a=C", "a", "C"},
        {"a=b=C", "a=b", "C"},
        {"a=b=", "a", "b="},
        {"=C", "=C", "_FILE_EVENT_=C"},
        {"a=C D", "a=C", "_FILE_EVENT_a=C"},
        {"a==", "a", "="},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        open_inputs(cases[i].pattern, 0);
        const struct input *input = inputs_find(inputs, bytes_of(cases[i].name));
        ck_assert_msg(input, "no input %s", cases[i].name);
        ck_assert_str_eq(input->source.context.ptr, cases[i].context);
    }
}
END_TEST

START_TEST(the_last_pattern_of_a_file_gives_its_context)
{
    struct bytes patterns[] = {B("a=ONE"), B("*a=TWO"), B("b")};
    append("a", "");
    inputs_open(inputs, patterns, 3, 0, false, &with_contexts);
    ck_assert_str_eq(inputs_find(inputs, B("a"))->source.context.ptr, "TWO");
    ck_assert_uint_eq(inputs_count(inputs), 2);
}
END_TEST

START_TEST(unfit_files_are_refused)
{
    ck_assert_int_eq(mkdir("d", 0755), 0);
    open_inputs("/dev/null d missing", 0);
    ck_assert(logged("Opening input file /dev/null\n"));
    ck_assert(logged("Input file /dev/null is of unsupported type!\n"));
    ck_assert(logged("Input file d is of unsupported type!\n"));
    ck_assert(logged("Input file missing does not exist!\n"));
    ck_assert(inputs_count_open(inputs) == 0);
}
END_TEST

START_TEST(a_missing_file_is_awaited_and_read_from_its_start)
{
    options.reopen_timeout = 5;
    open_inputs("a", -1);
    ck_assert(logged("Input file a has not been created yet\n"));
    append("a", "one\n");
    settle();
    clock_set(clock_, START + 4);
    settle();
    clock_set(clock_, START + 5);
    for (int i = 0; i < 1000 && inputs_count_open(inputs) == 0; i++) {
        struct bytes line;
        ck_assert_int_eq(feed_next(feed, &line, &from), FEED_NONE);
        loop_wait(loop, 10);
    }
    ck_assert_str_eq(next(), "a:one");
    ck_assert(logged("Attempting to (re)open a\n"));
}
END_TEST

START_TEST(silence_runs_the_script_once_and_a_line_once_more)
{
    options.input_timeout = 10;
    append("a", "");
    open_inputs("a", -1);
    settle();
    clock_set(clock_, START + 9);
    settle();
    ck_assert_uint_eq(scripts.len, 0);
    clock_set(clock_, START + 10);
    settle();
    clock_set(clock_, START + 30);
    settle();
    ck_assert(bytes_eq(buf_bytes(&scripts), B("1 a\n")));
    append("a", "line\nline\n");
    ck_assert_str_eq(next(), "a:line");
    ck_assert_str_eq(next(), "a:line");
    ck_assert(bytes_eq(buf_bytes(&scripts), B("1 a\n0 a\n")));
    clock_set(clock_, START + 39);
    settle();
    ck_assert(bytes_eq(buf_bytes(&scripts), B("1 a\n0 a\n")));
    clock_set(clock_, START + 40);
    settle();
    ck_assert(bytes_eq(buf_bytes(&scripts), B("1 a\n0 a\n1 a\n")));
}
END_TEST

START_TEST(an_empty_file_is_left_alone_for_check_timeout_seconds)
{
    ck_assert_int_eq(mkfifo("f", 0600), 0);
    append("a", "");
    options.check_timeout = 3;
    open_inputs("a f", -1);
    settle();
    append("a", "one\n");
    int fd = open("f", O_WRONLY);
    put(fd, "two\n");
    settle();
    clock_set(clock_, START + 2);
    settle();
    ck_assert_int_gt(feed_wait_limit(feed), 0); /* a readable FIFO does not keep it busy */
    clock_set(clock_, START + 3);
    ck_assert_str_eq(next(), "a:one");
    ck_assert_str_eq(next(), "f:two");
    close(fd);
}
END_TEST

START_TEST(inputs_are_added_and_dropped)
{
    append("a", "");
    append("b", "b1\nb2\nb3\n");
    open_inputs("a", 0);
    inputs_add(inputs, B("b"), B(" 003 "), B("CTX"));
    ck_assert(logged("Adding dynamic input file 'b' with context 'CTX' to the list of inputs\n"));
    ck_assert(logged("Opening input file 'b' and seeking offset '3'\n"));
    ck_assert_str_eq(next(), "b:b2");
    ck_assert(inputs_find(inputs, B("b"))->dynamic);
    inputs_add(inputs, B("b"), B("-"), B("CTX"));
    ck_assert(logged("Dynamic input file 'b' already exists in the list of inputs, can't add\n"));
    inputs_add(inputs, B("a"), B("-"), B("CTX"));
    ck_assert(logged("Input file 'a' already exists in the list of inputs, can't add\n"));
    inputs_add(inputs, B("c"), B("x"), B("CTX"));
    ck_assert(logged("Invalid file offset 'x' specified for input file 'c'\n"));
    inputs_add(inputs, B("c"), B("-"), B("CTX"));
    ck_assert(logged("Opening input file 'c' and seeking EOF\n"));
    ck_assert(logged("Input file c does not exist!\n"));
    inputs_drop(inputs, B("b"));
    ck_assert(logged("Dropping dynamic input file 'b' from the list of inputs\n"));
    inputs_drop(inputs, B("a"));
    ck_assert(logged("Dynamic input file 'a' not found, can't drop\n"));
    settle();
    ck_assert_uint_eq(inputs_count(inputs), 2);
}
END_TEST

START_TEST(an_offset_behind_the_end_means_the_end)
{
    append("a", "old\n");
    inputs_add(inputs, B("a"), B("00123456789012345678901234567890"), B("CTX"));
    ck_assert(
        logged("Offset 123456789012345678901234567890 beyond EOF, seeking EOF in input file a"));
    append("a", "new\n");
    ck_assert_str_eq(next(), "a:new");
}
END_TEST

START_TEST(a_dropped_input_takes_its_queued_line_along)
{
    append("a", "a1\na2\n");
    append("b", "b1\n");
    open_inputs("a", 0);
    inputs_add(inputs, B("b"), B("0"), B("CTX"));
    ck_assert_str_eq(next(), "a:a1");
    inputs_drop(inputs, B("b"));
    ck_assert_str_eq(next(), "a:a2");
    settle();
}
END_TEST

START_TEST(a_line_stays_readable_when_its_input_is_dropped)
{
    struct bytes line;
    append("a", "the line\n");
    inputs_add(inputs, B("a"), B("0"), B("CTX"));
    ck_assert_int_eq(feed_next(feed, &line, &from), FEED_LINE);
    inputs_drop(inputs, B("a"));
    ck_assert(bytes_eq(line, B("the line")));
    ck_assert_str_eq(from->name.ptr, "a");
}
END_TEST

START_TEST(dynamic_inputs_live_until_they_are_forgotten)
{
    append("a", "");
    append("b", "");
    inputs_add(inputs, B("a"), B("-"), B("ONE"));
    inputs_add(inputs, B("b"), B("-"), B("TWO"));
    open_inputs("b", -1);
    ck_assert(logged("Dynamic input file b has been provided in command line and is no longer "
                     "regarded dynamic\n"));
    ck_assert_str_eq(inputs_find(inputs, B("a"))->source.context.ptr, "ONE");
    ck_assert_str_eq(inputs_find(inputs, B("b"))->source.context.ptr, "_FILE_EVENT_b");
    inputs_forget_dynamic(inputs);
    open_inputs("b", -1);
    ck_assert_uint_eq(inputs_count(inputs), 1);
}
END_TEST

START_TEST(idle_inputs_need_no_wake_up_for_long)
{
    ck_assert_int_eq(mkfifo("f", 0600), 0);
    append("a", "");
    open_inputs("a f", -1);
    settle();
    ck_assert_int_gt(feed_wait_limit(feed), 500);
    options.tail = false;
    int fd = pipe_to_stdin();
    open_inputs("-", -1);
    settle();
    ck_assert_int_eq(feed_wait_limit(feed), -1);
    close(fd);
}
END_TEST

START_TEST(a_quiet_file_is_heard_beside_a_busy_one)
{
    append("a", "");
    append("q", "");
    for (int i = 0; i < 2000; i++)
        append("a", "many many many many many many many many many many many many many lines\n");
    open_inputs("a q", 0);
    for (int i = 0; i < 20; i++)
        ck_assert_int_eq(next()[0], 'a');
    append("q", "here\n");
    usleep(SHORT * 1000); /* as if the lines took time to process */
    int lines = 0;
    while (next()[0] == 'a')
        lines++;
    ck_assert_int_lt(lines, 20); /* not only when the busy one has ended */
}
END_TEST

RUN_TESTS_AROUND("inputs", set_up, tear_down, lines_come_in_rounds_by_name,
                 the_unfinished_last_line_counts_without_tail,
                 what_is_appended_comes_and_what_was_there_does_not,
                 bytes_without_a_line_are_told_of,
                 a_recreated_file_is_read_from_its_start_after_the_rest_of_the_old,
                 a_removed_file_is_followed_until_another_takes_its_name,
                 a_truncated_file_is_read_from_its_start, a_fifo_is_reopened_when_its_writer_closes,
                 a_fifo_is_closed_for_good_without_tail, standard_input_is_read_to_its_end,
                 standard_input_may_be_a_file, a_line_longer_than_many_blocks_is_one_line,
                 what_came_to_two_inputs_between_lines_is_read_in_turn, any_byte_may_be_in_a_line,
                 a_small_blocksize_of_a_pipe_is_kept, opening_anew_drops_what_is_buffered,
                 keeping_open_keeps_what_is_buffered, contexts_of_patterns,
                 the_last_pattern_of_a_file_gives_its_context, unfit_files_are_refused,
                 a_missing_file_is_awaited_and_read_from_its_start,
                 silence_runs_the_script_once_and_a_line_once_more,
                 an_empty_file_is_left_alone_for_check_timeout_seconds,
                 inputs_are_added_and_dropped, an_offset_behind_the_end_means_the_end,
                 a_dropped_input_takes_its_queued_line_along,
                 a_line_stays_readable_when_its_input_is_dropped,
                 dynamic_inputs_live_until_they_are_forgotten, idle_inputs_need_no_wake_up_for_long,
                 a_quiet_file_is_heard_beside_a_busy_one)
