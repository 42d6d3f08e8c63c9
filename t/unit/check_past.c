/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Places of inputs: what an earlier run has read is found again, and read once more. */
#include "inputs.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/past.h"

static struct input_place place;
static char name[10];

/* Where the input is now; the place outlives it. */
static void take_place(const char *of)
{
    input_place_now(inputs_find(inputs, bytes_of(of)), &place);
    snprintf(name, sizeof(name), "%s", of);
    place.name = bytes_of(name);
    place.context = place.pattern = (struct bytes){0};
}

static void read_to(const char *line)
{
    open_inputs("a", 0);
    while (strcmp(next(), line) != 0)
        ck_assert_uint_gt(inputs_count_open(inputs), 0);
    take_place("a");
}

static void ck_past(const char *text)
{
    struct input_place end = place;
    struct buf why = {0};
    struct bytes bytes;
    struct past *past = past_open(&place, &why);
    ck_assert_msg(past, "%.*s", (int)why.len, why.ptr);
    ck_assert(past_read(past, strlen(text), &bytes));
    ck_assert(bytes_eq(bytes, bytes_of(text)));
    ck_assert(past_read(past, 0, &bytes));
    ck_assert(!past_read(past, 1, &bytes));
    ck_assert_uint_eq(bytes.len, 0);
    ck_assert(!past_read(past, SIZE_MAX, &bytes)); /* what untrusted entries ask for */
    past_place(past, &end);
    past_close(past);
    ck_assert_uint_eq(end.offset, place.offset + strlen(text));
    ck_assert(past = past_open(&end, &why));
    ck_assert(!past_read(past, 1, &bytes));
    past_close(past);
}

static void ck_no_past(const char *reason)
{
    struct buf why = {0};
    ck_assert_ptr_null(past_open(&place, &why));
    ck_assert(bytes_eq(buf_bytes(&why), bytes_of(reason)));
    buf_free(&why);
}

START_TEST(a_place_says_where_the_line_given_last_ended)
{
    append("a", "one\ntwo\nthree\n");
    read_to("a:two");
    struct stat status;
    ck_assert_int_eq(stat("a", &status), 0);
    input_place_now(inputs_at(inputs, 0), &place);
    ck_assert(bytes_eq(place.name, B("a")) && bytes_eq(place.pattern, B("a")));
    ck_assert(bytes_eq(place.context, B("_FILE_EVENT_a")));
    ck_assert(place.device == status.st_dev && place.inode == status.st_ino);
    ck_assert_uint_eq(place.offset, 8);
    ck_assert(file_mark_fits(place.head, B("one\ntwo\nthree\n")));
    ck_assert(file_mark_fits(place.tail, B("one\ntwo\n")));
    ck_assert(place.open && !place.dynamic && !place.pipe);
    ck_assert_int_eq(place.second, START);
}
END_TEST

START_TEST(what_follows_is_read_again)
{
    append("a", "one\ntwo\nthree\n");
    read_to("a:one");
    ck_past("two\nthree\n");
}
END_TEST

START_TEST(under_another_name)
{
    append("a", "one\ntwo\n");
    read_to("a:one");
    ck_assert_int_eq(rename("a", "b"), 0);
    append("a", "other\n");
    ck_past("two\n");
}
END_TEST

/* Marks are made of what was read, and of what stood before: however it was read. */
START_TEST(at_each_line_of_a_large_file)
{
    enum { LINES = 20000 };
    FILE *file = fopen("a", "w");
    for (int i = 0; i < LINES; i++)
        fprintf(file, "line %d %.*s\n", i, i % 90, "..........................................");
    fclose(file);
    open_inputs("a", 1234);
    for (bool last = false; !last;) {
        last = strstr(next(), "line 19999 ") != NULL;
        take_place("a");
        struct buf why = {0};
        ck_assert_uint_eq(place.head.len, FILE_HEAD);
        ck_assert_uint_eq(place.tail.len, FILE_TAIL);
        struct past *past = past_open(&place, &why);
        ck_assert_msg(past, "at %llu", (unsigned long long)place.offset);
        past_close(past);
    }
    ck_assert_uint_gt(place.offset, 300000);
}
END_TEST

/* Renames as logrotate does, without an end. */
static void rotate_for_ever(void)
{
    for (unsigned i = 0;; i++) {
        char text[16];
        snprintf(text, sizeof(text), "%09u\n", i);
        rename("a.1", "a.2");
        rename("a", "a.1");
        int fd = open("a", O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (fd < 0 || write(fd, text, strlen(text)) < 0)
            _exit(1);
        close(fd);
    }
}

/* Another file may get the name between the look at it and its opening. */
START_TEST(what_is_opened_is_what_was_found)
{
    struct buf why = {0};
    unsigned found = 0;
    pid_t child = fork();
    if (child == 0)
        rotate_for_ever();
    place = (struct input_place){.name = B("a")};
    for (unsigned i = 0; i < 5000 || found < 100; i++) {
        char text[11] = "";
        struct bytes bytes;
        struct stat status;
        int fd = open("a", O_RDONLY);
        if (fd < 0)
            continue;
        ck_assert_int_eq(fstat(fd, &status), 0);
        place.device = status.st_dev;
        place.inode = status.st_ino;
        bool whole = read(fd, text, 10) == 10;
        struct past *past = whole ? past_open(&place, &why) : NULL;
        if (past && past_read(past, 10, &bytes)) {
            ck_assert_msg(bytes_eq(bytes, bytes_of(text)), "%s but %.*s", text, (int)bytes.len,
                          bytes.ptr);
            found++;
        }
        past_close(past);
        close(fd);
    }
    ck_assert_int_eq(kill(child, SIGKILL), 0);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    buf_free(&why);
}
END_TEST

START_TEST(another_file_is_not_taken_for_it)
{
    append("a", "one\ntwo\nthree\n");
    read_to("a:two");
    ck_assert_int_eq(truncate("a", 0), 0);
    append("a", "1\n2\n3\n4\n5\n6\n7\n");
    ck_no_past("the file has begun anew");
    ck_assert_int_eq(truncate("a", 3), 0);
    ck_no_past("the file has begun anew");
    ck_assert_int_eq(unlink("a"), 0);
    ck_no_past("the file is no longer in its folder");
    place.pipe = true;
    ck_no_past("it was no file");
}
END_TEST

static struct buf heard;

static void hear_taking(void *arg, struct input *input)
{
    int left = -1;
    (void)arg;
    ck_assert_int_eq(ioctl(input->fd, FIONREAD, &left), 0);
    ck_assert_int_eq(left, 0);
    buf_cat(&heard, B("<"), input->source.name, B(" taken>"));
}

static void hear_arrival(void *arg, struct input *input, struct bytes bytes)
{
    (void)arg;
    buf_cat(&heard, B("<"), input->source.name, B(":"), bytes, B(">"));
}

static struct input_place opened;

static void hear_opening(void *arg, struct input *input, uint64_t from_byte,
                         const struct input_place *at)
{
    (void)arg;
    opened = *at;
    buf_cat(&heard, input->source.name, B("@"), NUM(from_byte), B("="), NUM(at->offset), B(" "));
}

static void ck_heard(const char *text)
{
    ck_assert_msg(bytes_eq(buf_bytes(&heard), bytes_of(text)), "%.*s", (int)heard.len, heard.ptr);
    buf_free(&heard);
}

START_TEST(bytes_of_pipes_are_heard_before_their_lines)
{
    int fd = pipe_to_stdin();
    append("a", "file\n");
    inputs_on_arrival(inputs, hear_arrival, hear_taking, NULL);
    put(fd, "one\ntwo");
    open_inputs("- a", 0);
    ck_assert_str_eq(next(), "-:one");
    ck_heard("<-:one\ntwo>");
    ck_assert_str_eq(next(), "a:file");
    put(fd, "\n");
    ck_assert_str_eq(next(), "-:two");
    ck_heard("<-:\n>");
    take_place("-");
    ck_assert(place.pipe && place.offset == 8);
    ck_no_past("it was no file");
}
END_TEST

START_TEST(bytes_of_a_fifo_stay_in_it_until_they_were_heard)
{
    char room[16];
    ck_assert_int_eq(mkfifo("f", 0600), 0);
    int fd = open("f", O_RDWR | O_NONBLOCK);
    inputs_on_arrival(inputs, hear_arrival, hear_taking, NULL);
    open_inputs("f", 0);
    put(fd, "one\ntwo\n");
    ck_assert_str_eq(next(), "f:one");
    ck_heard("<f:one\ntwo\n><f taken>");
    ck_assert_int_lt(read(fd, room, sizeof(room)), 0);
    put(fd, "one\ntwo\nmore\n");
    struct input *input = inputs_find(inputs, B("f"));
    ck_assert(!input_take_again(input, B("two\n")));
    ck_assert(input_take_again(input, B("one\ntwo\n")));
    ck_assert_int_eq(read(fd, room, sizeof(room)), 5);
    close(fd);
}
END_TEST

/* The pipe itself may be no more, or a file have its name. */
START_TEST(bytes_that_are_put_back_come_first)
{
    inputs_on_arrival(inputs, hear_arrival, hear_taking, NULL);
    open_inputs("f", 0);
    input_put_back(inputs_find(inputs, B("f")), B("one\ntwo\nthree"));
    ck_assert_str_eq(next(), "f:one");
    append("a", "four\nfive\n");
    open_inputs("a", 0);
    input_put_back(inputs_find(inputs, B("a")), B("one\ntwo\nthree "));
    ck_assert_str_eq(next(), "a:one");
    take_place("a");
    ck_assert(place.pipe && place.offset == 4);
    ck_assert_str_eq(next(), "a:two");
    ck_assert_str_eq(next(), "a:three four");
    take_place("a");
    ck_past("five\n");
}
END_TEST

START_TEST(openings_are_heard)
{
    append("a", "one\ntwo\n");
    append("b", "x\n");
    inputs_on_opening(inputs, hear_opening, NULL);
    open_inputs("a b", -1);
    ck_heard("a@0=8 b@0=2 ");
    append("a", "three\n");
    ck_assert_str_eq(next(), "a:three");
    settle();
    ck_assert_int_eq(rename("a", "a.1"), 0);
    append("a", "four\n");
    ck_assert_str_eq(next(), "a:four");
    ck_heard("a@0=8 a@6=0 "); /* the first one again, with more of its first bytes */
}
END_TEST

/* Nobody looks at names all the time. */
START_TEST(files_that_had_the_name_between_two_looks_are_read)
{
    append("a", "one\n");
    inputs_on_opening(inputs, hear_opening, NULL);
    open_inputs("a", 0);
    ck_assert_str_eq(next(), "a:one");
    append("a", "two\n");
    ck_assert_int_eq(rename("a", "a.2"), 0);
    append("a.1", "three\n");
    append("a", "four\n");
    ck_assert_str_eq(next(), "a:two");
    ck_assert_str_eq(next(), "a:three");
    ck_assert_int_eq(rename("a.2", "a.4"), 0);
    ck_assert_int_eq(rename("a.1", "a.3"), 0);
    ck_assert_int_eq(rename("a", "a.2"), 0);
    append("a.1", "five\n");
    ck_assert_int_eq(system("gzip a.1"), 0);
    append("a", "six\n");
    ck_assert_str_eq(next(), "a:four");
    ck_assert_str_eq(next(), "a:five");
    ck_assert_str_eq(next(), "a:six");
    buf_free(&heard);
}
END_TEST

/* By which it is found when it is compressed before anything else is known of it. */
START_TEST(they_are_heard_again_with_the_first_bytes)
{
    append("a", "");
    inputs_on_opening(inputs, hear_opening, NULL);
    open_inputs("a", 0);
    ck_heard("a@0=0 ");
    append("a", "one\n");
    ck_assert_str_eq(next(), "a:one");
    ck_heard("a@0=0 ");
    ck_assert(file_mark_fits(opened.head, B("one\n")));
    append("a", "two\nthree\n");
    ck_assert_int_eq(system("gzip -c a > a.1.gz; rm a"), 0);
    place = opened;
    place.name = B("a");
    ck_past("one\ntwo\nthree\n");
}
END_TEST

START_TEST(standard_input_that_is_a_file)
{
    append("a", "one\ntwo\nthree\n");
    int fd = open("a", O_RDONLY);
    ck_assert_int_eq(dup2(fd, 0), 0);
    close(fd);
    inputs_on_arrival(inputs, hear_arrival, hear_taking, NULL);
    open_inputs("-", 0);
    ck_assert_str_eq(next(), "-:one");
    ck_heard("");
    take_place("-");
    ck_past("two\nthree\n");
    pipe_to_stdin();
    ck_no_past("standard input is not that file");
}
END_TEST

RUN_TESTS_AROUND("past", set_up, tear_down, bytes_of_a_fifo_stay_in_it_until_they_were_heard,
                 bytes_that_are_put_back_come_first, a_place_says_where_the_line_given_last_ended,
                 what_follows_is_read_again, under_another_name, at_each_line_of_a_large_file,
                 another_file_is_not_taken_for_it, what_is_opened_is_what_was_found,
                 bytes_of_pipes_are_heard_before_their_lines, openings_are_heard,
                 files_that_had_the_name_between_two_looks_are_read,
                 they_are_heard_again_with_the_first_bytes, standard_input_that_is_a_file)
