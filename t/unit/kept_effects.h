/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Effects of an engine whose state is kept, in a folder of their own. */
#ifndef SECANT_UNIT_KEPT_EFFECTS_H
#define SECANT_UNIT_KEPT_EFFECTS_H

#include "unit.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "durable/effects.h"
#include "io/loop.h"

static char folder[] = "/tmp/check_durable.XXXXXX";
static struct clock *clock_;
static struct loop *loop;
static size_t blocksize = 8192;
static int64_t socket_timeout = 60;
static struct outlets outlets;
static struct effects *effects;
static struct buf announced;

static inline void no_line(void *arg, struct child *child, struct bytes line)
{
    (void)arg, (void)child, (void)line;
}

static inline void no_end(void *arg, struct child *child, int exit_code)
{
    (void)arg, (void)child, (void)exit_code;
}

static const struct child_events child_events = {.line = no_line, .ended = no_end};

static inline void set_up(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    clock_ = clock_event(1000);
    loop = loop_new();
    outlets.log = log_new(clock_);
    ck_assert(log_open_file(outlets.log, "log"));
    log_set_level(outlets.log, LOG_DETAIL);
    outlets.outputs = outputs_new(outlets.log, NULL, NULL);
    outlets.sockets = sockets_new(outlets.log, clock_, &socket_timeout, &blocksize);
    outlets.children = children_new(loop, outlets.log, &blocksize, &child_events, NULL);
    effects = durable_effects_new(&outlets, clock_);
}

static inline void tear_down(void)
{
    effects_free(effects);
    children_free(outlets.children);
    sockets_free(outlets.sockets);
    outputs_free(outlets.outputs);
    loop_free(loop);
    log_free(outlets.log);
    clock_free(clock_);
    buf_free(&announced);
    ck_assert_int_eq(chdir("/"), 0);
    char command[100];
    snprintf(command, sizeof(command), "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
}

static inline const char *content(const char *path)
{
    static char text[20000];
    outputs_flush(outlets.outputs);
    FILE *file = fopen(path, "r");
    if (!file)
        return "(no file)";
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    return text;
}

static inline void put(enum effect_kind kind, const char *file, const char *text)
{
    effects_take(effects, &(struct effect){kind, .target = bytes_of(file), .text = bytes_of(text)});
}

static inline struct child *start(enum effect_kind kind, const char *text)
{
    struct command command = {.text = bytes_of(text)};
    struct effect effect = {kind, .target = B("CONTEXT"), .command = &command};
    effects_take(effects, &effect);
    return effect.child;
}

static inline void ck_sum_eq(struct durable_sum got, struct durable_sum want)
{
    ck_assert_uint_eq(got.count, want.count);
    ck_assert_uint_eq(got.hash, want.hash);
}

static struct buf told; /* of each file: "name length" or "name length [from-to from-to]" */

static inline void hear_file(void *arg, const struct durable_file *file)
{
    struct stat status;
    struct bytes name = arg ? bytes_of(arg) : file->name; /* the name that it has now */
    char *path = bytes_cstr(name);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(file->device, status.st_dev);
    ck_assert_uint_eq(file->inode, status.st_ino);
    free(path);
    buf_cat(&told, file->name, B(" "), NUM((int64_t)file->length));
    for (size_t i = 0; i < file->left_count; i++)
        buf_cat(&told, i ? B(" ") : B(" ["), NUM((int64_t)file->left[i].from), B("-"),
                NUM((int64_t)file->left[i].to), i + 1 < file->left_count ? B("") : B("]"));
    buf_add(&told, B("; "));
}

static inline void ck_lengths(bool all, const char *want)
{
    buf_clear(&told);
    outputs_flush(outlets.outputs);
    durable_effects_lengths(effects, all, hear_file, NULL);
    ck_bytes_eq(buf_bytes(&told), bytes_of(want));
    buf_free(&told);
}

/* Another run's effects. */
static inline void renew(void)
{
    effects_free(effects);
    outputs_close_all(outlets.outputs);
    effects = durable_effects_new(&outlets, clock_);
}

static inline void expect_left(const char *name, const char *now, uint64_t length,
                               const struct durable_range *left, size_t count)
{
    struct stat status;
    ck_assert_int_eq(stat(now, &status), 0);
    durable_effects_expect(effects, &(struct durable_file){bytes_of(name), status.st_dev,
                                                           status.st_ino, length, left, count});
}

static inline void expect(const char *name, const char *now, uint64_t length)
{
    expect_left(name, now, length, NULL, 0);
}

static inline void make(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    fputs(text, file);
    fclose(file);
}

static inline bool logged(const char *text)
{
    log_flush(outlets.log);
    return strstr(content("log"), text) != NULL;
}

#endif
