/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Output files get what is written, in order, and failures are reported per event. */
#include "unit.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/output.h"
static char directory[] = "/tmp/check_output.XXXXXX";
static struct clock *clock_;
static struct log *log_;
static struct outputs *outputs;
static int saved_stdout, perl_flushes;

/* Stands for Perl's buffer of standard output. */
static char perl_buffer[100];
static bool perl_is_unbuffered;

static void flush_stdio(void)
{
    perl_flushes++;
    size_t len = strlen(perl_buffer);
    ck_assert_int_eq(write(1, perl_buffer, len), (ssize_t)len);
    perl_buffer[0] = '\0';
}

static void unbuffer_stdio(void)
{
    perl_is_unbuffered = true;
}

static int stdout_fileno(void)
{
    return STDOUT_FILENO;
}

static bool print_failed(void)
{
    return false;
}

static void keep_failed(struct bytes text)
{
    ck_abort_msg("a print failed: %.*s", (int)text.len, text.ptr);
}

static const struct output_perl perls_stdout = {flush_stdio, unbuffer_stdio, stdout_fileno,
                                                print_failed, keep_failed};

static void perl_print(const char *text)
{
    outputs_flush(outputs); /* as before all Perl code */
    strcat(perl_buffer, text);
    if (perl_is_unbuffered)
        flush_stdio();
}

static void set_up(void)
{
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(chdir(directory), 0);
    clock_ = clock_event(0);
    log_ = log_new(clock_);
    ck_assert(log_open_file(log_, "messages"));
    outputs = outputs_new(log_, &perls_stdout, NULL);
    saved_stdout = dup(1);
    int fd = open("stdout", O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(fd, 1);
    close(fd);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

static void tear_down(void)
{
    outputs_free(outputs);
    log_free(log_);
    clock_free(clock_);
    dup2(saved_stdout, 1);
    ck_assert_int_eq(chdir("/"), 0);
    char command[100];
    snprintf(command, sizeof(command), "rm -r %s", directory);
    ck_assert_int_eq(system(command), 0);
}

static const char *content(const char *path)
{
    static char text[2000];
    FILE *file = fopen(path, "r");
    if (!file)
        return "(no file)";
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    return text;
}

static bool logged(const char *text)
{
    log_flush(log_);
    return strstr(content("messages"), text) != NULL;
}

static void put(const char *file, const char *event)
{
    outputs_write(outputs, bytes_of(file), bytes_of(event), true);
}

START_TEST(events_are_appended)
{
    put("f", "one");
    outputs_write(outputs, B("f"), B("two"), false);
    put("f", "");
    outputs_flush(outputs);
    ck_assert_str_eq(content("f"), "one\ntwo\n");
    put("f", "three");
    outputs_close(outputs, B("f"));
    put("f", "four");
    outputs_close_all(outputs);
    ck_assert_str_eq(content("f"), "one\ntwo\nthree\nfour\n");
    ck_assert(logged("Writing event 'one' to file 'f'\n"));
    ck_assert(logged("Closing file 'f'\n"));
}
END_TEST

START_TEST(a_file_is_created_by_its_first_event_even_an_empty_one)
{
    umask(027);
    outputs_write(outputs, B("f"), B(""), false);
    struct stat status;
    ck_assert_int_eq(stat("f", &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0640);
}
END_TEST

START_TEST(much_is_written_without_a_flush)
{
    for (int i = 0; i < 7000; i++)
        put("f", "ten bytes");
    struct stat status;
    ck_assert_int_eq(stat("f", &status), 0);
    ck_assert_int_ge(status.st_size, 64 * 1024);
    outputs_close(outputs, B("f"));
    ck_assert_int_eq(stat("f", &status), 0);
    ck_assert_int_eq(status.st_size, 70000);
}
END_TEST

START_TEST(a_file_that_cannot_be_opened_is_reported_at_once)
{
    put("missing/f", "one");
    ck_assert(
        logged("Can't open 'missing/f' for writing event 'one' (No such file or directory)\n"));
    put("/dev/null", "two");
    ck_assert(logged("Can't write event 'two' to file '/dev/null' (not a regular file or pipe)\n"));
    outputs_write_once(outputs, B("."), B("three"));
    ck_assert(logged("Can't write event 'three' to file '.' (not a regular file or pipe)\n"));
    put("", "four");
    ck_assert(logged("Can't open '' for writing event 'four' (No such file or directory)\n"));
    outputs_close(outputs, B("missing/f"));
    ck_assert(logged("File 'missing/f' is not open, can't close\n"));
}
END_TEST

static void limit_files(rlim_t size)
{
    struct rlimit limit = {size, size};
    log_flush(log_);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* No log file can grow under the limit: the tests look at the files alone. */
START_TEST(a_full_disk_takes_what_fits)
{
    put("f", "aaaa");
    put("f", "bbbb");
    put("f", "cccc");
    put("f", "d");
    limit_files(12);
    outputs_flush(outputs);
    ck_assert_str_eq(content("f"), "aaaa\nbbbb\ncc");
    ck_assert_int_eq(truncate("f", 0), 0);
    put("f", "eeee");
    outputs_flush(outputs); /* the file was opened again */
    ck_assert_str_eq(content("f"), "eeee\n");
}
END_TEST

START_TEST(a_failed_batch_is_reported_per_event)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    dup2(ends[1], 1);
    close(ends[1]);
    put("-", "zero");
    put("-", "one");
    put("-", "two");
    close(ends[0]);
    outputs_flush(outputs);
    ck_assert(logged("Error when writing event 'one' to '-' (Broken pipe)\n"));
    ck_assert(logged("Error when writing event 'two' to '-' (Broken pipe)\n"));
    outputs_close(outputs, B("-"));
    ck_assert(logged("File '-' is not open, can't close\n"));
}
END_TEST

/* Stands for user code that takes the log's messages: before it runs, all outputs are flushed. */
static void take_message(void *arg, int level, struct bytes message)
{
    int *failures = arg;
    (void)level;
    *failures += bytes_starts(message, B("Error when writing event"));
    outputs_flush(outputs);
}

START_TEST(reports_may_flush_all_outputs)
{
    int failures = 0;
    ck_assert_int_eq(mkfifo("a", 0600), 0);
    ck_assert_int_eq(mkfifo("b", 0600), 0);
    int first = open("a", O_RDONLY | O_NONBLOCK), second = open("b", O_RDONLY | O_NONBLOCK);
    put("a", "one");
    put("b", "two");
    close(first);
    close(second);
    log_redirect(log_, take_message, &failures);
    put("a", "three");
    put("b", "four");
    log_redirect(log_, NULL, NULL);
    ck_assert_int_eq(failures, 2);
}
END_TEST

/* The output after the one that is being flushed goes meanwhile. */
START_TEST(reports_may_drop_another_output)
{
    int failures = 0, ends[2];
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY}, full = {4, RLIM_INFINITY};
    put("a", "one");
    put("a", "two");
    ck_assert_int_eq(pipe(ends), 0);
    dup2(ends[1], 1);
    close(ends[1]);
    put("-", "three");
    put("-", "four");
    close(ends[0]);
    log_redirect(log_, take_message, &failures);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &full), 0);
    outputs_flush(outputs);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    log_redirect(log_, NULL, NULL);
    ck_assert_int_eq(failures, 1); /* what is reported meanwhile goes to the log itself */
    ck_assert_str_eq(content("a"), "one\n");
    outputs_close(outputs, B("-"));
    ck_assert(logged("File '-' is not open, can't close\n"));
}
END_TEST

START_TEST(a_terminal_is_written_to_at_once)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    ck_assert(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    int terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
    dup2(terminal, 1);
    close(terminal);
    put("-", "one");
    put("-", "two");
    /* The kernel hands a terminal's output over in its own time. */
    const char *expected = "one\r\ntwo\r\n";
    char text[40] = "";
    struct pollfd ready = {.fd = master, .events = POLLIN};
    for (size_t len = 0; len < strlen(expected) && poll(&ready, 1, 10000) > 0;) {
        ssize_t got = read(master, text + len, sizeof(text) - 1 - len);
        ck_assert_int_gt(got, 0);
        len += (size_t)got;
    }
    ck_assert_str_eq(text, expected);
    close(master);
}
END_TEST

START_TEST(an_output_that_never_worked_is_reported_at_once)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    dup2(ends[1], 1);
    close(ends[0]);
    put("-", "one");
    ck_assert(logged("Error when writing event 'one' to '-' (Broken pipe)\n"));
    put("-", "two");
    ck_assert(logged("Error when writing event 'two' to '-' (Broken pipe)\n"));
}
END_TEST

START_TEST(what_failed_is_reported_before_the_closing)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    dup2(ends[1], 1);
    put("-", "zero");
    put("-", "one");
    close(ends[0]);
    outputs_close(outputs, B("-"));
    ck_assert(logged("' to '-' (Broken pipe)\n"
                     "Thu Jan  1 00:00:00 1970: Closing file '-'\n"));
}
END_TEST

START_TEST(a_fifo_without_reader_loses_the_event)
{
    ck_assert_int_eq(mkfifo("fifo", 0600), 0);
    put("fifo", "one");
    ck_assert(logged("Can't open 'fifo' for writing event 'one' (No such device or address)\n"));
    int fd = open("fifo", O_RDONLY | O_NONBLOCK);
    put("fifo", "two");
    char text[10] = "";
    ck_assert_int_eq(read(fd, text, sizeof(text)), 4); /* without a flush */
    close(fd);
    put("fifo", "three");
    ck_assert(logged("Error when writing event 'three' to 'fifo' (Broken pipe)\n"));
}
END_TEST

START_TEST(a_full_fifo_loses_what_does_not_fit)
{
    static char large[100000];
    memset(large, 'x', sizeof(large) - 1);
    ck_assert_int_eq(mkfifo("fifo", 0600), 0);
    int fd = open("fifo", O_RDONLY | O_NONBLOCK);
    put("fifo", large);
    put("fifo", "two");
    log_flush(log_);
    ck_assert_int_eq(system("grep -q ' bytes of .xx*. written to .fifo.$' messages"), 0);
    ck_assert_int_eq(system("grep -q 'two. to .fifo. (Resource temporarily unavail' messages"), 0);
    close(fd);
}
END_TEST

START_TEST(owritecl_opens_and_closes_each_time)
{
    put("f", "one");
    outputs_write_once(outputs, B("f"), B("two\n"));
    put("f", "three");
    outputs_write_once(outputs, B("g"), B("alone"));
    outputs_flush(outputs);
    ck_assert_str_eq(content("f"), "one\ntwo\nthree\n");
    ck_assert_str_eq(content("g"), "alone");
}
END_TEST

START_TEST(a_file_of_two_names_keeps_its_order)
{
    put("f", "one");
    put("./f", "two");
    put("f", "three");
    put("./f", "four");
    outputs_write_once(outputs, B(".//f"), B("five\n"));
    put("stdout", "a");
    put("-", "b");
    put("stdout", "c");
    outputs_flush(outputs);
    ck_assert_str_eq(content("f"), "one\ntwo\nthree\nfour\nfive\n");
    ck_assert_str_eq(content("stdout"), "a\nb\nc\n");
}
END_TEST

START_TEST(standard_output_overtakes_perl_once_it_is_open)
{
    perl_print("P1 ");
    outputs_write(outputs, B("-"), B("W1 "), false);
    perl_print("P2 ");
    outputs_write(outputs, B("-"), B("W2 "), false);
    perl_print("P3 ");
    outputs_flush(outputs);
    flush_stdio(); /* the end of the program */
    ck_assert_str_eq(content("stdout"), "P1 W1 W2 P2 P3 ");
}
END_TEST

START_TEST(perl_is_unbuffered_after_a_print)
{
    outputs_write(outputs, B("-"), B("W1 "), false);
    perl_print("P1 ");
    outputs_write(outputs, B("-"), B("W2 "), false);
    outputs_print(outputs, B("R1 "));
    perl_print("P2 ");
    outputs_write(outputs, B("-"), B("W3 "), false);
    outputs_write_once(outputs, B("-"), B("O1 "));
    perl_print("P3 ");
    outputs_flush(outputs);
    ck_assert_str_eq(content("stdout"), "W1 W2 P1 R1 P2 W3 O1 P3 ");
}
END_TEST

RUN_TESTS_AROUND("output", set_up, tear_down, events_are_appended,
                 a_file_is_created_by_its_first_event_even_an_empty_one,
                 much_is_written_without_a_flush, a_file_that_cannot_be_opened_is_reported_at_once,
                 a_full_disk_takes_what_fits, a_failed_batch_is_reported_per_event,
                 reports_may_flush_all_outputs, reports_may_drop_another_output,
                 a_terminal_is_written_to_at_once, an_output_that_never_worked_is_reported_at_once,
                 what_failed_is_reported_before_the_closing, a_fifo_without_reader_loses_the_event,
                 a_full_fifo_loses_what_does_not_fit, owritecl_opens_and_closes_each_time,
                 a_file_of_two_names_keeps_its_order,
                 standard_output_overtakes_perl_once_it_is_open, perl_is_unbuffered_after_a_print)
