/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of inspect: what `secant state` tells of a folder; t/state.t has the command line. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/rewrite.h"
#include "durable/entries.h"
#include "durable/writing.h"
#include "inspect/inspect.h"
#include "inspect/thing_json.h"
#include "store/record.h"
#include "unit.h"

static char top[] = "/tmp/check_inspect.XXXXXX";
static char path[sizeof(top) + 8], output[sizeof(top) + 8];
static struct state_folder folder;
static struct buf said; /* by the last call of tell() */

static void set_up(void)
{
    struct buf why = {0};
    setenv("TZ", "UTC", 1);
    memcpy(top + sizeof(top) - 7, "XXXXXX", 6);
    ck_assert_ptr_nonnull(mkdtemp(top));
    snprintf(path, sizeof(path), "%s/state", top);
    snprintf(output, sizeof(output), "%s/output", top);
    ck_assert(state_folder_open(&folder, bytes_of(path), &why));
}

static void tear_down(void)
{
    char command[sizeof(top) + 16];
    state_folder_close(&folder);
    buf_free(&said);
    snprintf(command, sizeof(command), "rm -rf %s", top);
    ck_assert_int_eq(system(command), 0);
}

/* What a function writes to both of its outputs, the folder's name taken out, is in `said`. */
static void take_folder_out(struct buf *text)
{
    struct bytes name = bytes_of(path);
    for (ptrdiff_t at; (at = bytes_find(buf_bytes(text), name, 0)) >= 0;) {
        char *start = text->ptr + at;
        memmove(start + 1, start + name.len, text->len - (size_t)at - name.len);
        *start = 'F';
        text->len -= name.len - 1;
    }
}

static int tell(int (*call)(void))
{
    int to = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), kept[2];
    ck_assert_int_ge(to, 0);
    fflush(NULL);
    for (int i = 0; i < 2; i++) {
        kept[i] = dup(i + 1);
        dup2(to, i + 1);
    }
    int status = call();
    fflush(NULL);
    for (int i = 0; i < 2; i++) {
        dup2(kept[i], i + 1);
        close(kept[i]);
    }
    close(to);
    buf_clear(&said);
    ck_assert(file_read(output, &said));
    take_folder_out(&said);
    return status;
}

static int check(void)
{
    return inspect_check(bytes_of(path));
}
static int show(void)
{
    return inspect_show(bytes_of(path), 0);
}
static int export(void)
{
    return inspect_export(bytes_of(path), 0);
}
static int show_second(void)
{
    return inspect_show(bytes_of(path), 2);
}

#define ck_said(want) ck_bytes_eq(buf_bytes(&said), B(want))

/* -- Snapshots, of one thing of each kind -- */

static struct saved_value value = {0, 1, B("bob")};
static struct saved_key key = {.kind = 0, .source = 0, .number = 1};
static struct saved_time times[] = {{990, 0, {NULL, 0}}, {999, 0, {NULL, 0}}};
static struct saved_line kept_line = {false, B("a line"), B("web.log")};
static struct saved_entry entry = {995, B("kept\x1b")};
static const struct bytes names[] = {B("LOGIN_bob"), B("ALIAS")};

static void put(struct snapshot_writer *writer, struct buf *record)
{
    snapshot_put(writer, buf_bytes(record));
    buf_clear(record);
}

static void put_rules(struct snapshot_writer *writer, struct buf *out)
{
    struct saved_rule rule = {.file = B("web.sec"),
                              .number = 3,
                              .line = 12,
                              .mark = 255,
                              .type = B("SingleWithThreshold"),
                              .name = B("guess"),
                              .matches = 2,
                              .keys = {1, &key}};
    struct saved_list list = {.rule = 1, .nth = 1, .passes = 1, .text = B("write - x")};
    buf_char(out, SAVED_RULE);
    rule_pack(out, &rule);
    rule.line = 20;
    rule.name = B("");
    rule_pack(out, &rule);
    put(writer, out);
    buf_char(out, SAVED_LIST);
    list_pack(out, &list);
    put(writer, out);
}

static void put_context(struct snapshot_writer *writer, struct buf *out)
{
    uint64_t armed = 0;
    struct saved_context context = {.names = {2, names},
                                    .first = 900,
                                    .since = 990,
                                    .lifetime = 60,
                                    .due = 1051,
                                    .armed = 7,
                                    .list = 1,
                                    .bound = {.there = true, .count = 1, .values = &value},
                                    .store = {1, &entry}};
    buf_char(out, SAVED_CONTEXT);
    context_pack(out, 1000, &armed, &context);
    entries_pack(out, 1000, &context.store);
    put(writer, out);
    buf_char(out, SAVED_STORE);
    entries_pack(out, 1000, &context.store);
    put(writer, out);
}

static void put_operation(struct snapshot_writer *writer, struct buf *out)
{
    uint64_t armed = 0;
    struct saved_operation operation = {.rule = 1,
                                        .armed = 3,
                                        .start = 980,
                                        .since = 990,
                                        .window = 60,
                                        .desc = B("guesses of bob"),
                                        .times = {.count = 2, .items = times}};
    buf_char(out, SAVED_OPERATION);
    operation_pack(out, 1000, &armed, &operation);
    times_pack(out, 1000, &operation.times);
    put(writer, out);
}

static void put_rest(struct snapshot_writer *writer, struct buf *out)
{
    buf_char(out, SAVED_QUEUED);
    event_pack(out, 1000, &(struct saved_event){1000, B("queued"), B("_INTERNAL")});
    put(writer, out);
    buf_char(out, SAVED_PENDING);
    event_pack(out, 1000, &(struct saved_event){1010, B("pending"), B("_INTERNAL")});
    put(writer, out);
    buf_char(out, SAVED_VARIABLE);
    variable_pack(out, &(struct saved_variable){B("count"), 3, B("3")});
    variable_pack(out, &(struct saved_variable){B("none"), 1, B("")});
    put(writer, out);
    buf_char(out, SAVED_WINDOW);
    window_pack(out, &(struct saved_window){.of = WINDOW_SOURCE,
                                            .source = B("web.log"),
                                            .size = 5,
                                            .count = 1,
                                            .lines = &kept_line});
    put(writer, out);
    buf_char(out, SAVED_CHILD);
    child_pack(out, &(struct saved_child){B("sleep 1000"), B(""), true});
    put(writer, out);
}

/* unknown: a record that is none of ours follows. */
static void put_snapshot(uint64_t generation, bool unknown)
{
    struct snapshot_writer writer;
    struct buf why = {0}, out = {0};
    struct saved_head head = {.version = 1,
                              .program = B("secant 1"),
                              .second = 1000,
                              .cleaned = 999,
                              .touched = 1000,
                              .calendar = 1020,
                              .lines = 12345,
                              .matches = 2};
    struct saved_end end = {.contexts = 1, .operations = 1};
    ck_assert(snapshot_begin(&writer, &folder, generation, &why));
    buf_char(&out, SAVED_HEAD);
    head_pack(&out, &head);
    put(&writer, &out);
    put_rules(&writer, &out);
    put_context(&writer, &out);
    put_operation(&writer, &out);
    put_rest(&writer, &out);
    if (unknown)
        snapshot_put(&writer, B("?"));
    buf_char(&out, SAVED_END);
    end_pack(&out, &end);
    put(&writer, &out);
    ck_assert(snapshot_commit(&writer, &why));
    buf_free(&out);
}

static void put_journal(uint64_t generation, bool closed)
{
    struct journal_writer writer;
    struct buf why = {0};
    ck_assert(journal_create(&writer, &folder, generation, &why));
    if (closed)
        ck_assert(journal_close(&writer, &why));
    else
        journal_leave(&writer);
}

static void put_generations(uint64_t last)
{
    for (uint64_t generation = 1; generation <= last; generation++) {
        put_journal(generation, generation < last);
        put_snapshot(generation, false);
    }
}

static char *name_of(const char *name)
{
    static char whole[sizeof(path) + 64];
    snprintf(whole, sizeof(whole), "%s/%s", path, name);
    return whole;
}

static void damage(const char *name, off_t at)
{
    int fd = open(name_of(name), O_WRONLY | O_CLOEXEC);
    ck_assert_int_eq(pwrite(fd, "\x55", 1, at), 1);
    close(fd);
}

/* -- Tests -- */

START_TEST(sound_files_are_told_with_what_a_start_takes)
{
    put_generations(2);
    off_t size = 0;
    struct stat info;
    ck_assert_int_eq(stat(name_of("snapshot.000001"), &info), 0);
    size = info.st_size;
    ck_assert_int_eq(tell(check), INSPECT_FINE);
    struct buf want = {0};
    buf_printf(&want,
               "F/snapshot.000001: sound, 1 frame, %d bytes\n"
               "F/journal.000001: sound, 0 batches, 50 bytes\n"
               "F/snapshot.000002: sound, 1 frame, %d bytes\n"
               "F/journal.000002: sound, 0 batches, 33 bytes\n"
               "A start continues from generation 2, and 0 batches of journals\n",
               (int)size, (int)size);
    ck_bytes_eq(buf_bytes(&said), buf_bytes(&want));
    buf_free(&want);
}
END_TEST

START_TEST(a_journal_that_is_cut_after_its_first_batch_is_no_finding)
{
    struct journal_writer writer;
    struct buf why = {0};
    struct stat journal;
    ck_assert(journal_create(&writer, &folder, 1, &why));
    ck_assert(journal_append(&writer, B("a batch"), &why));
    ck_assert(journal_append(&writer, B("another"), &why));
    journal_leave(&writer);
    put_snapshot(1, false);
    ck_assert_int_eq(stat(name_of("journal.000001"), &journal), 0);
    ck_assert_int_eq(truncate(name_of("journal.000001"), journal.st_size - 1), 0);
    ck_assert_int_eq(tell(check), INSPECT_FINE);
    ck_assert(bytes_find(buf_bytes(&said), B(", as after a crash, 1 batch before it, "), 0) >= 0);
    ck_assert_int_eq(truncate(name_of("journal.000001"), 20), 0);
    ck_assert_int_eq(tell(check), INSPECT_FOUND);
}
END_TEST

START_TEST(what_is_damaged_is_found_and_the_one_before_is_taken)
{
    put_generations(2);
    damage("snapshot.000002", 60);
    ck_assert_int_eq(tell(check), INSPECT_FOUND);
    ck_assert(
        bytes_find(buf_bytes(&said), B("F/snapshot.000002: damaged at byte 34, 0 frames"), 0) >= 0);
    ck_assert(bytes_ends(buf_bytes(&said),
                         B("A start continues from generation 1, and 0 batches of journals\n")));
    damage("snapshot.000001", 60);
    ck_assert_int_eq(tell(check), INSPECT_FOUND);
    ck_assert(bytes_find(buf_bytes(&said), B("A start is refused: F: there is a state"), 0) >= 0);
    ck_assert_int_eq(tell(show), INSPECT_FAILED);
    ck_assert(bytes_find(buf_bytes(&said), B("no sound snapshot"), 0) >= 0);
}
END_TEST

START_TEST(a_new_folder_is_told_as_such)
{
    ck_assert_int_eq(unlinkat(folder.fd, "lock", 0), 0); /* as set_up has made it */
    ck_assert_int_eq(tell(check), INSPECT_FINE);
    ck_said("A start begins empty: the folder is new\n");
    ck_assert_int_eq(tell(show), INSPECT_FAILED);
    ck_said("F: there is no snapshot\n");
    ck_assert_int_eq(tell(export), INSPECT_FAILED);
}
END_TEST

START_TEST(an_empty_start_is_a_finding)
{
    ck_assert_int_eq(tell(check), INSPECT_FOUND);
    ck_assert(bytes_starts(buf_bytes(&said), B("A start begins empty\nF: no snapshot is here")));
}
END_TEST

START_TEST(what_is_there_is_shown)
{
    put_generations(1);
    ck_assert_int_eq(tell(show), INSPECT_FINE);
    ck_said("F/snapshot.000001: the state of 1970-01-01 00:16:40, kept by secant 1\n"
            "12,345 lines processed; rules matched 2 times\n"
            "\nRules\n"
            "  web.sec:12 SingleWithThreshold, named guess, matched 2 times\n"
            "  web.sec:20 SingleWithThreshold, matched 2 times\n"
            "\nContexts\n"
            "  LOGIN_bob = ALIAS, since 1970-01-01 00:16:30, for 60 seconds, has actions, "
            "holds 2 events\n"
            "\nOperations\n"
            "  web.sec:20 SingleWithThreshold: guesses of bob, since 1970-01-01 00:16:30, "
            "for 60 seconds, 2 events\n"
            "\nQueued events\n  queued\n"
            "\nPending events\n  1970-01-01 00:16:50: pending\n"
            "\nVariables\n  %count = 3\n  %none has no value\n"
            "\nLines kept for patterns\n  web.log: 1 line\n"
            "\nProcesses that were running\n  sleep 1000\n");
}
END_TEST

START_TEST(a_generation_can_be_named)
{
    put_generations(3);
    ck_assert_int_eq(tell(show_second), INSPECT_FINE);
    ck_assert(bytes_starts(buf_bytes(&said), B("F/snapshot.000002: ")));
    damage("snapshot.000002", 60);
    ck_assert_int_eq(tell(show_second), INSPECT_FAILED);
    ck_said("F/snapshot.000002: damaged at byte 34\n");
}
END_TEST

START_TEST(everything_is_exported)
{
    put_generations(1);
    ck_assert_int_eq(tell(export), INSPECT_FINE);
    ck_said(
        "{\"snapshot\":1,\"kind\":\"head\",\"version\":1,\"program\":\"secant 1\","
        "\"second\":1000,\"rules\":\"0000000000000000\",\"cleaned\":999,\"touched\":1000,"
        "\"calendar\":1020,\"calendar_waits\":false,\"in_turn\":false,\"lines\":12345,"
        "\"matches\":2}\n"
        "{\"snapshot\":1,\"kind\":\"rule\",\"id\":0,\"file\":\"web.sec\",\"number\":3,"
        "\"line\":12,\"type\":\"SingleWithThreshold\",\"name\":\"guess\",\"mark\":\"0000000000000"
        "0ff\",\"twin\":0,\"matches\":2,\"events\":0,\"nanoseconds\":0,\"acted\":[0,"
        "0,0,0,0],\"keys\":[{\"match\":1,\"number\":1}]}\n"
        "{\"snapshot\":1,\"kind\":\"rule\",\"id\":1,\"file\":\"web.sec\",\"number\":3,"
        "\"line\":20,\"type\":\"SingleWithThreshold\",\"name\":\"\",\"mark\":\"00000000000000ff\","
        "\"twin\":0,\"matches\":2,\"events\":0,\"nanoseconds\":0,\"acted\":[0,0,0,"
        "0,0],\"keys\":[{\"match\":1,\"number\":1}]}\n"
        "{\"snapshot\":1,\"kind\":\"list\",\"id\":0,\"rule\":0,\"nth\":1,\"passes\":1,"
        "\"actions\":\"write - x\",\"file\":\"\",\"keys\":[]}\n"
        "{\"snapshot\":1,\"kind\":\"context\",\"names\":[\"LOGIN_bob\",\"ALIAS\"],"
        "\"first\":900,\"since\":990,\"lifetime\":60,\"due\":1051,\"armed\":7,\"ending\":false,"
        "\"window_given\":false,\"window_compared\":false,\"list\":0,\"desc\":\"\","
        "\"values\":[{\"key\":0,\"value\":\"bob\"}],\"raw_first\":false,\"raw_second\":false,"
        "\"second_match\":false,\"events\":[{\"time\":995,\"text\":\"kept\\u001B\"}]}\n"
        "{\"snapshot\":1,\"kind\":\"store\",\"events\":[{\"time\":995,\"text\":\"kept\\u001B\"}]}\n"
        "{\"snapshot\":1,\"kind\":\"operation\",\"rule\":1,\"desc\":\"guesses of bob\","
        "\"start\":980,\"since\":990,\"window\":60,\"armed\":3,\"suppressing\":false,"
        "\"second_pass\":false,\"times\":[990,999],\"more\":false}\n"
        "{\"snapshot\":1,\"kind\":\"queued\",\"text\":\"queued\",\"context\":\"_INTERNAL\"}\n"
        "{\"snapshot\":1,\"kind\":\"pending\",\"due\":1010,\"text\":\"pending\",\"context\":\"_IN"
        "TERNAL\"}\n"
        "{\"snapshot\":1,\"kind\":\"variable\",\"name\":\"count\",\"value\":\"3\","
        "\"is_number\":true}\n"
        "{\"snapshot\":1,\"kind\":\"variable\",\"name\":\"none\",\"value\":null}\n"
        "{\"snapshot\":1,\"kind\":\"window\",\"of\":\"source\",\"source\":\"web.log\","
        "\"size\":5,\"position\":0,\"lines\":[{\"line\":\"a line\",\"source\":\"web.log\"}]}\n"
        "{\"snapshot\":1,\"kind\":\"child\",\"command\":\"sleep 1000\",\"context\":\"\","
        "\"script\":true}\n"
        "{\"snapshot\":1,\"kind\":\"end\",\"contexts\":1,\"operations\":1,\"queued\":0,"
        "\"pending\":0,\"variables\":0,\"perl\":0}\n");
}
END_TEST

static void put_batch(struct journal_writer *writer, struct bytes batch)
{
    struct buf why = {0};
    ck_assert(journal_append(writer, batch, &why));
}

START_TEST(journals_are_exported_after_their_snapshot)
{
    struct durable_range left = {3, 5};
    const struct entry entries[] = {
        {.kind = ENTRY_BEGIN},
        {.kind = ENTRY_DISK},
        {.kind = ENTRY_BOOT, .text = B("a-b-c")},
        {.kind = ENTRY_SECOND, .second = 1001},
        {.kind = ENTRY_INPUT, .number = 1, .place = {.name = B("web.log"), .pattern = B("*.log")}},
        {.kind = ENTRY_FILE, .number = 1, .place = {.device = 1, .inode = 2, .offset = 3}},
        {.kind = ENTRY_BYTES, .number = 2, .text = B("a\n")},
        {.kind = ENTRY_TAKEN, .number = 2},
        {.kind = ENTRY_LINES, .number = 1, .count = 2, .bytes = 30},
        {.kind = ENTRY_PASSED, .number = 1, .bytes = 7},
        {.kind = ENTRY_OUTPUT, .text = B("x"), .context = B("c")},
        {.kind = ENTRY_SCRIPT, .number = 4, .count = 256},
        {.kind = ENTRY_EFFECTS, .sum = {4, 255}},
        {.kind = ENTRY_WRITTEN, .file = {B("out"), 1, 5, 9, &left, 1}},
    };
    static const char *const want[] = {
        "\"begin\"}",
        "\"disk\"}",
        "\"boot\",\"text\":\"a-b-c\"}",
        "\"second\",\"second\":1001}",
        "\"input\",\"input\":1,\"name\":\"web.log\",\"context\":\"\",\"pattern\":\"*.log\","
        "\"dynamic\":false}",
        "\"file\",\"input\":1,\"after\":0,\"name\":\"\"",
        "\"bytes\",\"input\":2,\"text\":\"a\\n\"}",
        "\"taken\",\"input\":2}",
        "\"lines\",\"input\":1,\"lines\":2,\"bytes\":30}",
        "\"passed\",\"input\":1,\"bytes\":7}",
        "\"output\",\"context\":\"c\",\"text\":\"x\"}",
        "\"script\",\"effect\":4,\"exit\":256}",
        "\"effects\",\"effect\":4,\"hash\":\"00000000000000ff\"}",
        "\"written\",\"name\":\"out\",\"device\":1,\"inode\":5,\"length\":9,"
        "\"left\":[{\"from\":3,\"to\":5}]}",
    };
    enum { ENTRIES = sizeof(entries) / sizeof(*entries) };
    struct journal_writer writer;
    struct buf batch = {0}, why = {0};
    ck_assert(journal_create(&writer, &folder, 1, &why));
    for (size_t i = 0; i < ENTRIES; i++) {
        entry_pack(&batch, &entries[i]);
        if (i % 3 == 0 || i == ENTRIES - 1) {
            put_batch(&writer, buf_bytes(&batch));
            buf_clear(&batch);
        }
    }
    put_snapshot(1, false);
    ck_assert_int_eq(tell(export), INSPECT_FINE);
    struct bytes rest = buf_bytes(&said), line;
    size_t count = 0;
    while (bytes_piece(&rest, '\n', &line)) {
        if (!bytes_starts(line, B("{\"journal\":1,\"kind\":")))
            continue;
        ck_assert_uint_lt(count, ENTRIES);
        struct bytes members = bytes_from(line, B("{\"journal\":1,\"kind\":").len);
        ck_assert_msg(bytes_starts(members, bytes_of(want[count])), "%.*s", (int)line.len,
                      line.ptr);
        count++;
    }
    ck_assert_uint_eq(count, ENTRIES);
    put_batch(&writer, B("?"));
    ck_assert_int_eq(tell(export), INSPECT_FOUND);
    ck_assert(bytes_find(buf_bytes(&said), B("F/journal.000001: an entry that this"), 0) >= 0);
    journal_leave(&writer);
    buf_free(&batch);
}
END_TEST

START_TEST(a_record_that_is_not_known_is_told)
{
    put_journal(1, false);
    put_snapshot(1, true);
    ck_assert_int_eq(tell(show), INSPECT_FOUND);
    ck_assert(bytes_find(buf_bytes(&said),
                         B("F/snapshot.000001: record 12 is not known to this Secant\n"), 0) >= 0);
    ck_assert_int_eq(tell(export), INSPECT_FOUND);
}
END_TEST

RUN_TESTS_AROUND("inspect", set_up, tear_down, sound_files_are_told_with_what_a_start_takes,
                 a_journal_that_is_cut_after_its_first_batch_is_no_finding,
                 what_is_damaged_is_found_and_the_one_before_is_taken, a_new_folder_is_told_as_such,
                 an_empty_start_is_a_finding, what_is_there_is_shown, a_generation_can_be_named,
                 everything_is_exported, journals_are_exported_after_their_snapshot,
                 a_record_that_is_not_known_is_told)
