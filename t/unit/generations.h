/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Generations in a folder of state of their own, which records and batches tell of. */
#ifndef SECANT_UNIT_GENERATIONS_H
#define SECANT_UNIT_GENERATIONS_H

#include "unit.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "durable/journals.h"
#include "durable/newest.h"
#include "durable/writing.h"

static char top[] = "/tmp/check_folder.XXXXXX";
static char path[sizeof(top) + 8];
static struct state_folder folder;
static struct buf why;

#define fine(call) ck_assert_msg((call) && why.len == 0, "%.*s", (int)why.len, why.ptr)

static inline void set_up(void)
{
    memcpy(top + sizeof(top) - 7, "XXXXXX", 6);
    ck_assert_ptr_nonnull(mkdtemp(top));
    snprintf(path, sizeof(path), "%s/state", top);
    fine(state_folder_open(&folder, bytes_of(path), &why));
}

static inline void tear_down(void)
{
    char command[sizeof(top) + 16];
    state_folder_close(&folder);
    buf_free(&why);
    snprintf(command, sizeof(command), "rm -rf %s", top);
    ck_assert_int_eq(system(command), 0);
}

static inline char *name_of(const char *name)
{
    static char whole[sizeof(path) + 64];
    snprintf(whole, sizeof(whole), "%s/%s", path, name);
    return whole;
}

static inline bool is_there(const char *name)
{
    return access(name_of(name), F_OK) == 0;
}

static inline void ck_why(const char *tail)
{
    ck_assert_msg(bytes_ends(buf_bytes(&why), bytes_of(tail)), "%.*s", (int)why.len, why.ptr);
    buf_clear(&why);
}

/* Writes whole generations; records and batches tell of which they are. */

static inline struct bytes label(const char *what, uint64_t generation, uint64_t number)
{
    static char text[64];
    int length = snprintf(text, sizeof(text), "%s %d.%d", what, (int)generation, (int)number);
    return bytes_make(text, (size_t)length);
}

static inline void put_snapshot(uint64_t generation)
{
    struct snapshot_writer writer;
    fine(snapshot_begin(&writer, &folder, generation, &why));
    for (uint64_t i = 0; i < 3; i++)
        snapshot_put(&writer, label("record", generation, i));
    fine(snapshot_commit(&writer, &why));
}

static inline void put_journal(uint64_t generation, uint64_t batches, bool closed)
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

static inline void put_generations(uint64_t last)
{
    for (uint64_t number = 1; number <= last; number++) {
        put_journal(number, 2, number < last);
        put_snapshot(number);
    }
}

/* Changes bytes of a file from the outside. */

static inline void write_over(const char *name, off_t at, struct bytes bytes)
{
    int fd = open(name_of(name), O_WRONLY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(pwrite(fd, bytes.ptr, bytes.len, at), (ssize_t)bytes.len);
    close(fd);
}

static inline void damage(const char *name)
{
    write_over(name, 40, B("\x55"));
}

static inline void ck_records(struct state_reading *snapshot, uint64_t generation)
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
static inline void ck_newest(uint64_t generation, size_t bad, uint64_t last)
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
static inline void ck_batches(uint64_t from, uint64_t last, const char *want, const char *problem)
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
static inline void ck_broken(uint64_t from, uint64_t last, const char *want)
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

#endif
