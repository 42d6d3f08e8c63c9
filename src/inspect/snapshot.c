/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/snapshot.h"

#include <stdlib.h>

#include "durable/journals.h"

/* The greatest number that is in the folder, which the newest would have said. */
static bool find_last(struct snapshot *snapshot, struct buf *why)
{
    struct state_generations list;
    bool fine = state_generations(&snapshot->folder, &list, why);
    snapshot->newest.last = list.last;
    free(list.items);
    return fine;
}

static bool find(struct snapshot *snapshot, uint64_t generation, struct buf *why)
{
    struct state_reading *reading = &snapshot->newest.snapshot;
    if (generation == 0) {
        enum state_start start = state_find_newest(&snapshot->newest, &snapshot->folder, why);
        if (start == STATE_NONE)
            buf_cat(why, snapshot->folder.path, B(": there is no snapshot"));
        return start == STATE_FOUND;
    }
    state_read_file(reading, &snapshot->folder, STATE_SNAPSHOT, generation);
    if (reading->verdict != STATE_SOUND)
        state_reading_tell(reading, &snapshot->folder, why);
    return reading->verdict == STATE_SOUND && find_last(snapshot, why);
}

bool snapshot_look(struct snapshot *snapshot, struct bytes path, uint64_t generation,
                   struct buf *why)
{
    *snapshot = (struct snapshot){0};
    if (!state_folder_look(&snapshot->folder, path, why))
        return false;
    things_begin(&snapshot->things);
    bool fine = find(snapshot, generation, why);
    if (!fine)
        snapshot_close(snapshot);
    return fine;
}

void snapshot_close(struct snapshot *snapshot)
{
    things_end(&snapshot->things);
    state_newest_free(&snapshot->newest);
    state_folder_close(&snapshot->folder);
}

uint64_t snapshot_batches_after(const struct snapshot *snapshot)
{
    struct journals journals;
    struct bytes batch;
    uint64_t count = 0, generation = 0;
    journals_begin(&journals, &snapshot->folder, snapshot->newest.snapshot.generation,
                   snapshot->newest.last);
    while (journals_next(&journals, &batch)) {
        count += journals.reading.generation == generation;
        generation = journals.reading.generation;
    }
    journals_free(&journals);
    return count;
}

bool snapshot_thing(struct snapshot *snapshot, struct saved_thing *thing, struct buf *why)
{
    struct things *things = &snapshot->things;
    while (!things_next(things, thing)) {
        struct bytes record;
        bool more = !things->failed &&
                    snapshot_next(&snapshot->newest.snapshot, &snapshot->records, &record);
        if (more)
            snapshot->record++;
        if (more && things_take(things, record))
            continue;
        if (!more && !things->failed && !snapshot->records.failed)
            return false;
        state_file_path(&snapshot->folder, STATE_SNAPSHOT, snapshot->newest.snapshot.generation,
                        why);
        buf_cat(why, B(": record "), NUM(snapshot->record), B(" is not known to this Secant"));
        return false;
    }
    return true;
}
