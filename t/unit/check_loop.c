/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loop notes what happens and its wait ends when it should. */
#include "base/monotonic.h"
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/loop.h"
enum { LONG = 20000, SHORT = 60 }; /* milliseconds: never reached, and long enough to be idle */

static char directory[] = "/tmp/check_loop.XXXXXX";
static struct loop *loop;

static void set_up(void)
{
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(chdir(directory), 0);
    loop = loop_new();
}

static void tear_down(void)
{
    loop_free(loop);
    ck_assert_int_eq(chdir("/"), 0);
    char command[100];
    snprintf(command, sizeof(command), "rm -r %s", directory);
    ck_assert_int_eq(system(command), 0);
}

static void count(void *arg)
{
    (*(int *)arg)++;
}

static void append(const char *path)
{
    FILE *file = fopen(path, "a");
    ck_assert_ptr_nonnull(file);
    fputs("text\n", file);
    fclose(file);
}

/* Waits for the next note; fails when none comes. */
static void expect_note(const int *notes, int before)
{
    loop_wait(loop, LONG);
    ck_assert_int_gt(*notes, before);
}

static void expect_silence(int *notes)
{
    loop_wait(loop, SHORT);
    *notes = 0;
    loop_wait(loop, SHORT);
    ck_assert_int_eq(*notes, 0);
}

/* That it was set cannot be tried; the timer that would tell of it is there and waits for it. */
START_TEST(the_clock_being_set_is_waited_for)
{
    int found = 0;
    for (int fd = 3; fd < 30; fd++) {
        char name[40], line[100];
        int timer = 0;
        snprintf(name, sizeof(name), "/proc/self/fdinfo/%d", fd);
        FILE *file = fopen(name, "r");
        while (file && fgets(line, sizeof(line), file)) {
            timer += strcmp(line, "clockid: 0\n") == 0;
            timer += strcmp(line, "settime flags: 03\n") == 0; /* absolute, cancelled when set */
        }
        if (file)
            fclose(file);
        found += timer == 2;
    }
    ck_assert_int_eq(found, 1);
    int notes = 0;
    expect_silence(&notes);
}
END_TEST

START_TEST(a_wait_ends_with_its_time)
{
    int64_t start = monotonic_ms();
    loop_wait(loop, 30);
    ck_assert_int_ge(monotonic_ms() - start, 30);
    loop_wait(loop, 0);
}
END_TEST

START_TEST(a_readable_pipe_is_noted_until_it_is_read)
{
    int ends[2], notes = 0;
    ck_assert_int_eq(pipe(ends), 0);
    struct watch *watch = watch_readable(loop, ends[0], count, &notes);
    loop_poll(loop);
    ck_assert_int_eq(notes, 0);
    ck_assert_int_eq(write(ends[1], "x", 1), 1);
    expect_note(&notes, 0);
    expect_note(&notes, 1);
    char byte;
    ck_assert_int_eq(read(ends[0], &byte, 1), 1);
    expect_silence(&notes);
    close(ends[1]);
    expect_note(&notes, 0); /* end of file */
    watch_free(watch);
    close(ends[0]);
}
END_TEST

START_TEST(watching_does_not_change_the_mode_of_a_descriptor)
{
    int ends[2], notes = 0;
    ck_assert_int_eq(pipe(ends), 0);
    struct watch *watch = watch_readable(loop, ends[0], count, &notes);
    loop_poll(loop);
    ck_assert_int_eq(fcntl(ends[0], F_GETFL) & O_NONBLOCK, 0);
    watch_free(watch);
    close(ends[0]);
    close(ends[1]);
}
END_TEST

START_TEST(a_writable_pipe_is_noted_when_it_has_room_or_no_reader)
{
    int ends[2], notes = 0;
    static char block[65536];
    ck_assert_int_eq(pipe2(ends, O_NONBLOCK), 0);
    while (write(ends[1], block, sizeof(block)) > 0)
        continue;
    struct watch *watch = watch_writable(loop, ends[1], count, &notes);
    loop_poll(loop);
    ck_assert_int_eq(notes, 0);
    ck_assert_int_gt(read(ends[0], block, sizeof(block)), 0);
    expect_note(&notes, 0);
    while (write(ends[1], block, sizeof(block)) > 0)
        continue;
    notes = 0;
    close(ends[0]);
    expect_note(&notes, 0);
    watch_free(watch);
    close(ends[1]);
}
END_TEST

START_TEST(what_is_always_ready_cannot_be_watched)
{
    int notes = 0, fd = open("/dev/null", O_RDONLY);
    ck_assert_ptr_null(watch_readable(loop, fd, count, &notes));
    close(fd);
    append("file");
    fd = open("file", O_RDONLY);
    ck_assert_ptr_null(watch_readable(loop, fd, count, &notes));
    close(fd);
}
END_TEST

START_TEST(changes_of_a_file_are_noted)
{
    int notes = 0;
    append("log");
    struct watch *watch = watch_path(loop, "log", count, &notes);
    expect_silence(&notes);
    append("log");
    expect_note(&notes, 0);
    expect_silence(&notes);
    ck_assert_int_eq(truncate("log", 0), 0);
    expect_note(&notes, 0);
    expect_silence(&notes);
    ck_assert_int_eq(rename("log", "log.1"), 0);
    expect_note(&notes, 0);
    expect_silence(&notes);
    append("log.1"); /* a writer that goes on with the old file */
    expect_note(&notes, 0);
    expect_silence(&notes);
    append("log");
    expect_note(&notes, 0);
    expect_silence(&notes);
    append("log");
    expect_note(&notes, 0);
    expect_silence(&notes);
    ck_assert_int_eq(unlink("log"), 0);
    expect_note(&notes, 0);
    watch_free(watch);
}
END_TEST

START_TEST(a_file_that_appears_is_noted)
{
    int notes = 0;
    char path[100];
    snprintf(path, sizeof(path), "%s/later", directory);
    struct watch *watch = watch_path(loop, path, count, &notes);
    expect_silence(&notes);
    append("later");
    expect_note(&notes, 0);
    expect_silence(&notes);
    append("later");
    expect_note(&notes, 0);
    watch_free(watch);
}
END_TEST

START_TEST(other_files_of_the_directory_wake_nobody)
{
    int notes = 0, others = 0;
    append("log");
    append("other");
    struct watch *watch = watch_path(loop, "log", count, &notes);
    expect_silence(&notes);
    append("other");
    ck_assert_int_eq(rename("other", "other.1"), 0);
    expect_silence(&notes);
    struct watch *other = watch_path(loop, "other.1", count, &others);
    append("other.1");
    expect_note(&others, 0);
    ck_assert_int_eq(notes, 0);
    watch_free(other); /* shares the directory's watch */
    ck_assert_int_eq(rename("log", "log.1"), 0);
    expect_note(&notes, 0);
    watch_free(watch);
}
END_TEST

START_TEST(a_link_is_followed)
{
    int notes = 0;
    ck_assert_int_eq(mkdir("real", 0755), 0);
    append("real/log");
    ck_assert_int_eq(symlink("real/log", "link"), 0);
    struct watch *watch = watch_path(loop, "link", count, &notes);
    expect_silence(&notes);
    append("real/log");
    expect_note(&notes, 0);
    watch_free(watch);
}
END_TEST

START_TEST(a_path_without_directory_is_looked_at_until_it_has_one)
{
    int notes = 0;
    struct watch *watch = watch_path(loop, "nowhere/log", count, &notes);
    expect_note(&notes, 0);
    expect_note(&notes, 1);
    ck_assert_int_eq(mkdir("nowhere", 0755), 0);
    expect_note(&notes, 2);
    expect_silence(&notes);
    append("nowhere/log");
    expect_note(&notes, 0);
    watch_free(watch);
}
END_TEST

START_TEST(a_directory_that_is_replaced_is_found_again)
{
    int notes = 0;
    ck_assert_int_eq(mkdir("folder", 0755), 0);
    struct watch *watch = watch_path(loop, "folder/log", count, &notes);
    expect_silence(&notes);
    ck_assert_int_eq(rename("folder", "old"), 0);
    ck_assert_int_eq(mkdir("folder", 0755), 0);
    expect_silence(&notes);
    append("folder/log");
    expect_note(&notes, 0);
    watch_free(watch);
}
END_TEST

START_TEST(the_end_of_a_child_is_noted_once_and_not_reaped)
{
    int notes = 0, ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        char byte;
        close(ends[1]);
        _exit(read(ends[0], &byte, 1) == 0 ? 7 : 8);
    }
    struct watch *watch = watch_child(loop, pid, count, &notes);
    loop_poll(loop);
    ck_assert_int_eq(notes, 0);
    close(ends[1]);
    expect_note(&notes, 0);
    loop_wait(loop, SHORT);
    ck_assert_int_eq(notes, 1);
    int status = 0;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(WEXITSTATUS(status), 7);
    watch_free(watch);
    close(ends[0]);
}
END_TEST

static void wake(int signal)
{
    (void)signal;
    loop_wake(loop);
}

static void do_nothing(int signal)
{
    (void)signal;
}

static void handle(int signal, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    sigaction(signal, &action, NULL);
}

START_TEST(a_wake_before_the_wait_ends_it)
{
    handle(SIGUSR1, wake);
    raise(SIGUSR1);
    int64_t start = monotonic_ms();
    loop_wait(loop, LONG);
    ck_assert_int_lt(monotonic_ms() - start, LONG);
    start = monotonic_ms();
    loop_wait(loop, 30); /* a wake counts once */
    ck_assert_int_ge(monotonic_ms() - start, 30);
}
END_TEST

START_TEST(a_signal_during_the_wait_ends_it)
{
    /* More than one: the first may come before the wait. */
    struct itimerval timer = {.it_value = {.tv_usec = 50000}, .it_interval = {.tv_usec = 50000}};
    handle(SIGALRM, do_nothing);
    int64_t start = monotonic_ms();
    setitimer(ITIMER_REAL, &timer, NULL);
    loop_wait(loop, LONG);
    setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
    ck_assert_int_lt(monotonic_ms() - start, LONG);
}
END_TEST

START_TEST(what_was_noted_before_the_wait_ends_it)
{
    int ends[2], notes = 0;
    ck_assert_int_eq(pipe(ends), 0);
    struct watch *watch = watch_readable(loop, ends[0], count, &notes);
    ck_assert_int_eq(write(ends[1], "x", 1), 1);
    loop_poll(loop);
    loop_poll(loop);
    char byte;
    ck_assert_int_eq(read(ends[0], &byte, 1), 1);
    ck_assert_int_gt(notes, 0);
    int64_t start = monotonic_ms();
    loop_wait(loop, LONG);
    ck_assert_int_lt(monotonic_ms() - start, LONG);
    watch_free(watch);
    close(ends[0]);
    close(ends[1]);
}
END_TEST

START_TEST(a_loop_goes_on_in_a_forked_child)
{
    int notes = 0, status = 0, ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    append("log");
    struct watch *path = watch_path(loop, "log", count, &notes);
    struct watch *pipe_ = watch_readable(loop, ends[0], count, &notes);
    loop_poll(loop);
    pid_t pid = fork();
    if (pid == 0) {
        loop_forked(loop);
        append("log");
        loop_wait(loop, LONG);
        int heard = notes;
        if (write(ends[1], "x", 1) == 1)
            loop_wait(loop, LONG);
        loop_wake(loop);
        loop_wait(loop, LONG);
        _exit(heard > 0 && notes > heard ? 5 : 6);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(WEXITSTATUS(status), 5);
    watch_free(path);
    watch_free(pipe_);
}
END_TEST

RUN_TESTS_AROUND("loop", set_up, tear_down, the_clock_being_set_is_waited_for,
                 a_wait_ends_with_its_time, a_readable_pipe_is_noted_until_it_is_read,
                 watching_does_not_change_the_mode_of_a_descriptor,
                 a_writable_pipe_is_noted_when_it_has_room_or_no_reader,
                 what_is_always_ready_cannot_be_watched, changes_of_a_file_are_noted,
                 a_file_that_appears_is_noted, other_files_of_the_directory_wake_nobody,
                 a_link_is_followed, a_path_without_directory_is_looked_at_until_it_has_one,
                 a_directory_that_is_replaced_is_found_again,
                 the_end_of_a_child_is_noted_once_and_not_reaped, a_wake_before_the_wait_ends_it,
                 a_signal_during_the_wait_ends_it, what_was_noted_before_the_wait_ends_it,
                 a_loop_goes_on_in_a_forked_child)
