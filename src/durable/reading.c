/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "durable/reading.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "durable/entries.h"
#include "durable/imported.h"

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
        buf_cat(text, B(": "), error_text(reading->error));
        break;
    }
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

/* What a start takes. */

static void problem(const struct state_reading *reading, const struct state_folder *folder,
                    struct buf *problems)
{
    state_reading_tell(reading, folder, problems);
    buf_char(problems, '\n');
}

static void refuse(struct buf *why, const struct state_folder *folder, struct buf *problems,
                   struct bytes what)
{
    buf_cat(why, folder->path, B(": "), what);
    for (struct bytes rest = buf_bytes(problems), line; bytes_piece(&rest, '\n', &line);)
        buf_cat(why, B("; "), line);
}

static void add_bad(struct state_names *bad, enum state_file kind, uint64_t generation)
{
    MEM_GROW(bad->items, bad->count, bad->room, 4);
    bad->items[bad->count++] = (struct state_name){kind, generation};
}

/* A journal without a snapshot; false: it is of a state that there has been.  Until the first
 * snapshot is there nothing happens, and the journal says where inputs are, in its first batch. */
static bool is_beginning(struct state_newest *newest, const struct state_folder *folder,
                         uint64_t generation)
{
    struct state_reading journal;
    state_read_file(&journal, folder, STATE_JOURNAL, generation);
    bool cut = journal.verdict == STATE_CUT && journal.bytes.len > 0,
         empty = journal.verdict == STATE_CUT && !cut,
         beginning = journal.frames <= 1 && (journal.verdict == STATE_SOUND || empty || cut);
    state_reading_free(&journal);
    if (beginning && !cut)
        return true;
    problem(&journal, folder, &newest->problems);
    if (beginning)
        add_bad(&newest->bad, STATE_JOURNAL, generation);
    return beginning;
}

/* Of a folder without a sound snapshot: has it ever had a state? */
static enum state_start find_nothing(struct state_newest *newest, const struct state_folder *folder,
                                     const struct state_generations *list, struct buf *why)
{
    bool bad = newest->bad.count > 0;
    for (size_t i = 0; i < list->count; i++) {
        bad = bad || list->items[i].bad;
        if (list->items[i].journal && !is_beginning(newest, folder, list->items[i].number))
            bad = true;
    }
    if (bad) {
        refuse(why, folder, &newest->problems,
               B("there is a state, but no sound snapshot; to start without it, move the folder "
                 "away"));
        return STATE_REFUSED;
    }
    if ((list->count > 0 || folder->used) && !imported_is_there(folder))
        buf_cat(
            &newest->problems, folder->path,
            B(": no snapshot is here, so it begins empty, whether a first start has ended early "
              "or what was here is lost\n"));
    return STATE_NONE;
}

bool state_forbids_older(const struct state_reading *reading)
{
    return reading->verdict == STATE_NEWER ||
           (reading->verdict == STATE_UNREADABLE && reading->error != EIO);
}

enum state_start state_find_newest(struct state_newest *newest, const struct state_folder *folder,
                                   struct buf *why)
{
    struct state_generations list;
    *newest = (struct state_newest){0};
    enum state_start start = state_generations(folder, &list, why) ? STATE_NONE : STATE_REFUSED;
    newest->last = list.last;
    for (size_t i = list.count; i-- > 0 && start == STATE_NONE;) {
        struct state_reading *snapshot = &newest->snapshot;
        if (!list.items[i].snapshot)
            continue;
        state_read_file(snapshot, folder, STATE_SNAPSHOT, list.items[i].number);
        if (snapshot->verdict == STATE_SOUND) {
            start = STATE_FOUND;
            continue;
        }
        problem(snapshot, folder, &newest->problems);
        state_reading_free(snapshot);
        add_bad(&newest->bad, STATE_SNAPSHOT, list.items[i].number);
        if (state_forbids_older(snapshot)) {
            refuse(why, folder, &newest->problems, B("the newest snapshot cannot be used"));
            start = STATE_REFUSED;
        }
    }
    if (start == STATE_NONE)
        start = find_nothing(newest, folder, &list, why);
    free(list.items);
    return start;
}

void state_newest_free(struct state_newest *newest)
{
    state_reading_free(&newest->snapshot);
    buf_free(&newest->problems);
    free(newest->bad.items);
    newest->bad = (struct state_names){0};
}

/* Journals. */

static void open_journal(struct journals *journals, uint64_t generation)
{
    state_reading_free(&journals->reading);
    state_read_file(&journals->reading, journals->folder, STATE_JOURNAL, generation);
}

void journals_begin(struct journals *journals, const struct state_folder *folder, uint64_t from,
                    uint64_t last)
{
    *journals = (struct journals){.folder = folder, .last = last};
    open_journal(journals, from);
}

/* The later ones cannot be done again without what is missing before them.  One with a batch alone
 * is what a start leaves that was ended before its snapshot was there. */
static void tell_unreachable(struct journals *journals)
{
    struct state_generations list;
    struct buf why = {0};
    if (!state_generations(journals->folder, &list, &why))
        list.count = 0;
    for (size_t i = 0; i < list.count; i++) {
        struct state_reading reading;
        uint64_t later = list.items[i].number;
        if (later <= journals->reading.generation || later > journals->last ||
            !list.items[i].journal)
            continue;
        state_read_file(&reading, journals->folder, STATE_JOURNAL, later);
        state_reading_free(&reading);
        if (reading.frames <= !journals->broken)
            continue;
        journals->broken = true;
        add_bad(&journals->bad, STATE_JOURNAL, later);
        state_file_path(journals->folder, STATE_JOURNAL, later, &journals->problems);
        buf_cat(&journals->problems, B(": not used: what comes before it is missing\n"));
    }
    free(list.items);
    buf_free(&why);
}

/* What was written after a sync is on the disk, and something before it is not: no power failure
 * leaves that.  ENTRY_DISK says that its batch was synced before anything else was written, and so
 * does the closing frame of all batches. */
static bool is_proven(const struct state_reading *reading)
{
    struct frame_reader reader = reading->reader;
    struct bytes payload;
    bool synced = reader.number == 0; /* the head is, before all */
    while (!synced && frame_find(&reader, ENTRY_DISK)) {
        bool disk = false;
        while (!synced && frame_next(&reader, &payload) == FRAME_HAS) {
            synced = disk;
            disk = payload.len > 0 && payload.ptr[0] == ENTRY_DISK;
        }
        synced = synced || reader.closed;
    }
    return synced;
}

/* Whatever the disk has in its place. */
static void tell_unwritten(struct journals *journals)
{
    const struct state_reading *reading = &journals->reading;
    state_file_path(journals->folder, STATE_JOURNAL, reading->generation, &journals->problems);
    buf_cat(&journals->problems, B(": torn at byte "), NUM(reading->at),
            B(": what follows was not on the disk when the machine stopped\n"));
}

/* No crash leaves a journal like this one. */
static void tell_broken(struct journals *journals)
{
    const struct state_reading *reading = &journals->reading;
    journals->broken = true;
    problem(reading, journals->folder, &journals->problems);
    if (reading->verdict != STATE_MISSING)
        add_bad(&journals->bad, STATE_JOURNAL, reading->generation);
}

/* All of a journal has been read. */
static bool go_on(struct journals *journals)
{
    const struct state_reading *reading = &journals->reading;
    if (reading->verdict == STATE_SOUND && reading->closed) {
        open_journal(journals, reading->generation + 1);
        return true;
    }
    if (reading->verdict == STATE_DAMAGED && journals->stopped && !is_proven(reading))
        tell_unwritten(journals);
    else if (reading->verdict != STATE_SOUND &&
             (reading->verdict != STATE_CUT || reading->frames == 0)) /* no crash cuts the first */
        tell_broken(journals);
    tell_unreachable(journals);
    journals->ended = true;
    return false;
}

bool journals_next(struct journals *journals, struct bytes *batch)
{
    while (!journals->ended) {
        if (state_next_frame(&journals->reading, batch))
            return true;
        if (!go_on(journals))
            break;
    }
    return false;
}

void journals_refuse(struct journals *journals, struct bytes why)
{
    const struct state_reading *reading = &journals->reading;
    journals->broken = journals->ended = true;
    state_file_path(journals->folder, STATE_JOURNAL, reading->generation, &journals->problems);
    buf_cat(&journals->problems, B(": the batch before byte "), NUM(reading->reader.at), B(" "),
            why, B("\n"));
    add_bad(&journals->bad, STATE_JOURNAL, reading->generation);
    tell_unreachable(journals);
}

void journals_free(struct journals *journals)
{
    state_reading_free(&journals->reading);
    buf_free(&journals->problems);
    free(journals->bad.items);
    journals->bad = (struct state_names){0};
}
