/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "durable/newest.h"

#include <stdlib.h>

#include "durable/imported.h"

static void refuse(struct buf *why, const struct state_folder *folder, struct buf *problems,
                   struct bytes what)
{
    buf_cat(why, folder->path, B(": "), what);
    for (struct bytes rest = buf_bytes(problems), line; bytes_piece(&rest, '\n', &line);)
        buf_cat(why, B("; "), line);
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
    state_problem(&journal, folder, &newest->problems);
    if (beginning)
        state_names_add(&newest->bad, STATE_JOURNAL, generation);
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
        state_problem(snapshot, folder, &newest->problems);
        state_reading_free(snapshot);
        state_names_add(&newest->bad, STATE_SNAPSHOT, list.items[i].number);
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
