/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of durable: generations in a folder, what a start takes of them, and what it makes of files
 * that are cut, changed or missing. */
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/rewrite.h"
#include "durable/reading.h"
#include "durable/writing.h"
#include "unit.h"

static char top[] = "/tmp/check_folder.XXXXXX";
static char path[sizeof(top) + 8];
static struct state_folder folder;
static struct buf why;

#define fine(call) ck_assert_msg((call) && why.len == 0, "%.*s", (int)why.len, why.ptr)

static void set_up(void)
{
    memcpy(top + sizeof(top) - 7, "XXXXXX", 6);
    ck_assert_ptr_nonnull(mkdtemp(top));
    snprintf(path, sizeof(path), "%s/state", top);
    fine(state_folder_open(&folder, bytes_of(path), &why));
}

static void tear_down(void)
{
    char command[sizeof(top) + 16];
    state_folder_close(&folder);
    buf_free(&why);
    snprintf(command, sizeof(command), "rm -rf %s", top);
    ck_assert_int_eq(system(command), 0);
}

static char *name_of(const char *name)
{
    static char whole[sizeof(path) + 64];
    snprintf(whole, sizeof(whole), "%s/%s", path, name);
    return whole;
}

static bool is_there(const char *name)
{
    return access(name_of(name), F_OK) == 0;
}

static void ck_why(const char *tail)
{
    ck_assert_msg(bytes_ends(buf_bytes(&why), bytes_of(tail)), "%.*s", (int)why.len, why.ptr);
    buf_clear(&why);
}

/* Writes whole generations; records and batches tell of which they are. */

static struct bytes label(const char *what, uint64_t generation, uint64_t number)
{
    static char text[64];
    int length = snprintf(text, sizeof(text), "%s %d.%d", what, (int)generation, (int)number);
    return bytes_make(text, (size_t)length);
}

static void put_snapshot(uint64_t generation)
{
    struct snapshot_writer writer;
    fine(snapshot_begin(&writer, &folder, generation, &why));
    for (uint64_t i = 0; i < 3; i++)
        snapshot_put(&writer, label("record", generation, i));
    fine(snapshot_commit(&writer, &why));
}

static void put_journal(uint64_t generation, uint64_t batches, bool closed)
{
    struct journal_writer writer;
    fine(journal_create(&writer, &folder, generation, &why));
    for (uint64_t i = 0; i < batches; i++)
        fine(journal_append(&writer, label("batch", generation, i), &why));
    fine(journal_sync(&writer, &why));
    if (closed)
        fine(journal_close(&writer, &why));
    else
        journal_leave(&writer);
}

static void put_generations(uint64_t last)
{
    for (uint64_t number = 1; number <= last; number++) {
        put_journal(number, 2, number < last);
        put_snapshot(number);
    }
}

/* Changes bytes of a file from the outside. */

static void write_over(const char *name, off_t at, struct bytes bytes)
{
    int fd = open(name_of(name), O_WRONLY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(pwrite(fd, bytes.ptr, bytes.len, at), (ssize_t)bytes.len);
    close(fd);
}

static void damage(const char *name)
{
    write_over(name, 40, B("\x55"));
}

static void ck_records(struct state_reading *snapshot, uint64_t generation)
{
    struct unpack records = {0};
    struct bytes record;
    uint64_t count = 0;
    for (; snapshot_next(snapshot, &records, &record); count++)
        ck_bytes_eq(record, label("record", generation, count));
    ck_assert(!records.failed);
    ck_assert_uint_eq(count, 3);
}

/* What a start takes: the snapshot of that generation; so many damaged ones were passed over. */
static void ck_newest(uint64_t generation, size_t bad, uint64_t last)
{
    struct state_newest newest;
    ck_assert_int_eq(state_find_newest(&newest, &folder, &why), STATE_FOUND);
    ck_assert_uint_eq(newest.snapshot.generation, generation);
    ck_assert_uint_eq(newest.bad.count, bad);
    ck_assert_uint_eq(newest.last, last);
    ck_records(&newest.snapshot, generation);
    state_newest_free(&newest);
}

/* The batches from a generation on, each as GENERATION.NUMBER, and the problems. */
static void ck_batches(uint64_t from, uint64_t last, const char *want, const char *problem)
{
    struct journals journals;
    struct bytes batch;
    struct buf got = {0};
    journals_begin(&journals, &folder, from, last);
    while (journals_next(&journals, &batch)) {
        ck_assert(bytes_starts(batch, B("batch ")));
        buf_cat(&got, bytes_from(batch, 6), B(" "));
    }
    ck_assert(!journals_next(&journals, &batch));
    ck_bytes_eq(buf_bytes(&got), bytes_of(want));
    if (*problem)
        ck_assert_msg(bytes_find(buf_bytes(&journals.problems), bytes_of(problem), 0) >= 0, "%.*s",
                      (int)journals.problems.len, journals.problems.ptr);
    else
        ck_bytes_eq(buf_bytes(&journals.problems), B(""));
    journals_free(&journals);
    buf_free(&got);
}

/* Something is lost, which no crash has done: these journals are of no more use. */
static void ck_broken(uint64_t from, uint64_t last, const char *want)
{
    struct journals journals;
    struct bytes batch;
    struct buf got = {0};
    journals_begin(&journals, &folder, from, last);
    while (journals_next(&journals, &batch))
        ;
    for (size_t i = 0; i < journals.bad.count; i++)
        buf_cat(&got, NUM(journals.bad.items[i].generation), B(" "));
    ck_assert(journals.broken);
    ck_bytes_eq(buf_bytes(&got), bytes_of(want));
    journals_free(&journals);
    buf_free(&got);
}

START_TEST(folder_and_files_are_the_owners_alone)
{
    static const char *const names[] = {"", "lock", "journal.000001", "snapshot.000001"};
    put_generations(1);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        struct stat info;
        ck_assert_int_eq(stat(name_of(names[i]), &info), 0);
        ck_assert_uint_eq(info.st_mode & 07777, i ? 0600 : 0700);
    }
}
END_TEST

START_TEST(a_second_process_is_refused_and_told_who_has_it)
{
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        struct state_folder other, look;
        struct buf told = {0};
        char tail[64];
        int length = snprintf(tail, sizeof(tail), "state: in use by process %d", (int)parent);
        bool refused = !state_folder_open(&other, bytes_of(path), &told) &&
                       bytes_ends(buf_bytes(&told), bytes_make(tail, (size_t)length));
        bool held =
            state_folder_look(&look, bytes_of(path), &told) && state_folder_holder(&look) == parent;
        _exit(refused && held ? 0 : 1);
    }
    int status = 1;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(a_lock_ends_with_its_process)
{
    state_folder_close(&folder);
    pid_t child = fork();
    if (child == 0)
        _exit(state_folder_open(&folder, bytes_of(path), &why) ? 0 : 1);
    int status = 1;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    fine(state_folder_open(&folder, bytes_of(path), &why));
}
END_TEST

START_TEST(what_is_no_folder_is_an_error)
{
    struct state_folder other;
    put_journal(1, 0, false);
    ck_assert(!state_folder_open(&other, bytes_of(name_of("journal.000001")), &why));
    ck_why("/state/journal.000001: Not a directory");
    ck_assert(!state_folder_open(&other, bytes_of(name_of("none/state")), &why));
    ck_why("/state/none/state: No such file or directory");
    ck_assert(!state_folder_look(&other, bytes_of(name_of("none")), &why));
    ck_why("/state/none: No such file or directory");
}
END_TEST

/* Where there may have been something, an empty start is told; so many files are no good. */
static void ck_empty_start_told(struct state_newest *newest, size_t bad)
{
    struct bytes told = buf_bytes(&newest->problems);
    ck_assert_msg(bytes_find(told, B("/state: no snapshot is here, so it begins empty"), 0) >= 0,
                  "%.*s", (int)told.len, told.ptr);
    ck_assert_uint_eq(newest->bad.count, bad);
    state_newest_free(newest);
}

START_TEST(a_folder_that_was_used_does_not_begin_empty_in_silence)
{
    struct state_newest newest;
    state_folder_close(&folder);
    fine(state_folder_open(&folder, bytes_of(path), &why)); /* now it has a lock */
    ck_assert_int_eq(state_find_newest(&newest, &folder, &why), STATE_NONE);
    ck_empty_start_told(&newest, 0);
    put_journal(1, 1, false);
    ck_assert_int_eq(truncate(name_of("journal.000001"), 40), 0);
    ck_assert_int_eq(state_find_newest(&newest, &folder, &why), STATE_NONE);
    ck_assert(bytes_find(buf_bytes(&newest.problems), B("/journal.000001: cut at byte 33\n"), 0) >=
              0);
    ck_empty_start_told(&newest, 1);
}
END_TEST

/* What has the name of a file and is none: nobody waits for it, and the start goes on without. */
START_TEST(a_fifo_a_folder_and_a_link_are_no_files)
{
    put_generations(3);
    ck_assert_int_eq(unlink(name_of("snapshot.000003")), 0);
    ck_assert_int_eq(mkfifo(name_of("snapshot.000003"), 0600), 0);
    ck_newest(2, 1, 3);
    ck_assert_int_eq(unlink(name_of("journal.000003")), 0);
    ck_assert_int_eq(mkdir(name_of("journal.000003"), 0700), 0);
    ck_batches(2, 3, "2.0 2.1 ", "/journal.000003: is not a regular file");
    ck_assert_int_eq(rmdir(name_of("journal.000003")), 0);
    ck_assert_int_eq(symlink("journal.000002", name_of("journal.000003")), 0);
    ck_batches(2, 3, "2.0 2.1 ", "/journal.000003: is not a regular file");
    fine(state_file_set_aside(&folder, STATE_SNAPSHOT, 3, &why));
    ck_assert(is_there("snapshot.000003.bad") && !is_there("snapshot.000003"));
}
END_TEST

START_TEST(a_new_folder_has_nothing)
{
    struct state_newest newest;
    ck_assert_int_eq(state_find_newest(&newest, &folder, &why), STATE_NONE);
    ck_assert_uint_eq(newest.last, 0);
    state_newest_free(&newest);
    ck_bytes_eq(buf_bytes(&newest.problems), B(""));
    put_journal(1, 0, false); /* a first start that ended before its snapshot was there */
    ck_assert_int_eq(state_find_newest(&newest, &folder, &why), STATE_NONE);
    ck_assert_uint_eq(newest.last, 1);
    ck_empty_start_told(&newest, 0);
}
END_TEST

START_TEST(the_newest_generation_is_taken)
{
    put_generations(3);
    ck_newest(3, 0, 3);
    ck_batches(3, 3, "3.0 3.1 ", "");
    ck_batches(2, 3, "2.0 2.1 3.0 3.1 ", "");
    ck_batches(1, 3, "1.0 1.1 2.0 2.1 3.0 3.1 ", "");
}
END_TEST

START_TEST(the_journal_of_a_snapshot_that_was_not_finished_is_done_again)
{
    struct snapshot_writer writer;
    put_generations(1);
    put_journal(2, 1, true);
    put_snapshot(2);
    put_journal(3, 2, false);
    fine(snapshot_begin(&writer, &folder, 3, &why));
    snapshot_put(&writer, B("record"));
    ck_assert(is_there("snapshot.000003.new"));
    ck_newest(2, 0, 3);
    ck_batches(2, 3, "2.0 3.0 3.1 ", "");
    snapshot_abandon(&writer);
    ck_assert(!is_there("snapshot.000003.new"));
}
END_TEST

START_TEST(a_child_writes_a_snapshot_while_the_journal_grows)
{
    struct journal_writer journal;
    put_generations(1);
    fine(journal_create(&journal, &folder, 2, &why));
    pid_t child = fork();
    if (child == 0) {
        struct snapshot_writer writer;
        snapshot_in_child();
        bool begun = snapshot_begin(&writer, &folder, 2, &why);
        for (uint64_t i = 0; begun && i < 3; i++)
            snapshot_put(&writer, label("record", 2, i));
        _exit(begun && snapshot_commit(&writer, &why) ? 0 : 1);
    }
    fine(journal_append(&journal, label("batch", 2, 0), &why));
    int status = 1;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    fine(journal_append(&journal, label("batch", 2, 1), &why));
    journal_leave(&journal);
    ck_newest(2, 0, 2);
    ck_batches(2, 2, "2.0 2.1 ", "");
    pid_t other = fork(); /* the lock is still this process's */
    if (other == 0)
        _exit(state_folder_open(&folder, bytes_of(path), &why) ? 1 : 0);
    ck_assert_int_eq(waitpid(other, &status, 0), other);
    ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(an_unfinished_snapshot_goes_at_the_next_start)
{
    struct snapshot_writer writer;
    fine(snapshot_begin(&writer, &folder, 7, &why));
    close(writer.fd); /* as if its process had ended */
    buf_free(&writer.out);
    state_folder_close(&folder);
    ck_assert(is_there("snapshot.000007.new"));
    fine(state_folder_open(&folder, bytes_of(path), &why));
    ck_assert(!is_there("snapshot.000007.new"));
}
END_TEST

START_TEST(a_damaged_snapshot_is_passed_over_and_set_aside)
{
    put_generations(3);
    damage("snapshot.000003");
    ck_newest(2, 1, 3);
    ck_batches(2, 3, "2.0 2.1 3.0 3.1 ", "");
    fine(state_file_set_aside(&folder, STATE_SNAPSHOT, 3, &why));
    ck_assert(is_there("snapshot.000003.bad") && !is_there("snapshot.000003"));
    ck_newest(2, 0, 3);
}
END_TEST

START_TEST(all_damaged_is_no_empty_start)
{
    struct state_newest newest;
    put_generations(2);
    damage("snapshot.000002");
    damage("snapshot.000001");
    ck_assert_int_eq(state_find_newest(&newest, &folder, &why), STATE_REFUSED);
    ck_assert_uint_eq(newest.bad.count, 2);
    ck_assert(bytes_find(buf_bytes(&why), B("snapshot.000001: damaged at byte 34"), 0) >= 0);
    ck_assert(bytes_find(buf_bytes(&why), B("move the folder away"), 0) >= 0);
    buf_clear(&why);
    state_newest_free(&newest);
    for (uint64_t i = 1; i <= 2; i++)
        fine(state_file_set_aside(&folder, STATE_SNAPSHOT, i, &why));
    ck_assert_int_eq(state_find_newest(&newest, &folder, &why), STATE_REFUSED);
    buf_clear(&why);
    state_newest_free(&newest);
}
END_TEST

START_TEST(journals_without_a_snapshot_are_no_empty_start)
{
    struct state_newest newest;
    put_journal(1, 1, false); /* as at the first moment */
    ck_assert_int_eq(state_find_newest(&newest, &folder, &why), STATE_NONE);
    state_newest_free(&newest);
    put_journal(2, 2, false);
    ck_assert_int_eq(state_find_newest(&newest, &folder, &why), STATE_REFUSED);
    buf_clear(&why);
    state_newest_free(&newest);
}
END_TEST

/* A file of a later version, sound as far as we can know. */
static void put_newer(const char *name, struct bytes what, uint64_t generation)
{
    struct frame_writer writer;
    struct frame_head head = {what, 1000, generation};
    struct buf out = {0};
    frame_begin(&writer, &head, &out);
    frame_close(&writer, &out);
    ck_assert(file_replace(bytes_of(name_of(name)), buf_bytes(&out)));
    buf_free(&out);
}

START_TEST(a_newer_version_is_refused)
{
    struct state_newest newest;
    put_generations(1);
    put_newer("snapshot.000002", B("secant-snapshot"), 2);
    ck_assert_int_eq(state_find_newest(&newest, &folder, &why), STATE_REFUSED);
    ck_why("snapshot.000002: of version 1000, which is newer than this Secant");
    state_newest_free(&newest);
    struct state_reading reading;
    put_newer("journal.000002", B("secant-journal"), 2);
    state_read_file(&reading, &folder, STATE_JOURNAL, 2);
    ck_assert_int_eq(reading.verdict, STATE_NEWER);
    state_reading_free(&reading);
}
END_TEST

START_TEST(a_file_under_another_name_is_damaged)
{
    struct state_reading reading;
    put_generations(1);
    fine(state_file_set_aside(&folder, STATE_SNAPSHOT, 1, &why));
    ck_assert_int_eq(renameat(folder.fd, "snapshot.000001.bad", folder.fd, "snapshot.000002"), 0);
    state_read_file(&reading, &folder, STATE_SNAPSHOT, 2);
    ck_assert_int_eq(reading.verdict, STATE_DAMAGED);
    state_reading_free(&reading);
    ck_assert_int_eq(renameat(folder.fd, "journal.000001", folder.fd, "snapshot.000001"), 0);
    state_read_file(&reading, &folder, STATE_SNAPSHOT, 1);
    ck_assert_int_eq(reading.verdict, STATE_DAMAGED);
    state_reading_free(&reading);
}
END_TEST

/* The whole of a file that is in the folder. */
static struct bytes contents(const char *name)
{
    struct buf text = {0};
    ck_assert(file_read(name_of(name), &text));
    struct bytes copy = bytes_dup(buf_bytes(&text));
    buf_free(&text);
    return copy;
}

/* However the newest snapshot is cut or changed, the one before it is taken. */
START_TEST(no_byte_of_a_snapshot_is_used_unless_all_are_sound)
{
    put_generations(2);
    struct bytes whole = contents("snapshot.000002");
    for (size_t length = 0; length < whole.len; length++) {
        ck_assert_int_eq(truncate(name_of("snapshot.000002"), (off_t)length), 0);
        ck_newest(1, 1, 2);
        write_over("snapshot.000002", 0, whole);
    }
    for (size_t bit = 0; bit < whole.len * 8; bit++) {
        char byte = (char)(whole.ptr[bit / 8] ^ (1 << bit % 8));
        write_over("snapshot.000002", (off_t)(bit / 8), bytes_make(&byte, 1));
        ck_newest(1, 1, 2);
        write_over("snapshot.000002", 0, whole);
    }
    ck_newest(2, 0, 2);
    ck_batches(1, 2, "1.0 1.1 2.0 2.1 ", "");
    bytes_free(whole);
}
END_TEST

/* However a journal is cut, its whole batches are read; what is changed is told, and nothing of it
 * or after it is read. */
START_TEST(of_a_journal_what_comes_before_the_damage_is_read)
{
    put_generations(1);
    struct bytes whole = contents("journal.000001");
    size_t head = 16 + 17, frame = 16 + 9, ends[] = {head, head + frame, head + 2 * frame};
    static const char *const read[] = {"", "", "1.0 ", "1.0 1.1 "};
    ck_assert_uint_eq(whole.len, ends[2]);
    for (size_t at = 0; at < whole.len; at++) {
        size_t frames = at >= ends[1] ? 2 : at >= ends[0];
        ck_assert_int_eq(truncate(name_of("journal.000001"), (off_t)at), 0);
        bool told = frames < 2 && at != ends[0]; /* after its head a journal may end */
        ck_batches(1, 1, read[frames], told ? "/journal.000001: cut at byte " : "");
        write_over("journal.000001", 0, whole);
        for (int bit = 0; bit < 8; bit++) {
            char byte = (char)(whole.ptr[at] ^ (1 << bit));
            write_over("journal.000001", (off_t)at, bytes_make(&byte, 1));
            ck_batches(1, 1, read[frames], "/journal.000001: damaged at byte ");
        }
        write_over("journal.000001", 0, whole);
    }
    ck_batches(1, 1, "1.0 1.1 ", "");
    bytes_free(whole);
}
END_TEST

/* What a start says of a journal of these batches, a byte of one of which is another one, when the
 * machine has stopped since.  A "D" says that what was before it was synced. */
static bool is_told_as_torn(const char *batches, bool closed, size_t damaged)
{
    struct journal_writer writer;
    struct journals journals;
    struct bytes batch;
    off_t at = 0;
    fine(journal_create(&writer, &folder, 1, &why));
    for (size_t i = 0; batches[i]; i++) {
        if (i == damaged)
            at = (off_t)writer.size;
        fine(journal_append(&writer, bytes_make(batches + i, 1), &why));
    }
    if (closed)
        fine(journal_close(&writer, &why));
    else
        journal_leave(&writer);
    write_over("journal.000001", at + 2, B("\x55"));
    journals_begin(&journals, &folder, 1, 1);
    journals.stopped = true;
    while (journals_next(&journals, &batch))
        ;
    bool torn = bytes_find(buf_bytes(&journals.problems), B(": torn at byte "), 0) >= 0;
    ck_assert(torn == !journals.broken);
    ck_assert_uint_eq(journals.bad.count, !torn);
    journals_free(&journals);
    journal_remove(&folder, 1);
    return torn;
}

START_TEST(what_is_torn_and_what_is_damaged)
{
    ck_assert(is_told_as_torn("B", false, 0));
    ck_assert(is_told_as_torn("BBB", false, 0)); /* blocks come to the disk in any order */
    ck_assert(is_told_as_torn("BBD", false, 1)); /* of one sync */
    ck_assert(is_told_as_torn("DB", false, 0));
    ck_assert(is_told_as_torn("DBB", false, 1));
    ck_assert(!is_told_as_torn("BDB", false, 0)); /* the last one was written after a sync */
    ck_assert(!is_told_as_torn("BBBDD", false, 1));
    ck_assert(!is_told_as_torn("DDD", false, 0));
    ck_assert(!is_told_as_torn("BB", true, 1));
    ck_assert(!is_told_as_torn("BB", false, SIZE_MAX)); /* the head was synced before all */
}
END_TEST

START_TEST(a_batch_that_is_none_ends_the_journals)
{
    struct journals journals;
    struct bytes batch;
    put_generations(2);
    journals_begin(&journals, &folder, 1, 2);
    ck_assert(journals_next(&journals, &batch));
    journals_refuse(&journals, B("says nothing"));
    ck_assert(!journals_next(&journals, &batch));
    ck_assert(journals.broken);
    ck_assert_uint_eq(journals.bad.count, 2);
    ck_assert(bytes_find(buf_bytes(&journals.problems),
                         B("/journal.000001: the batch before byte 58 says nothing\n"), 0) >= 0);
    ck_assert(bytes_find(buf_bytes(&journals.problems), B("/journal.000002: not used"), 0) >= 0);
    journals_free(&journals);
}
END_TEST

START_TEST(batches_are_not_read_over_a_gap)
{
    put_generations(3);
    struct bytes whole = contents("journal.000002");
    ck_assert_int_eq(truncate(name_of("journal.000002"), (off_t)whole.len - 1), 0);
    ck_batches(1, 3, "1.0 1.1 2.0 2.1 ", "/journal.000003: not used: what comes before it is");
    ck_broken(1, 3, "3 ");
    write_over("journal.000002", 0, whole);
    damage("journal.000002");
    ck_broken(1, 3, "2 3 ");
    ck_assert_int_eq(unlink(name_of("journal.000002")), 0);
    ck_batches(1, 3, "1.0 1.1 ", "/journal.000002: is missing");
    ck_broken(1, 3, "3 ");
    ck_batches(1, 1, "1.0 1.1 ", "/journal.000002: is missing");
    /* However wide it is. */
    ck_batches(1, UINT64_MAX, "1.0 1.1 ", "/journal.000003: not used: what comes before it is");
    bytes_free(whole);
}
END_TEST

START_TEST(a_journal_that_cannot_grow_keeps_what_it_has)
{
    struct journal_writer writer;
    struct rlimit was, limit;
    put_snapshot(1);
    fine(journal_create(&writer, &folder, 1, &why));
    fine(journal_append(&writer, label("batch", 1, 0), &why));
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &was), 0);
    limit = was;
    limit.rlim_cur = writer.size + 20;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    ck_assert(!journal_append(&writer, label("batch", 1, 1), &why));
    ck_why("/state/journal.000001: File too large");
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &was), 0);
    ck_assert(!journal_append(&writer, label("batch", 1, 2), &why)); /* one is missing before it */
    ck_assert(!journal_sync(&writer, &why));
    ck_assert(!journal_close(&writer, &why));
    buf_clear(&why);
    ck_batches(1, 1, "1.0 ", "");
}
END_TEST

START_TEST(a_snapshot_that_cannot_grow_is_none)
{
    struct snapshot_writer writer;
    struct rlimit was, limit;
    put_generations(1);
    fine(snapshot_begin(&writer, &folder, 2, &why));
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &was), 0);
    limit = was;
    limit.rlim_cur = 30;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    snapshot_put(&writer, B("record"));
    ck_assert(!snapshot_commit(&writer, &why));
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &was), 0);
    ck_why("/state/snapshot.000002.new: File too large");
    ck_assert(!is_there("snapshot.000002.new") && !is_there("snapshot.000002"));
    ck_newest(1, 0, 1);
}
END_TEST

START_TEST(large_records_come_back)
{
    struct snapshot_writer writer;
    struct state_newest newest;
    struct unpack records = {0};
    struct bytes record;
    struct buf large = {0};
    uint64_t state = 1;
    size_t total = 0, count = 0;
    for (size_t i = 0; i < 1000 * 1000; i++)
        buf_char(&large, (char)next_number(&state, 256));
    fine(snapshot_begin(&writer, &folder, 1, &why));
    snapshot_put(&writer, B(""));
    for (size_t length = 1; length < large.len; length *= 3)
        snapshot_put(&writer, bytes_make(large.ptr, length));
    fine(snapshot_commit(&writer, &why));
    ck_assert_int_eq(state_find_newest(&newest, &folder, &why), STATE_FOUND);
    ck_assert_uint_gt(newest.snapshot.frames, 2);
    for (; snapshot_next(&newest.snapshot, &records, &record); count++) {
        ck_bytes_eq(record, bytes_make(large.ptr, total));
        total = total ? total * 3 : 1;
    }
    ck_assert(!records.failed && total > large.len);
    state_newest_free(&newest);
    buf_free(&large);
}
END_TEST

START_TEST(a_generation_is_not_written_twice)
{
    struct journal_writer journal;
    put_generations(1);
    ck_assert(!journal_create(&journal, &folder, 1, &why));
    ck_why("/state/journal.000001: File exists");
    ck_batches(1, 1, "1.0 1.1 ", "");
}
END_TEST

START_TEST(three_generations_are_kept)
{
    put_generations(5);
    put_journal(6, 1, false); /* its snapshot is not there yet */
    fine(state_folder_retain(&folder, 3, &why));
    ck_assert(!is_there("snapshot.000002") && !is_there("journal.000002"));
    ck_assert(!is_there("snapshot.000001") && !is_there("journal.000001"));
    ck_newest(5, 0, 6);
    ck_batches(3, 5, "3.0 3.1 4.0 4.1 5.0 5.1 ", "");
    fine(state_folder_retain(&folder, 3, &why));
    ck_assert(is_there("snapshot.000003") && is_there("journal.000003"));
}
END_TEST

START_TEST(generations_are_listed_in_order)
{
    struct state_generations list;
    static const char *const others[] = {"journal.7",        "snapshot.000000", "snapshot.0000008",
                                         "journal.000008.x", "other",           "snapshot."};
    put_snapshot(1234567);
    put_journal(12, 0, false);
    put_snapshot(2);
    put_journal(2, 0, false);
    put_journal(20, 0, false);
    fine(state_file_set_aside(&folder, STATE_JOURNAL, 20, &why));
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
        ck_assert(file_replace(bytes_of(name_of(others[i])), B("")));
    fine(state_generations(&folder, &list, &why));
    ck_assert_uint_eq(list.count, 4);
    ck_assert_uint_eq(list.last, 1234567);
    ck_assert(list.items[0].number == 2 && list.items[0].snapshot && list.items[0].journal);
    ck_assert(list.items[1].number == 12 && !list.items[1].snapshot && list.items[1].journal);
    ck_assert(list.items[2].number == 20 && list.items[2].bad && !list.items[2].journal);
    ck_assert(list.items[3].number == 1234567 && list.items[3].snapshot);
    free(list.items);
}
END_TEST

RUN_TESTS_AROUND("folder", set_up, tear_down, folder_and_files_are_the_owners_alone,
                 a_second_process_is_refused_and_told_who_has_it, a_lock_ends_with_its_process,
                 what_is_no_folder_is_an_error, a_new_folder_has_nothing,
                 a_folder_that_was_used_does_not_begin_empty_in_silence,
                 a_fifo_a_folder_and_a_link_are_no_files, the_newest_generation_is_taken,
                 the_journal_of_a_snapshot_that_was_not_finished_is_done_again,
                 a_child_writes_a_snapshot_while_the_journal_grows,
                 an_unfinished_snapshot_goes_at_the_next_start,
                 a_damaged_snapshot_is_passed_over_and_set_aside, all_damaged_is_no_empty_start,
                 what_is_torn_and_what_is_damaged, journals_without_a_snapshot_are_no_empty_start,
                 a_newer_version_is_refused, a_file_under_another_name_is_damaged,
                 no_byte_of_a_snapshot_is_used_unless_all_are_sound,
                 of_a_journal_what_comes_before_the_damage_is_read, batches_are_not_read_over_a_gap,
                 a_batch_that_is_none_ends_the_journals,
                 a_journal_that_cannot_grow_keeps_what_it_has, a_snapshot_that_cannot_grow_is_none,
                 large_records_come_back, a_generation_is_not_written_twice,
                 three_generations_are_kept, generations_are_listed_in_order)
