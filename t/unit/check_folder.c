/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of durable: the folder of a state, its lock, and what is written there. */
#include "generations.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include "base/rewrite.h"

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
                 what_is_no_folder_is_an_error, a_child_writes_a_snapshot_while_the_journal_grows,
                 an_unfinished_snapshot_goes_at_the_next_start,
                 a_journal_that_cannot_grow_keeps_what_it_has, a_snapshot_that_cannot_grow_is_none,
                 large_records_come_back, a_generation_is_not_written_twice,
                 three_generations_are_kept, generations_are_listed_in_order)
