/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log: what reaches the file, when, and what the levels let through. */
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/log.h"

#define STAMP "Thu Jan  1 00:16:40 1970: "

struct fixture {
    char path[32];
    struct clock *clock;
    struct log *log;
    struct buf text; /* of the file, as last read */
};

/* Standard error is never a terminal here, wherever the tests run. */
static struct fixture begin(void)
{
    struct fixture f = {.path = "/tmp/check_log.XXXXXX"};
    setenv("TZ", "UTC", 1);
    int fd = mkstemp(f.path);
    ck_assert_int_ge(fd, 0);
    close(fd);
    int null = open("/dev/null", O_WRONLY);
    dup2(null, STDERR_FILENO);
    close(null);
    f.clock = clock_event(1000);
    f.log = log_new(f.clock);
    return f;
}

static void end(struct fixture *f)
{
    log_free(f->log);
    clock_free(f->clock);
    buf_free(&f->text);
    unlink(f->path);
}

static struct bytes file_text(struct fixture *f)
{
    buf_clear(&f->text);
    FILE *file = fopen(f->path, "rb");
    ck_assert_ptr_nonnull(file);
    size_t got;
    do {
        got = fread(buf_room(&f->text, 65536), 1, 65536, file);
        f->text.len += got;
    } while (got > 0);
    fclose(file);
    return buf_bytes(&f->text);
}

START_TEST(nothing_is_wanted_without_a_sink)
{
    struct fixture f = begin();
    ck_assert(!log_wants(f.log, LOG_WITHOUT_LEVEL));
    ck_assert(log_open_file(f.log, f.path));
    ck_assert(log_wants(f.log, LOG_DETAIL));
    log_close(f.log);
    ck_assert(!log_wants(f.log, LOG_WITHOUT_LEVEL));
    log_msg(f.log, LOG_CRITICAL, B("unseen"));
    ck_bytes_eq(file_text(&f), B(""));
    end(&f);
}
END_TEST

START_TEST(messages_are_joined_and_stamped)
{
    struct fixture f = begin();
    log_open_file(f.log, f.path);
    log_msg(f.log, LOG_WARN, B("Context '"), B("a\0b"), B("' does not exist"));
    log_msg(f.log, LOG_NOTE, B(""));
    log_flush(f.log);
    ck_bytes_eq(file_text(&f), B(STAMP "Context 'a\0b' does not exist\n" STAMP "\n"));
    end(&f);
}
END_TEST

START_TEST(the_level_holds_back_what_is_above_it)
{
    struct fixture f = begin();
    log_open_file(f.log, f.path);
    log_set_level(f.log, LOG_WARN);
    ck_assert_int_eq(log_level(f.log), LOG_WARN);
    ck_assert(log_wants(f.log, LOG_WARN));
    ck_assert(!log_wants(f.log, LOG_NOTE));
    log_msg(f.log, LOG_NOTE, B("no"));
    log_msg(f.log, LOG_WITHOUT_LEVEL, B("yes"));
    log_flush(f.log);
    ck_bytes_eq(file_text(&f), B(STAMP "yes\n"));
    end(&f);
}
END_TEST

START_TEST(the_file_is_written_when_flushed_or_closed)
{
    struct fixture f = begin();
    log_open_file(f.log, f.path);
    log_msg(f.log, LOG_NOTE, B("one"));
    ck_bytes_eq(file_text(&f), B(""));
    log_flush(f.log);
    ck_bytes_eq(file_text(&f), B(STAMP "one\n"));
    log_msg(f.log, LOG_NOTE, B("two"));
    log_close(f.log);
    ck_bytes_eq(file_text(&f), B(STAMP "one\n" STAMP "two\n"));
    end(&f);
}
END_TEST

START_TEST(batches_end_between_lines)
{
    struct fixture f = begin();
    log_open_file(f.log, f.path);
    char filler[1000];
    memset(filler, 'x', sizeof(filler));
    for (int i = 0; i < 65; i++)
        log_msg(f.log, LOG_NOTE, bytes_make(filler, sizeof(filler)));
    struct bytes text = file_text(&f);
    ck_assert_uint_gt(text.len, 32 * 1024);
    ck_assert_uint_le(text.len, 64 * 1024);
    ck_assert_int_eq(text.ptr[text.len - 1], '\n');
    log_flush(f.log);
    ck_assert_uint_eq(file_text(&f).len, 65 * (strlen(STAMP) + sizeof(filler) + 1));
    end(&f);
}
END_TEST

START_TEST(a_message_longer_than_a_batch_comes_whole_and_in_its_turn)
{
    struct fixture f = begin();
    log_open_file(f.log, f.path);
    size_t len = 1000000;
    char *filler = memset(malloc(len), 'x', len);
    log_msg(f.log, LOG_NOTE, B("before"));
    log_msg(f.log, LOG_NOTE, B("a"), bytes_make(filler, len), B("z"));
    log_msg(f.log, LOG_NOTE, B("after"));
    log_flush(f.log);
    struct buf want = {0};
    buf_cat(&want, B(STAMP "before\n" STAMP "a"), bytes_make(filler, len),
            B("z\n" STAMP "after\n"));
    ck_assert(bytes_eq(file_text(&f), buf_bytes(&want)));
    buf_free(&want);
    free(filler);
    end(&f);
}
END_TEST

START_TEST(the_file_is_appended_to)
{
    struct fixture f = begin();
    log_open_file(f.log, f.path);
    log_msg(f.log, LOG_NOTE, B("one"));
    log_open_file(f.log, f.path);
    log_msg(f.log, LOG_NOTE, B("two"));
    log_flush(f.log);
    ck_bytes_eq(file_text(&f), B(STAMP "one\n" STAMP "two\n"));
    end(&f);
}
END_TEST

START_TEST(a_file_that_cannot_be_opened_is_reported_and_not_fatal)
{
    struct fixture f = begin();
    FILE *errors = tmpfile();
    dup2(fileno(errors), STDERR_FILENO);
    ck_assert(!log_open_file(f.log, "/nonexistent/log"));
    ck_assert(!log_wants(f.log, LOG_CRITICAL));
    fflush(stderr);
    char text[200] = "";
    rewind(errors);
    ck_assert_ptr_nonnull(fgets(text, sizeof(text), errors));
    ck_assert_str_eq(text, "Can't open logfile /nonexistent/log (No such file or directory)\n");
    fclose(errors);
    end(&f);
}
END_TEST

START_TEST(a_full_disk_is_not_fatal)
{
    struct fixture f = begin();
    ck_assert(log_open_file(f.log, "/dev/full"));
    log_msg(f.log, LOG_NOTE, B("lost"));
    log_flush(f.log);
    ck_assert(log_open_file(f.log, f.path));
    log_msg(f.log, LOG_NOTE, B("kept"));
    log_flush(f.log);
    ck_bytes_eq(file_text(&f), B(STAMP "kept\n"));
    end(&f);
}
END_TEST

/* A FIFO in the log's place; once its reader is closed it takes nothing, like a full disk. */
static struct fixture begin_with_fifo(int *reader)
{
    struct fixture f = begin();
    signal(SIGPIPE, SIG_IGN);
    unlink(f.path);
    ck_assert_int_eq(mkfifo(f.path, 0600), 0);
    *reader = open(f.path, O_RDONLY | O_NONBLOCK);
    ck_assert(log_open_file(f.log, f.path));
    return f;
}

START_TEST(what_the_file_did_not_take_is_kept_for_later)
{
    int reader;
    struct fixture f = begin_with_fifo(&reader);
    log_msg(f.log, LOG_NOTE, B("one"));
    close(reader);
    log_flush(f.log);
    log_msg(f.log, LOG_NOTE, B("two"));
    log_flush(f.log);
    reader = open(f.path, O_RDONLY | O_NONBLOCK);
    log_msg(f.log, LOG_NOTE, B("three"));
    log_flush(f.log);
    char text[200];
    ssize_t len = read(reader, text, sizeof(text));
    ck_bytes_eq(bytes_make(text, len > 0 ? (size_t)len : 0),
                B(STAMP "one\n" STAMP "two\n" STAMP "three\n"));
    close(reader);
    end(&f);
}
END_TEST

/* What is kept has a limit; what is given up is whole lines, and the file says how many. */
START_TEST(a_file_that_takes_nothing_for_long_loses_new_messages)
{
    int reader;
    struct fixture f = begin_with_fifo(&reader);
    close(reader);
    static char large[100000], text[100000];
    memset(large, 'x', sizeof(large));
    log_msg(f.log, LOG_NOTE, B("first"));
    log_msg(f.log, LOG_NOTE, bytes_make(large, sizeof(large)));
    for (int i = 0; i < 10000; i++)
        log_msg(f.log, LOG_NOTE, B("more"));
    reader = open(f.path, O_RDONLY | O_NONBLOCK);
    log_flush(f.log);
    ssize_t len = read(reader, text, sizeof(text));
    ck_assert_int_gt(len, 1000);
    struct bytes begin = B(STAMP "first\n" STAMP "1 log message(s) lost here: ");
    ck_bytes_eq(bytes_make(text, begin.len), begin);
    ck_assert_int_eq(text[len - 1], '\n');
    log_msg(f.log, LOG_NOTE, B("now"));
    log_flush(f.log);
    len = read(reader, text, sizeof(text));
    struct bytes all = bytes_make(text, len > 0 ? (size_t)len : 0);
    ck_assert(bytes_find(all, B(" log message(s) lost here: "), 0) > 0);
    ck_assert(bytes_find(all, B("\n" STAMP "now\n"), 0) > 0);
    close(reader);
    end(&f);
}
END_TEST

START_TEST(blanks_around_the_name_are_no_part_of_it)
{
    struct fixture f = begin();
    char spaced[40];
    snprintf(spaced, sizeof(spaced), " %s ", f.path);
    ck_assert(log_open_file(f.log, spaced));
    log_msg(f.log, LOG_NOTE, B("here"));
    log_flush(f.log);
    ck_bytes_eq(file_text(&f), B(STAMP "here\n"));
    end(&f);
}
END_TEST

START_TEST(a_dash_is_the_standard_output)
{
    struct fixture f = begin();
    int saved = dup(STDOUT_FILENO);
    int file = open(f.path, O_WRONLY);
    dup2(file, STDOUT_FILENO);
    close(file);
    ck_assert(log_open_file(f.log, "-"));
    log_msg(f.log, LOG_NOTE, B("out"));
    log_close(f.log);
    ck_assert_int_eq(fcntl(STDOUT_FILENO, F_GETFD), 0); /* still open */
    dup2(saved, STDOUT_FILENO);
    close(saved);
    ck_bytes_eq(file_text(&f), B(STAMP "out\n"));
    end(&f);
}
END_TEST

START_TEST(a_terminal_gets_messages_without_a_stamp)
{
    struct fixture f = begin();
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    ck_assert(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    int terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
    ck_assert_int_ge(terminal, 0);
    dup2(terminal, STDERR_FILENO);
    ck_assert(!log_wants(f.log, LOG_WITHOUT_LEVEL)); /* not looked at yet */
    log_set_level(f.log, LOG_NOTE);
    ck_assert(log_wants(f.log, LOG_NOTE));
    log_msg(f.log, LOG_NOTE, B("to "), B("see"));
    char text[40];
    size_t len = 0;
    ssize_t got = 1;
    while (got > 0 && (len == 0 || text[len - 1] != '\n')) { /* it may come in pieces */
        got = read(master, text + len, sizeof(text) - len);
        len += got > 0 ? (size_t)got : 0;
    }
    ck_bytes_eq(bytes_make(text, len), B("to see\r\n"));
    close(terminal);
    end(&f);
    close(master);
}
END_TEST

START_TEST(facilities_are_named_as_perls_syslog_names_them)
{
    struct fixture f = begin();
    const char *const known[] = {"daemon", "LOCAL0", "Log_Local7", "log_kern", "24", "ntp"};
    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
        ck_assert(log_open_syslog(f.log, "/usr/bin/secant", known[i]));
        ck_assert(log_wants(f.log, LOG_DETAIL));
    }
    const char *const unknown[] = {"nosuch", "", "LOG_", "local8", "9999"};
    for (size_t i = 0; i < sizeof(unknown) / sizeof(*unknown); i++) {
        ck_assert(!log_open_syslog(f.log, "/usr/bin/secant", unknown[i]));
        ck_assert(!log_wants(f.log, LOG_CRITICAL));
    }
    end(&f);
}
END_TEST

RUN_TESTS("log", nothing_is_wanted_without_a_sink, messages_are_joined_and_stamped,
          the_level_holds_back_what_is_above_it, the_file_is_written_when_flushed_or_closed,
          batches_end_between_lines, a_message_longer_than_a_batch_comes_whole_and_in_its_turn,
          the_file_is_appended_to, a_file_that_cannot_be_opened_is_reported_and_not_fatal,
          a_full_disk_is_not_fatal, what_the_file_did_not_take_is_kept_for_later,
          a_file_that_takes_nothing_for_long_loses_new_messages,
          blanks_around_the_name_are_no_part_of_it, a_dash_is_the_standard_output,
          a_terminal_gets_messages_without_a_stamp, facilities_are_named_as_perls_syslog_names_them)
