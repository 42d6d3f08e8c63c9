/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "durable/writing.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pack.h"
#include "base/write_whole.h"

enum { FRAME_RECORDS = 256 * 1024 }; /* bytes of records that go into a frame */

static bool fail(const struct state_folder *folder, enum state_file kind, uint64_t generation,
                 const char *suffix, int error, struct buf *why)
{
    char name[STATE_NAME];
    state_file_name(name, kind, generation, suffix);
    errno = error;
    return state_file_failed(folder, name, why);
}

static int create(const struct state_folder *folder, enum state_file kind, uint64_t generation,
                  const char *suffix)
{
    char name[STATE_NAME];
    state_file_name(name, kind, generation, suffix);
    return openat(folder->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

/* Snapshots. */

static void write_out(struct snapshot_writer *writer)
{
    if (!writer->error && !write_whole(writer->fd, buf_bytes(&writer->out)))
        writer->error = errno;
    writer->size += writer->out.len;
    buf_clear(&writer->out);
}

static void end_records(struct snapshot_writer *writer)
{
    frame_put(&writer->frames, buf_bytes(&writer->records), &writer->out);
    buf_clear(&writer->records);
    write_out(writer);
}

bool snapshot_begin(struct snapshot_writer *writer, const struct state_folder *folder,
                    uint64_t generation, struct buf *why)
{
    struct frame_head head = {B("secant-snapshot"), SNAPSHOT_VERSION, generation};
    *writer = (struct snapshot_writer){.folder = folder, .generation = generation};
    writer->fd = create(folder, STATE_SNAPSHOT, generation, ".new");
    if (writer->fd < 0)
        return fail(folder, STATE_SNAPSHOT, generation, ".new", errno, why);
    frame_begin(&writer->frames, &head, &writer->out);
    return true;
}

void snapshot_put(void *arg, struct bytes record)
{
    struct snapshot_writer *writer = arg;
    if (record.len > FRAME_LONGEST - 10)
        writer->error = EFBIG;
    if (writer->error)
        return;
    if (writer->records.len > 0 && writer->records.len + record.len > FRAME_RECORDS)
        end_records(writer);
    pack_text(&writer->records, record);
}

static void end_writer(struct snapshot_writer *writer)
{
    close(writer->fd);
    writer->fd = -1;
    buf_free(&writer->records);
    buf_free(&writer->out);
}

void snapshot_remove_unfinished(const struct state_folder *folder, uint64_t generation)
{
    char name[STATE_NAME];
    state_file_name(name, STATE_SNAPSHOT, generation, ".new");
    unlinkat(folder->fd, name, 0);
}

void snapshot_abandon(struct snapshot_writer *writer)
{
    end_writer(writer);
    snapshot_remove_unfinished(writer->folder, writer->generation);
}

bool snapshot_commit(struct snapshot_writer *writer, struct buf *why)
{
    const struct state_folder *folder = writer->folder;
    char unfinished[STATE_NAME], name[STATE_NAME];
    state_file_name(unfinished, STATE_SNAPSHOT, writer->generation, ".new");
    state_file_name(name, STATE_SNAPSHOT, writer->generation, "");
    if (writer->records.len > 0)
        end_records(writer);
    frame_close(&writer->frames, &writer->out);
    write_out(writer);
    if (!writer->error &&
        (fdatasync(writer->fd) != 0 || renameat(folder->fd, unfinished, folder->fd, name) != 0))
        writer->error = errno;
    if (writer->error) {
        snapshot_abandon(writer);
        return fail(folder, STATE_SNAPSHOT, writer->generation, ".new", writer->error, why);
    }
    end_writer(writer);
    return state_folder_sync(folder, why);
}

void snapshot_in_child(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* Journals. */

static bool journal_failed(struct journal_writer *writer, int error, struct buf *why)
{
    writer->error = error;
    return fail(writer->folder, STATE_JOURNAL, writer->generation, "", error, why);
}

enum { HINT = 1 << 20 }; /* bytes */

/* A journal of pipes grows fast: the disk begins at once, so that a sync waits for less. */
static void hint(struct journal_writer *writer)
{
    if (writer->size - writer->hinted < HINT)
        return;
    sync_file_range(writer->fd, (off_t)writer->hinted, (off_t)(writer->size - writer->hinted),
                    SYNC_FILE_RANGE_WRITE); /* refused: the sync does it */
    writer->hinted = writer->size;
}

/* Writes what is in `out`, or none of it. */
static bool write_frames(struct journal_writer *writer, struct buf *why)
{
    size_t length = writer->out.len;
    int error = write_whole(writer->fd, buf_bytes(&writer->out)) ? 0 : errno;
    buf_clear(&writer->out);
    if (!error) {
        writer->size += length;
        writer->dirty = true;
        hint(writer);
        return true;
    }
    bool whole = ftruncate(writer->fd, (off_t)writer->size) == 0;
    (void)whole; /* if not, a reader sees that the file is cut */
    return journal_failed(writer, error, why);
}

void journal_remove(const struct state_folder *folder, uint64_t generation)
{
    char name[STATE_NAME];
    state_file_name(name, STATE_JOURNAL, generation, "");
    unlinkat(folder->fd, name, 0);
}

bool journal_create(struct journal_writer *writer, const struct state_folder *folder,
                    uint64_t generation, struct buf *why)
{
    struct frame_head head = {B("secant-journal"), JOURNAL_VERSION, generation};
    *writer = (struct journal_writer){.folder = folder, .generation = generation};
    writer->fd = create(folder, STATE_JOURNAL, generation, "");
    if (writer->fd < 0)
        return journal_failed(writer, errno, why);
    frame_begin(&writer->frames, &head, &writer->out);
    bool fine =
        write_frames(writer, why) && journal_sync(writer, why) && state_folder_sync(folder, why);
    if (!fine) {
        journal_leave(writer);
        journal_remove(folder, generation);
    }
    return fine;
}

bool journal_append(struct journal_writer *writer, struct bytes batch, struct buf *why)
{
    if (writer->error)
        return journal_failed(writer, writer->error, why);
    if (batch.len > FRAME_LONGEST)
        return journal_failed(writer, EFBIG, why);
    frame_put(&writer->frames, batch, &writer->out);
    return write_frames(writer, why);
}

/* It takes what is written to it, and nobody will find it. */
static bool is_removed(const struct journal_writer *writer)
{
    struct stat status;
    return fstat(writer->fd, &status) == 0 && status.st_nlink == 0;
}

bool journal_sync(struct journal_writer *writer, struct buf *why)
{
    if (writer->error)
        return journal_failed(writer, writer->error, why);
    if (writer->dirty && fdatasync(writer->fd) != 0)
        return journal_failed(writer, errno, why);
    if (writer->dirty && is_removed(writer))
        return journal_failed(writer, ENOENT, why);
    writer->dirty = false;
    return true;
}

bool journal_close(struct journal_writer *writer, struct buf *why)
{
    if (!writer->error)
        frame_close(&writer->frames, &writer->out);
    bool fine = writer->error ? journal_failed(writer, writer->error, why)
                              : write_frames(writer, why) && journal_sync(writer, why);
    journal_leave(writer);
    return fine;
}

void journal_leave(struct journal_writer *writer)
{
    if (writer->fd >= 0)
        close(writer->fd);
    buf_free(&writer->out);
    writer->fd = -1;
}
