/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Effects of an engine whose state outlives it: counted, and done again without happening. */
#include "kept_effects.h"

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

/* --- files ---------------------------------------------------------------------------------- */

START_TEST(lengths_of_what_was_written_since_are_told)
{
    put(EFFECT_WRITE, "a", "one");
    put(EFFECT_OWRITECL, "b", "three");
    put(EFFECT_WRITEN, "-", "");
    put(EFFECT_WRITE, "/dev/null", "not a regular one");
    ck_lengths(false, "a 4; b 5; ");
    ck_lengths(false, "");
    put(EFFECT_WRITEN, "a", "two");
    put(EFFECT_CLOSEF, "a", "");
    ck_lengths(false, "a 7; ");
    put(EFFECT_WRITEN, "c", "");
    ck_lengths(false, "c 0; ");
    ck_lengths(true, "a 7; b 5; c 0; ");
    unlink("b");
    ck_lengths(true, "a 7; c 0; ");
}
END_TEST

START_TEST(a_rotated_file_is_another_one)
{
    put(EFFECT_WRITE, "a", "one");
    outputs_flush(outlets.outputs);
    rename("a", "a.1");
    put(EFFECT_WRITE, "a", "two");
    buf_clear(&told);
    outputs_flush(outlets.outputs);
    durable_effects_lengths(effects, false, hear_file, "a.1");
    ck_bytes_eq(buf_bytes(&told), B("a 8; "));
    put(EFFECT_CLOSEF, "a", "");
    put(EFFECT_WRITE, "a", "three");
    ck_lengths(false, "a 6; ");
    buf_free(&told);
}
END_TEST

START_TEST(a_new_file_is_told_of_before_it_is_written_to)
{
    put(EFFECT_OWRITECL, "a", "there");
    durable_effects_tell_opened(effects, hear_file, NULL);
    put(EFFECT_WRITE, "a", "is known");
    put(EFFECT_WRITE, "b", "is not");
    put(EFFECT_WRITE, "b", "is now");
    FILE *file = fopen("c", "w");
    fputs("of another", file);
    fclose(file);
    put(EFFECT_OWRITECL, "c", "is not");
    ck_bytes_eq(buf_bytes(&told), B("b 0; c 10; "));
    buf_free(&told);
}
END_TEST

START_TEST(what_was_written_is_synced)
{
    ck_assert(durable_effects_sync(effects));
    char name[20];
    for (int i = 0; i < 100; i++) { /* more than descriptors are kept for */
        snprintf(name, sizeof(name), "file%d", i);
        put(EFFECT_OWRITECL, name, "x");
    }
    put(EFFECT_WRITE, "a", "x");
    put(EFFECT_CLOSEF, "a", "");
    ck_assert(durable_effects_sync(effects));
}
END_TEST

START_TEST(a_script_is_the_same_whatever_contexts_there_are)
{
    struct command command = {.text = B("true")};
    struct effect effect = {EFFECT_FEED, .command = &command, .script = true, .text = B("A\nB\n")};
    uint64_t hash = sum_of(&effect, &effect);
    effect.text = B("B\n");
    ck_assert(sum_of(&effect, &effect) == hash);
    effect.script = false;
    ck_assert(sum_of(&effect, &effect) != hash);
}
END_TEST

/* --- at most once --------------------------------------------------------------------------- */

static uint64_t announced_hashes[10];
static size_t announced_count;

static void keep_hash(void *arg, uint64_t number, uint64_t hash)
{
    (void)arg, (void)number;
    announced_hashes[announced_count++] = hash;
}

static void count_begun(void *arg, uint64_t hash)
{
    (void)hash;
    ++*(int *)arg;
}

static void wait_for_children(void)
{
    while (children_any(outlets.children)) {
        loop_wait(loop, -1);
        children_check(outlets.children, true);
    }
}

START_TEST(what_had_begun_does_not_happen_again)
{
    int still = 0;
    durable_effects_call_before(effects, keep_hash, NULL);
    start(EFFECT_RUN, "echo one >>made");
    wait_for_children();
    start(EFFECT_RUN, "echo two >>made");
    wait_for_children();
    renew();
    durable_effects_begun(effects, announced_hashes[0]);
    durable_effects_begun(effects, announced_hashes[1]);
    ck_assert_ptr_nonnull(start(EFFECT_RUN, "echo two >>made"));
    ck_assert(logged("The run before was about to do 'run' ('echo two >>made'), which is not done "
                     "again\n"));
    durable_effects_still_begun(effects, count_begun, &still);
    ck_assert_int_eq(still, 1);
    start(EFFECT_RUN, "echo two >>made");
    wait_for_children();
    durable_effects_caught_up(effects);
    start(EFFECT_RUN, "echo one >>made");
    wait_for_children();
    ck_assert_str_eq(content("made"), "one\ntwo\ntwo\none\n");
}
END_TEST

RUN_TESTS_AROUND("durable effects", set_up, tear_down,
                 what_is_done_again_does_not_happen_and_has_the_same_sum,
                 each_part_and_the_order_count, the_hash_is_the_same_for_ever,
                 commands_that_are_done_again_have_ended,
                 what_is_asked_for_from_without_is_not_counted,
                 what_cannot_be_looked_up_is_told_of_before_it_happens,
                 lengths_of_what_was_written_since_are_told, a_rotated_file_is_another_one,
                 a_new_file_is_told_of_before_it_is_written_to, what_was_written_is_synced,
                 a_script_is_the_same_whatever_contexts_there_are,
                 what_had_begun_does_not_happen_again)
