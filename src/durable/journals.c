/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "durable/journals.h"

#include <stdlib.h>

#include "durable/entries.h"

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
        state_names_add(&journals->bad, STATE_JOURNAL, later);
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
    state_problem(reading, journals->folder, &journals->problems);
    if (reading->verdict != STATE_MISSING)
        state_names_add(&journals->bad, STATE_JOURNAL, reading->generation);
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
    state_names_add(&journals->bad, STATE_JOURNAL, reading->generation);
    tell_unreachable(journals);
}

void journals_free(struct journals *journals)
{
    state_reading_free(&journals->reading);
    buf_free(&journals->problems);
    free(journals->bad.items);
    journals->bad = (struct state_names){0};
}
