/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of durable: what a start takes of a folder, and what it makes of files that are cut,
 * changed or missing. */
#include "generations.h"

#include "base/mem.h"
#include "base/rewrite.h"

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

RUN_TESTS_AROUND(
    "reading", set_up, tear_down, a_folder_that_was_used_does_not_begin_empty_in_silence,
    a_fifo_a_folder_and_a_link_are_no_files, a_new_folder_has_nothing,
    the_newest_generation_is_taken, the_journal_of_a_snapshot_that_was_not_finished_is_done_again,
    a_damaged_snapshot_is_passed_over_and_set_aside, all_damaged_is_no_empty_start,
    journals_without_a_snapshot_are_no_empty_start, a_newer_version_is_refused,
    a_file_under_another_name_is_damaged, no_byte_of_a_snapshot_is_used_unless_all_are_sound,
    of_a_journal_what_comes_before_the_damage_is_read, what_is_torn_and_what_is_damaged,
    a_batch_that_is_none_ends_the_journals, batches_are_not_read_over_a_gap)
