/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Effects of an engine whose state outlives it: counted, and done again without happening. */
#include "unit.h"

#include <sys/stat.h>
#include <unistd.h>

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

static void no_line(void *arg, struct child *child, struct bytes line)
{
    (void)arg, (void)child, (void)line;
}

static void no_end(void *arg, struct child *child, int exit_code)
{
    (void)arg, (void)child, (void)exit_code;
}

static const struct child_events child_events = {.line = no_line, .ended = no_end};

static void set_up(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    clock_ = clock_event(1000);
    loop = loop_new();
    outlets.log = log_new(clock_);
    outlets.outputs = outputs_new(outlets.log, NULL, NULL);
    outlets.sockets = sockets_new(outlets.log, clock_, &socket_timeout, &blocksize);
    outlets.children = children_new(loop, outlets.log, &blocksize, &child_events, NULL);
    effects = durable_effects_new(&outlets, clock_);
}

static void tear_down(void)
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

static const char *content(const char *path)
{
    static char text[2000];
    outputs_flush(outlets.outputs);
    FILE *file = fopen(path, "r");
    if (!file)
        return "(no file)";
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void put(enum effect_kind kind, const char *file, const char *text)
{
    effects_take(effects, &(struct effect){kind, .target = bytes_of(file), .text = bytes_of(text)});
}

static struct child *start(enum effect_kind kind, const char *text)
{
    struct command command = {.text = bytes_of(text)};
    struct effect effect = {kind, .target = B("CONTEXT"), .command = &command};
    effects_take(effects, &effect);
    return effect.child;
}

static void ck_sum_eq(struct durable_sum got, struct durable_sum want)
{
    ck_assert_uint_eq(got.count, want.count);
    ck_assert_uint_eq(got.hash, want.hash);
}

START_TEST(what_is_done_again_does_not_happen_and_has_the_same_sum)
{
    put(EFFECT_WRITE, "out", "one");
    put(EFFECT_WRITEN, "out", "two");
    put(EFFECT_OWRITECL, "other", "three");
    put(EFFECT_CLOSEF, "out", "");
    struct durable_sum live = durable_effects_sum(effects);
    ck_assert_uint_eq(live.count, 4);
    durable_effects_set_sum(effects, (struct durable_sum){0});
    durable_effects_set_mode(effects, DURABLE_REDO);
    put(EFFECT_WRITE, "out", "one");
    put(EFFECT_WRITEN, "out", "two");
    put(EFFECT_OWRITECL, "other", "three");
    put(EFFECT_CLOSEF, "out", "");
    ck_sum_eq(durable_effects_sum(effects), live);
    ck_assert_str_eq(content("out"), "one\ntwo");
    ck_assert_str_eq(content("other"), "three");
    durable_effects_set_mode(effects, DURABLE_LIVE);
    put(EFFECT_WRITE, "out", "four");
    ck_assert_str_eq(content("out"), "one\ntwofour\n");
    ck_assert_uint_eq(durable_effects_sum(effects).count, 5);
}
END_TEST

static uint64_t sum_of(const struct effect *one, const struct effect *other)
{
    durable_effects_set_mode(effects, DURABLE_REDO);
    durable_effects_set_sum(effects, (struct durable_sum){7, 1});
    struct effect copy = *one, second = *other;
    effects_take(effects, &copy);
    effects_take(effects, &second);
    ck_assert_uint_eq(durable_effects_sum(effects).count, 9);
    return durable_effects_sum(effects).hash;
}

START_TEST(each_part_and_the_order_count)
{
    struct command command = {.text = B("mail")}, another = {.text = B("mai")};
    struct effect write = {EFFECT_WRITE, .target = B("ab"), .text = B("c")},
                  moved = {EFFECT_WRITE, .target = B("a"), .text = B("bc")},
                  kind = {EFFECT_WRITEN, .target = B("ab"), .text = B("c")},
                  run = {EFFECT_RUN, .command = &command}, ran = {EFFECT_RUN, .command = &another},
                  udp = {EFFECT_SEND, .socket = SOCKET_UDP, .target = B("h:1"), .text = B("x")},
                  tcp = {EFFECT_SEND, .socket = SOCKET_TCP, .target = B("h:1"), .text = B("x")};
    uint64_t sums[] = {sum_of(&write, &run), sum_of(&run, &write), sum_of(&moved, &run),
                       sum_of(&kind, &run),  sum_of(&write, &ran), sum_of(&write, &udp),
                       sum_of(&write, &tcp)};
    for (size_t i = 0; i < sizeof(sums) / sizeof(*sums); i++)
        for (size_t j = 0; j < i; j++)
            ck_assert_msg(sums[i] != sums[j], "%zu and %zu", i, j);
    ck_assert_uint_eq(sum_of(&write, &run), sums[0]);
}
END_TEST

/* The hash is kept in files: it may not change from release to release, or with the machine. */
START_TEST(the_hash_is_the_same_for_ever)
{
    durable_effects_set_mode(effects, DURABLE_REDO);
    put(EFFECT_WRITE, "out", "one");
    start(EFFECT_SPAWN, "echo");
    ck_sum_eq(durable_effects_sum(effects), (struct durable_sum){2, 6325966968907639560u});
}
END_TEST

START_TEST(commands_that_are_done_again_have_ended)
{
    durable_effects_set_mode(effects, DURABLE_REDO);
    ck_assert_ptr_nonnull(start(EFFECT_RUN, "touch made"));
    struct child *child = start(EFFECT_SPAWN, "touch made; echo one");
    ck_bytes_eq(child->context, B("CONTEXT"));
    ck_assert(children_any(outlets.children));
    ck_assert(!children_check(outlets.children, true));
    ck_assert(!children_any(outlets.children));
    ck_assert_int_ne(access("made", F_OK), 0);
}
END_TEST

START_TEST(what_is_asked_for_from_without_is_not_counted)
{
    put(EFFECT_DUMP, "dump", "text");
    put(EFFECT_PIDFILE, "pid", "");
    put(EFFECT_PERL, "file", "");
    struct effect effect = {EFFECT_SIGNAL, .target = B("USR1")};
    ck_assert(effects_take(effects, &effect));
    ck_assert_str_eq(content("dump"), "text");
    durable_effects_set_mode(effects, DURABLE_REDO);
    ck_assert(!effects_take(effects, &effect));
    put(EFFECT_DUMP, "again", "text");
    ck_assert_str_eq(content("again"), "(no file)");
    struct command command = {.text = B("true")};
    effects_take(effects, &(struct effect){EFFECT_RUN, .command = &command, .aside = true});
    ck_sum_eq(durable_effects_sum(effects), (struct durable_sum){0});
}
END_TEST

static void announce(void *arg, uint64_t number, uint64_t hash)
{
    ck_assert_ptr_eq(arg, &announced);
    ck_assert_uint_ne(hash, 0);
    ck_assert_int_ne(access("made", F_OK), 0);
    buf_num(&announced, (int64_t)number);
    buf_char(&announced, ' ');
}

START_TEST(what_cannot_be_looked_up_is_told_of_before_it_happens)
{
    ck_assert_int_eq(mkfifo("fifo", 0600), 0);
    durable_effects_call_before(effects, announce, &announced);
    put(EFFECT_WRITE, "file", "1: a regular one");
    put(EFFECT_WRITE, "fifo", "2: has no reader");
    put(EFFECT_OWRITECL, "file", "3");
    put(EFFECT_CLOSEF, "file", "4");
    put(EFFECT_PRINT, "", "");
    start(EFFECT_RUN, "touch made");
    ck_bytes_eq(buf_bytes(&announced), B("2 5 6 "));
    durable_effects_set_mode(effects, DURABLE_REDO);
    put(EFFECT_PRINT, "", "");
    ck_bytes_eq(buf_bytes(&announced), B("2 5 6 "));
}
END_TEST

RUN_TESTS_AROUND("durable effects", set_up, tear_down,
                 what_is_done_again_does_not_happen_and_has_the_same_sum,
                 each_part_and_the_order_count, the_hash_is_the_same_for_ever,
                 commands_that_are_done_again_have_ended,
                 what_is_asked_for_from_without_is_not_counted,
                 what_cannot_be_looked_up_is_told_of_before_it_happens)
