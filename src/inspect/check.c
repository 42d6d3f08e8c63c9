/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "durable/imported.h"
#include "durable/journals.h"
#include "durable/newest.h"
#include "inspect/inspect.h"

static void say(struct buf *text)
{
    fwrite(text->ptr, 1, text->len, stdout);
    buf_clear(text);
}

static void add_count(struct buf *text, uint64_t count, struct bytes one, struct bytes many)
{
    buf_grouped(text, count);
    buf_add(text, count == 1 ? one : many);
}

/* What is good of a file, after its verdict. */
static void add_extent(const struct state_reading *reading, struct buf *text)
{
    bool snapshot = reading->kind == STATE_SNAPSHOT;
    if (reading->verdict == STATE_CUT && !snapshot)
        buf_add(text, B(", as after a crash"));
    if (reading->verdict <= STATE_DAMAGED) {
        buf_add(text, B(", "));
        if (snapshot)
            add_count(text, reading->frames, B(" frame"), B(" frames"));
        else
            add_count(text, reading->frames, B(" batch"), B(" batches"));
        buf_add(text, reading->verdict == STATE_SOUND ? B(", ") : B(" before it, "));
    }
    if (reading->verdict <= STATE_NEWER) {
        if (reading->verdict == STATE_NEWER)
            buf_add(text, B(", "));
        buf_grouped(text, reading->bytes.len);
        buf_cat(text, B(" byte"), PLURAL(reading->bytes.len));
    }
    buf_char(text, '\n');
}

/* false: it is damaged. */
static bool check_file(const struct state_folder *folder, enum state_file kind, uint64_t generation)
{
    struct state_reading reading;
    struct buf text = {0};
    state_read_file(&reading, folder, kind, generation);
    bool gone = reading.verdict == STATE_MISSING; /* removed by who writes here */
    state_reading_tell(&reading, folder, &text);
    add_extent(&reading, &text);
    if (!gone)
        say(&text);
    buf_free(&text);
    state_reading_free(&reading);
    return gone || reading.verdict == STATE_SOUND ||
           (reading.verdict == STATE_CUT && kind == STATE_JOURNAL);
}

static bool check_files(const struct state_folder *folder, const struct state_generations *list)
{
    bool fine = true;
    for (size_t i = 0; i < list->count; i++) {
        const struct state_generation *generation = &list->items[i];
        if (generation->bad)
            printf("Generation %llu has files that were set aside as damaged (*.bad)\n",
                   (unsigned long long)generation->number);
        if (generation->unfinished)
            printf("Generation %llu has a snapshot that is not finished (*.new)\n",
                   (unsigned long long)generation->number);
        if (generation->snapshot)
            fine = check_file(folder, STATE_SNAPSHOT, generation->number) && fine;
        if (generation->journal)
            fine = check_file(folder, STATE_JOURNAL, generation->number) && fine;
    }
    return fine;
}

/* The journals that are done again; false: something of them is lost. */
static bool tell_journals(const struct state_folder *folder, const struct state_newest *newest,
                          struct buf *text)
{
    struct journals journals;
    struct bytes batch;
    uint64_t count = 0;
    journals_begin(&journals, folder, newest->snapshot.generation, newest->last);
    while (journals_next(&journals, &batch))
        count++;
    buf_add(text, B(", and "));
    add_count(text, count, B(" batch"), B(" batches"));
    buf_cat(text, B(" of journals\n"), buf_bytes(&journals.problems));
    bool fine = journals.problems.len == 0;
    if (state_forbids_older(&journals.reading)) {
        buf_clear(text);
        buf_cat(text, B("A start is refused: "), buf_bytes(&journals.problems));
    }
    journals_free(&journals);
    return fine;
}

static bool tell_start(const struct state_folder *folder)
{
    struct state_newest newest;
    struct buf why = {0}, text = {0};
    enum state_start start = state_find_newest(&newest, folder, &why);
    bool fine = start != STATE_REFUSED;
    if (start == STATE_NONE && imported_is_there(folder)) {
        buf_cat(&text, B("A start begins with "), folder->path,
                B("/" IMPORTED ", which secant migrate import has made\n"));
    } else if (start == STATE_NONE && newest.problems.len == 0) {
        buf_add(&text, B("A start begins empty: the folder is new\n"));
    } else if (start == STATE_NONE) {
        buf_cat(&text, B("A start begins empty\n"), buf_bytes(&newest.problems));
        fine = false;
    } else if (start == STATE_REFUSED) {
        buf_cat(&text, B("A start is refused: "), buf_bytes(&why), B("\n"));
    } else {
        buf_cat(&text, B("A start continues from generation "), NUM(newest.snapshot.generation));
        fine = tell_journals(folder, &newest, &text);
    }
    say(&text);
    state_newest_free(&newest);
    buf_free(&text);
    buf_free(&why);
    return fine;
}

static int failed(struct buf *why)
{
    fprintf(stderr, "%.*s\n", (int)why->len, why->ptr);
    buf_free(why);
    return INSPECT_FAILED;
}

int inspect_check(struct bytes path)
{
    struct state_folder folder;
    struct state_generations list;
    struct buf why = {0};
    if (!state_folder_look(&folder, path, &why))
        return failed(&why);
    bool listed = state_generations(&folder, &list, &why), fine = false;
    if (listed) {
        int64_t holder = state_folder_holder(&folder);
        if (holder > 0)
            printf("Process %lld is writing here\n", (long long)holder);
        fine = check_files(&folder, &list);
        fine = tell_start(&folder) && fine;
    }
    free(list.items);
    state_folder_close(&folder);
    return !listed ? failed(&why) : fine ? INSPECT_FINE : INSPECT_FOUND;
}
