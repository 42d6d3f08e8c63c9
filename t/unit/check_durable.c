/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Effects of an engine whose state outlives it: counted, and done again without happening. */
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
    ck_assert(log_open_file(outlets.log, "log"));
    log_set_level(outlets.log, LOG_DETAIL);
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
    static char text[20000];
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

/* --- files ---------------------------------------------------------------------------------- */

static struct buf told; /* of each file: "name length" or "name length [from-to from-to]" */

static void hear_file(void *arg, const struct durable_file *file)
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

static void ck_lengths(bool all, const char *want)
{
    buf_clear(&told);
    outputs_flush(outlets.outputs);
    durable_effects_lengths(effects, all, hear_file, NULL);
    ck_bytes_eq(buf_bytes(&told), bytes_of(want));
    buf_free(&told);
}

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

/* --- what the run before has written -------------------------------------------------------- */

/* Another run's effects. */
static void renew(void)
{
    effects_free(effects);
    outputs_close_all(outlets.outputs);
    effects = durable_effects_new(&outlets, clock_);
}

static void expect_left(const char *name, const char *now, uint64_t length,
                        const struct durable_range *left, size_t count)
{
    struct stat status;
    ck_assert_int_eq(stat(now, &status), 0);
    durable_effects_expect(effects, &(struct durable_file){bytes_of(name), status.st_dev,
                                                           status.st_ino, length, left, count});
}

static void expect(const char *name, const char *now, uint64_t length)
{
    expect_left(name, now, length, NULL, 0);
}

static void make(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    fputs(text, file);
    fclose(file);
}

static bool logged(const char *text)
{
    log_flush(outlets.log);
    return strstr(content("log"), text) != NULL;
}

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
    ck_assert(logged("File 'a' holds 10 bytes that the run before, or another program, has written "
                     "and that have not been written again, from offset 4: 'one'\n"));
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
    durable_effects_expect_torn(effects);
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

RUN_TESTS_AROUND(
    "durable effects", set_up, tear_down, what_is_done_again_does_not_happen_and_has_the_same_sum,
    each_part_and_the_order_count, the_hash_is_the_same_for_ever,
    commands_that_are_done_again_have_ended, what_is_asked_for_from_without_is_not_counted,
    what_cannot_be_looked_up_is_told_of_before_it_happens,
    lengths_of_what_was_written_since_are_told, a_rotated_file_is_another_one,
    a_new_file_is_told_of_before_it_is_written_to, what_was_written_is_synced,
    what_is_there_is_not_written_twice, what_nobody_writes_again_is_said, a_torn_end_is_completed,
    a_script_is_the_same_whatever_contexts_there_are, a_torn_end_of_another_line_stays_a_line,
    a_torn_end_is_none_once_more_was_written, files_that_were_renamed_are_looked_at,
    a_file_that_was_cut_is_looked_at_from_its_start, a_file_that_is_gone_is_said,
    what_this_run_wrote_before_is_none_of_the_run_before,
    a_third_run_knows_what_the_second_has_not_come_to, runs_that_are_killed_write_each_text_once,
    they_do_so_in_another_order_too, what_had_begun_does_not_happen_again)
