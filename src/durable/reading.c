/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "durable/reading.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"

/* Bytes of a file. */

static bool read_whole(int fd, struct buf *bytes)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return false;
    for (size_t room = (size_t)info.st_size + 1;; room = 64 * 1024) {
        ssize_t got = read(fd, buf_room(bytes, room), room);
        if (got > 0)
            bytes->len += (size_t)got;
        else if (got == 0 || errno != EINTR)
            return got == 0;
    }
}

static int open_file(const struct state_folder *folder, enum state_file kind, uint64_t generation)
{
    char name[STATE_NAME];
    state_file_name(name, kind, generation, "");
    return openat(folder->fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
}

/* Nothing waits for anybody here, and no device is opened that would notice. */
static bool is_irregular(const struct state_folder *folder, enum state_file kind,
                         uint64_t generation)
{
    char name[STATE_NAME];
    struct stat info;
    state_file_name(name, kind, generation, "");
    return fstatat(folder->fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(info.st_mode);
}

static bool is_regular(int fd)
{
    struct stat info;
    return fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
}

/* Judgement. */

static bool head_fits(struct state_reading *reading, const struct frame_head *head)
{
    static const struct bytes whats[] = {
        [STATE_SNAPSHOT] = B("secant-snapshot"),
        [STATE_JOURNAL] = B("secant-journal"),
    };
    reading->version = head->version;
    return bytes_eq(head->what, whats[reading->kind]) && head->generation == reading->generation &&
           head->version > 0;
}

static bool is_newer(const struct state_reading *reading)
{
    return reading->version >
           (reading->kind == STATE_SNAPSHOT ? SNAPSHOT_VERSION : JOURNAL_VERSION);
}

/* Goes through all frames of a file whose head is sound. */
static void judge_frames(struct state_reading *reading)
{
    struct frame_reader reader = reading->reader;
    struct bytes payload;
    enum frame_found found;
    while ((found = frame_next(&reader, &payload)) == FRAME_HAS)
        reading->frames++;
    reading->closed = reader.closed;
    reading->at = reader.at;
    if (found == FRAME_DAMAGED)
        reading->verdict = STATE_DAMAGED;
    else if (found == FRAME_CUT || (reading->kind == STATE_SNAPSHOT && !reader.closed))
        reading->verdict = STATE_CUT;
}

static void judge(struct state_reading *reading)
{
    struct frame_head head;
    enum frame_found found = frame_open(&reading->reader, buf_bytes(&reading->bytes), &head);
    if (found == FRAME_HAS && !head_fits(reading, &head)) {
        found = FRAME_DAMAGED;
        reading->reader = (struct frame_reader){0}; /* none of its frames is of this file */
    }
    if (found != FRAME_HAS)
        reading->verdict = found == FRAME_CUT ? STATE_CUT : STATE_DAMAGED;
    else if (is_newer(reading))
        reading->verdict = STATE_NEWER;
    else
        judge_frames(reading);
}

void state_read_file(struct state_reading *reading, const struct state_folder *folder,
                     enum state_file kind, uint64_t generation)
{
    *reading = (struct state_reading){.kind = kind, .generation = generation};
    if (is_irregular(folder, kind, generation)) {
        reading->verdict = STATE_IRREGULAR;
        return;
    }
    int fd = open_file(folder, kind, generation);
    bool regular = fd < 0 || is_regular(fd); /* another one may have its name since */
    bool fine = fd >= 0 && regular && read_whole(fd, &reading->bytes);
    reading->error = fine ? 0 : errno;
    if (fd >= 0)
        close(fd);
    if (!regular || (fd < 0 && reading->error == ELOOP)) {
        reading->verdict = STATE_IRREGULAR;
        return;
    }
    if (fine)
        judge(reading);
    else
        reading->verdict = reading->error == ENOENT ? STATE_MISSING : STATE_UNREADABLE;
}

void state_reading_free(struct state_reading *reading)
{
    buf_free(&reading->bytes);
    reading->reader = (struct frame_reader){0};
}

bool state_next_frame(struct state_reading *reading, struct bytes *payload)
{
    return reading->verdict <= STATE_DAMAGED && reading->reader.number > 0 &&
           frame_next(&reading->reader, payload) == FRAME_HAS;
}

void state_reading_tell(const struct state_reading *reading, const struct state_folder *folder,
                        struct buf *text)
{
    state_file_path(folder, reading->kind, reading->generation, text);
    switch (reading->verdict) {
    case STATE_SOUND:
        buf_cat(text, B(": sound"));
        break;
    case STATE_CUT:
        buf_cat(text, B(": cut at byte "), NUM(reading->at));
        break;
    case STATE_DAMAGED:
        buf_cat(text, B(": damaged at byte "), NUM(reading->at));
        break;
    case STATE_NEWER:
        buf_cat(text, B(": of version "), NUM(reading->version),
                B(", which is newer than this Secant"));
        break;
    case STATE_MISSING:
        buf_cat(text, B(": is missing"));
        break;
    case STATE_IRREGULAR:
        buf_cat(text, B(": is not a regular file"));
        break;
    case STATE_UNREADABLE:
        buf_add(text, B(": "));
        state_add_reason(reading->error, text);
        break;
    }
}

void state_problem(const struct state_reading *reading, const struct state_folder *folder,
                   struct buf *problems)
{
    state_reading_tell(reading, folder, problems);
    buf_char(problems, '\n');
}

bool snapshot_next(struct state_reading *reading, struct unpack *records, struct bytes *record)
{
    assert(reading->verdict == STATE_SOUND);
    while (records->at == records->end) {
        struct bytes payload;
        if (!state_next_frame(reading, &payload))
            return false;
        *records = unpack_of(payload);
    }
    *record = unpack_text(records);
    return !records->failed;
}

bool state_forbids_older(const struct state_reading *reading)
{
    return reading->verdict == STATE_NEWER ||
           (reading->verdict == STATE_UNREADABLE && reading->error != EIO);
}

void state_names_add(struct state_names *names, enum state_file kind, uint64_t generation)
{
    MEM_GROW(names->items, names->count, names->room, 4);
    names->items[names->count++] = (struct state_name){kind, generation};
}
