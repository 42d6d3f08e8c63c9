/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inputs in a folder of their own, with an event clock and a log that can be read. */
#ifndef SECANT_T_INPUTS_H
#define SECANT_T_INPUTS_H

#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/monotonic.h"
#include "io/inputs.h"

enum { LIMIT = 20000, SHORT = 50, START = 1000000 }; /* milliseconds, milliseconds, seconds */

static char directory[] = "/tmp/check_inputs.XXXXXX";
static struct loop *loop;
static struct clock *clock_;
static struct log *log_;
static struct inputs *inputs;
static struct feed *feed;
static struct input_options options;
static struct buf scripts; /* what the timeout script was run with */
static bool with_contexts;

static inline void run_script(void *arg, bool received, struct bytes name)
{
    (void)arg;
    buf_cat(&scripts, received ? B("0 ") : B("1 "), name, B("\n"));
}

static inline void set_up(void)
{
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(chdir(directory), 0);
    loop = loop_new();
    clock_ = clock_event(START);
    log_ = log_new(clock_);
    ck_assert(log_open_file(log_, "messages"));
    options = (struct input_options){.tail = true, .blocksize = 8192};
    inputs = inputs_new(loop, log_, clock_, &options, run_script, NULL);
    feed = inputs_feed(inputs);
}

static inline void tear_down(void)
{
    inputs_free(inputs);
    log_free(log_);
    clock_free(clock_);
    loop_free(loop);
    buf_free(&scripts);
    ck_assert_int_eq(chdir("/"), 0);
    char command[100];
    snprintf(command, sizeof(command), "rm -r %s", directory);
    ck_assert_int_eq(system(command), 0);
}

static inline void append(const char *path, const char *text)
{
    FILE *file = fopen(path, "a");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static inline void open_inputs(const char *patterns, int64_t offset)
{
    inputs_open(inputs, (struct bytes[]){bytes_of(patterns)}, 1, offset, false, &with_contexts);
}

/* The next line as "name:text", waiting for it as the engine does. */
static struct line_source *from; /* its source */

static inline const char *next(void)
{
    static char text[300];
    struct bytes line;
    for (int64_t end = monotonic_ms() + LIMIT; monotonic_ms() < end;) {
        enum feed_result result = feed_next(feed, &line, &from);
        if (result == FEED_LINE) {
            snprintf(text, sizeof(text), "%s:%.*s", from->name.ptr, (int)line.len, line.ptr);
            return text;
        }
        if (inputs_count_open(inputs) == 0)
            return "(all closed)";
        if (result == FEED_NONE)
            loop_wait(loop, feed_wait_limit(feed));
    }
    return "(nothing)";
}

/* Lets the inputs come to rest; fails when a line comes. */
static inline void settle(void)
{
    struct bytes line;
    int64_t end = monotonic_ms() + SHORT;
    for (int round = 0; round < 3 || monotonic_ms() < end; round++) { /* on a busy machine, too */
        ck_assert_int_ne(feed_next(feed, &line, &from), FEED_LINE);
        int limit = feed_wait_limit(feed);
        loop_wait(loop, limit < 0 || limit > SHORT ? SHORT : limit);
    }
}

/* Was this logged since the last call? */
static inline bool logged(const char *text)
{
    static long at;
    static char content[20000];
    log_flush(log_);
    FILE *file = fopen("messages", "r");
    ck_assert_ptr_nonnull(file);
    fseek(file, at, SEEK_SET);
    size_t len = fread(content, 1, sizeof(content) - 1, file);
    content[len] = '\0';
    const char *found = strstr(content, text);
    if (found)
        at += found - content + (long)strlen(text);
    fclose(file);
    return found != NULL;
}

/* Standard input becomes the reading end of a pipe; returns the writing end. */
static inline int pipe_to_stdin(void)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(dup2(ends[0], 0), 0);
    close(ends[0]);
    return ends[1];
}

static inline void put(int fd, const char *text)
{
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

#endif
