/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the run before has written to files is not written again. */
#include "kept_effects.h"

START_TEST(what_is_there_is_not_written_twice)
{
    make("a", "old\none\ntwo\n");
    expect("a", "a", 4);
    put(EFFECT_WRITE, "a", "one");
    put(EFFECT_WRITE, "a", "one");
    put(EFFECT_WRITE, "a", "old");
    put(EFFECT_WRITE, "a", "two");
    put(EFFECT_WRITE, "a", "three");
    ck_assert_str_eq(content("a"), "old\none\ntwo\none\nold\nthree\n");
    durable_effects_caught_up(effects);
    ck_assert(!logged("holds"));
    put(EFFECT_WRITE, "a", "two");
    ck_assert_str_eq(content("a"), "old\none\ntwo\none\nold\nthree\ntwo\n");
}
END_TEST

START_TEST(what_nobody_writes_again_is_said)
{
    make("a", "old\none\ntwo\nthree\n");
    make("b", "12345\n");
    make("c", "123\n");
    expect("a", "a", 4);
    expect("b", "b", 3);
    expect("c", "c", 4);
    put(EFFECT_WRITE, "a", "two");
    ck_assert(!logged("holds"));
    durable_effects_caught_up(effects);
    ck_assert(
        logged("File 'a' holds 10 bytes that the run before, or another program, has written, "
               "and this run not again, from offset 4: 'one'\n"));
    ck_assert(logged("File 'b' holds 3 bytes"));
    ck_assert(logged("from offset 3: '45'\n"));
    ck_assert(!logged("File 'c'"));
    ck_lengths(false, "a 18; b 6; ");
}
END_TEST

START_TEST(a_torn_end_is_completed)
{
    make("a", "one\ntw");
    expect("a", "a", 0);
    put(EFFECT_WRITE, "a", "one");
    put(EFFECT_WRITE, "a", "two");
    ck_assert_str_eq(content("a"), "one\ntwo\n");
    make("b", "thr");
    expect("b", "b", 0);
    put(EFFECT_OWRITECL, "b", "three");
    ck_assert_str_eq(content("b"), "three");
    make("c", "a line\nand h");
    expect("c", "c", 0);
    put(EFFECT_WRITE, "c", "a line\nand half of one");
    ck_assert_str_eq(content("c"), "a line\nand half of one\n");
}
END_TEST

START_TEST(a_torn_end_of_another_line_stays_a_line)
{
    make("x", "old\none\ntw");
    make("y", "torn");
    make("z", "torn");
    expect("x", "x", 4);
    expect("y", "y", 0);
    put(EFFECT_WRITE, "x", "one");
    ck_assert_str_eq(content("x"), "old\none\ntw");
    put(EFFECT_WRITE, "x", "three");
    put(EFFECT_WRITE, "x", "two");
    ck_assert_str_eq(content("x"), "old\none\ntw\nthree\ntwo\n");
    put(EFFECT_WRITEN, "y", "more"); /* who knows where its lines end? */
    ck_assert_str_eq(content("y"), "tornmore");
    durable_effects_caught_up(effects);
    put(EFFECT_WRITE, "z", "more");
    ck_assert_str_eq(content("z"), "tornmore\n");
}
END_TEST

/* What the third run finds of it is not at the end of the file. */
START_TEST(a_torn_end_is_none_once_more_was_written)
{
    const struct durable_range left = {0, 2};
    make("x", "tw\nthree\n");
    expect_left("x", "x", 9, &left, 1);
    put(EFFECT_WRITE, "x", "two");
    ck_assert_str_eq(content("x"), "tw\nthree\ntwo\n");
}
END_TEST

START_TEST(files_that_were_renamed_are_looked_at)
{
    make("a.1", "old\none\n");
    make("a", "two\n");
    expect("a", "a.1", 4);
    expect("a", "a", 0);
    put(EFFECT_WRITE, "a", "two");
    put(EFFECT_WRITE, "a", "one");
    put(EFFECT_WRITE, "a", "three");
    ck_assert_str_eq(content("a.1"), "old\none\n");
    ck_assert_str_eq(content("a"), "two\nthree\n");
    make("b.1", "tor");
    make("b", "");
    expect("b", "b.1", 0);
    put(EFFECT_WRITE, "b", "torn"); /* its rest would stand in another file */
    ck_assert_str_eq(content("b"), "torn\n");
}
END_TEST

START_TEST(a_file_that_was_cut_is_looked_at_from_its_start)
{
    make("a", "two\n");
    expect("a", "a", 100);
    put(EFFECT_WRITE, "a", "two");
    put(EFFECT_WRITE, "a", "three");
    ck_assert_str_eq(content("a"), "two\nthree\n");
}
END_TEST

START_TEST(a_file_that_is_gone_is_said)
{
    make("a", "one\n");
    expect("a", "a", 0);
    make("b", "");
    unlink("a");
    put(EFFECT_WRITE, "a", "one");
    ck_assert_str_eq(content("a"), "one\n");
    ck_assert(
        logged("What was written last to file 'a' by the run before can't be looked up and may "
               "be written twice (No such file or directory)\n"));
}
END_TEST

START_TEST(what_this_run_wrote_before_is_none_of_the_run_before)
{
    make("a", "old\none\n");
    put(EFFECT_WRITE, "a", "started");
    outputs_flush(outlets.outputs);
    expect("a", "a", 4);
    ck_lengths(false, "a 16 [4-8]; ");
    put(EFFECT_WRITE, "a", "started");
    put(EFFECT_WRITE, "a", "one");
    put(EFFECT_WRITE, "a", "one");
    ck_assert_str_eq(content("a"), "old\none\nstarted\nstarted\none\n");
}
END_TEST

START_TEST(a_third_run_knows_what_the_second_has_not_come_to)
{
    const struct durable_range left[] = {{4, 8}, {14, 18}};
    make("a", "old\none\nthree\ntwo\ntwo\n");
    expect("a", "a", 4);
    put(EFFECT_WRITE, "a", "two");
    put(EFFECT_WRITE, "a", "four");
    ck_lengths(false, "a 27 [4-14 18-22]; ");
    put(EFFECT_WRITE, "a", "three");
    ck_lengths(false, "a 27 [4-8 18-22]; ");
    ck_lengths(true, "a 27 [4-8 18-22]; ");
    renew();
    expect_left("a", "a", 27, left, 2);
    ck_lengths(true, "a 27 [4-8 14-18]; ");
    put(EFFECT_WRITE, "a", "three");
    put(EFFECT_WRITE, "a", "four");
    put(EFFECT_WRITE, "a", "two");
    put(EFFECT_WRITE, "a", "one");
    put(EFFECT_WRITE, "a", "one");
    ck_assert_str_eq(content("a"), "old\none\nthree\ntwo\ntwo\nfour\nthree\nfour\none\n");
    ck_lengths(false, "a 42; ");
}
END_TEST

START_TEST(what_a_journal_tells_twice_is_there_once)
{
    const struct durable_range left[] = {{0, 4}, {2, 4}, {0, 4}};
    make("a", "one\n");
    expect_left("a", "a", 4, left, 3);
    put(EFFECT_WRITE, "a", "one");
    put(EFFECT_WRITE, "a", "one");
    ck_assert_str_eq(content("a"), "one\none\n");
}
END_TEST

/* Lines of somebody else's, so many bytes. */
static void append_others(const char *name, size_t size)
{
    FILE *file = fopen(name, "a");
    ck_assert_ptr_nonnull(file);
    for (size_t i = 0; i * 10 < size; i++)
        fprintf(file, "other %03zu\n", i % 1000);
    fclose(file);
}

static void append_text(const char *name, struct bytes text)
{
    FILE *file = fopen(name, "a");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text.ptr, 1, text.len, file), text.len);
    fclose(file);
}

static uint64_t size_of(const char *name)
{
    struct stat status;
    outputs_flush(outlets.outputs);
    ck_assert_int_eq(stat(name, &status), 0);
    return (uint64_t)status.st_size;
}

/* Not all of it is in memory at a time. */
START_TEST(others_may_have_written_much)
{
    const size_t much = 3000000;
    struct buf line = {0};
    for (size_t i = 0; i < much; i++)
        buf_char(&line, (char)('a' + i % 23));
    make("a", "old\none\n");
    append_others("a", much);
    append_text("a", B("two\nthree\n"));
    append_text("a", buf_bytes(&line));
    append_text("a", B("\n"));
    append_others("a", much);
    append_text("a", bytes_slice(buf_bytes(&line), 0, much / 2));
    uint64_t size = size_of("a");
    log_set_level(outlets.log, LOG_NOTE);
    expect("a", "a", 4);
    buf_char(&line, '\0');
    put(EFFECT_WRITE, "a", line.ptr);
    put(EFFECT_WRITE, "a", "three");
    put(EFFECT_WRITE, "a", "one");
    put(EFFECT_WRITE, "a", "two");
    ck_assert_uint_eq(size_of("a"), size);
    put(EFFECT_WRITE, "a", line.ptr); /* its second half */
    size += much - much / 2 + 1;
    ck_assert_uint_eq(size_of("a"), size);
    put(EFFECT_WRITE, "a", "three");
    ck_assert_uint_eq(size_of("a"), size + 6);
    durable_effects_caught_up(effects);
    ck_assert(logged("File 'a' holds 6000000 bytes"));
    ck_assert(logged("from offset 8: 'other 000'\n"));
    buf_free(&line);
}
END_TEST

/* A batch of the journal that says how far one file is written. */
static struct durable_file batch;
static struct durable_range batch_left[100];

static void keep_batch(void *arg, const struct durable_file *file)
{
    (void)arg;
    batch = *file;
    batch.name = B("f");
    ck_assert_uint_le(file->left_count, 100);
    for (size_t i = 0; i < file->left_count; i++)
        batch_left[i] = file->left[i];
    batch.left = batch_left;
}

enum { TEXTS = 24 };
/* In their order they are found even if one is a part of another. */
static const char *const alike[] = {"a", "b", "b\nb", "a\nb\na", "c"};
static const char *const different[] = {"a", "b", "c\nd", "e\nf\ng", "h"};

static void swap_some(uint64_t *seed, const char **texts, int count)
{
    for (int i = 0; i + 1 < count; i++) {
        if (next_number(seed, 5) > 0)
            continue;
        const char *text = texts[i];
        texts[i] = texts[i + 1];
        texts[i + 1] = text;
    }
}

/* Runs write these texts, a batch now and then says how far they are, and each but the last is
 * killed; in_order: there may be less in the file than was written, to the byte. */
static void kill_and_go_on(uint64_t *seed, const char **texts, bool in_order)
{
    int done = 0; /* in batches */
    make("f", "");
    expect("f", "f", 0);
    durable_effects_lengths(effects, true, keep_batch, NULL);
    while (done < TEXTS) {
        int at = done;
        for (int steps = (int)next_number(seed, 12); steps > 0 && at < TEXTS; steps--) {
            put(EFFECT_WRITE, "f", texts[at++]);
            if (next_number(seed, 6) > 0 && at < TEXTS)
                continue;
            outputs_flush(outlets.outputs);
            durable_effects_lengths(effects, false, keep_batch, NULL);
            done = at;
        }
        if (done == TEXTS)
            break;
        renew();
        struct stat status;
        ck_assert_int_eq(stat("f", &status), 0);
        uint32_t more = (uint32_t)((uint64_t)status.st_size - batch.length);
        if (in_order)
            ck_assert_int_eq(truncate("f", (off_t)(batch.length + next_number(seed, more + 1))), 0);
        else
            swap_some(seed, texts + done, TEXTS - done);
        durable_effects_expect(effects, &batch);
    }
    durable_effects_caught_up(effects);
}

static int compare_lines(const void *one, const void *other)
{
    return strcmp(*(char *const *)one, *(char *const *)other);
}

/* The lines of a text, in order. */
static struct buf sort_lines(const char *text)
{
    char *lines[1000], *copy = strdup(text), *rest = copy, *line;
    size_t count = 0;
    struct buf sorted = {0};
    while ((line = strsep(&rest, "\n")) != NULL)
        lines[count++] = line;
    qsort(lines, count, sizeof(*lines), compare_lines);
    for (size_t i = 0; i < count; i++)
        buf_cat(&sorted, bytes_of(lines[i]), B("\n"));
    free(copy);
    return sorted;
}

static void go_through_runs(bool in_order)
{
    uint64_t seed = 1;
    for (int round = 0; round < 400; round++) {
        const char *texts[TEXTS];
        struct buf want = {0};
        for (int i = 0; i < TEXTS; i++) {
            texts[i] = (in_order ? alike : different)[next_number(&seed, 5)];
            buf_cat(&want, bytes_of(texts[i]), B("\n"));
        }
        buf_char(&want, '\0');
        kill_and_go_on(&seed, texts, in_order);
        if (in_order) {
            ck_assert_str_eq(content("f"), want.ptr);
        } else {
            struct buf got = sort_lines(content("f")), wanted = sort_lines(want.ptr);
            ck_bytes_eq(buf_bytes(&got), buf_bytes(&wanted));
            buf_free(&got);
            buf_free(&wanted);
        }
        buf_free(&want);
        renew();
    }
}

START_TEST(runs_that_are_killed_write_each_text_once)
{
    go_through_runs(true);
}
END_TEST

START_TEST(they_do_so_in_another_order_too)
{
    go_through_runs(false);
}
END_TEST

RUN_TESTS_AROUND("durable written", set_up, tear_down, what_is_there_is_not_written_twice,
                 what_nobody_writes_again_is_said, a_torn_end_is_completed,
                 a_torn_end_of_another_line_stays_a_line, a_torn_end_is_none_once_more_was_written,
                 files_that_were_renamed_are_looked_at,
                 a_file_that_was_cut_is_looked_at_from_its_start, a_file_that_is_gone_is_said,
                 what_this_run_wrote_before_is_none_of_the_run_before,
                 a_third_run_knows_what_the_second_has_not_come_to,
                 what_a_journal_tells_twice_is_there_once, others_may_have_written_much,
                 runs_that_are_killed_write_each_text_once, they_do_so_in_another_order_too)
