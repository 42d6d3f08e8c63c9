/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An engine in a folder of its own, with the inputs a and b, whose life is recorded: for tests of
 * what a journal says and of what comes of it. */
#ifndef SECANT_T_JOURNAL_H
#define SECANT_T_JOURNAL_H

#include "whole_engine.h"

#include <fcntl.h>

#include "durable/entries.h"
#include "durable/recorder.h"
#include "engine/clean_up.h"
#include "store/record.h"
#include "store/save.h"

enum { BEGAN = 1000, FIRST = FILE_HEAD }; /* the second, and bytes of the line that is before all */

static char journal_folder[] = "/tmp/check_journal.XXXXXX";
static struct recorder *recorder;
static struct buf snapshot; /* at the journal's beginning: records, each behind its length */

static inline void append_to(const char *name, const char *text)
{
    FILE *out = fopen(name, "a");
    ck_assert_ptr_nonnull(out);
    fputs(text, out);
    fclose(out);
}

/* A first line, by which it is known from then on. */
static inline void make_file(const char *name)
{
    char line[FIRST + 1] = "";
    memset(line, '#', FIRST - 1);
    line[0] = *name;
    line[FIRST - 1] = '\n';
    append_to(name, line);
}

static inline void before_journal(void)
{
    strcpy(journal_folder + sizeof(journal_folder) - 7, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(journal_folder));
    ck_assert_int_eq(chdir(journal_folder), 0);
    begin_rules();
    make_file("a");
    make_file("b");
}

static inline void free_recorded(void)
{
    if (recorder)
        recorder_free(recorder);
    recorder = NULL;
    if (engine)
        engine_free(engine);
    engine = NULL;
}

static inline void after_journal(void)
{
    char command[100];
    free_recorded();
    buf_free(&snapshot);
    end_rules();
    ck_assert_int_eq(chdir("/"), 0);
    snprintf(command, sizeof(command), "rm -r %s", journal_folder);
    ck_assert_int_eq(system(command), 0);
}

/* An engine of these rules; `closed`: its inputs are names. */
static inline void start_engine(const char *rules, bool closed)
{
    char *words[] = {"secant", conf, "--input=a", "--input=b", "--intcontexts", NULL};
    write_rules(rules);
    options_read_again(options, 5, words);
    make_engine(BEGAN);
    engine_choose_effects(engine, durable_effects_new);
    options->in.closed = closed;
    engine_open_inputs(engine, 0, false);
}

static inline void keep_record(void *arg, struct bytes record)
{
    if ((unsigned char)*record.ptr != SAVED_INPUT)
        pack_text(arg, record);
}

/* All but where inputs are. */
static inline void save_state(struct buf *out)
{
    struct buf lost = {0};
    buf_clear(out);
    state_save(engine, keep_record, out, &lost);
    ck_assert_uint_eq(lost.len, 0);
    buf_free(&lost);
}

static inline void no_bytes(void *arg, const struct input *input, struct bytes bytes)
{
    (void)arg, (void)input, (void)bytes;
}

static inline void not_taken(void *arg, const struct input *input)
{
    (void)arg, (void)input;
}

static inline void record(bool (*passes)(struct bytes line))
{
    struct recorder_ears ears = {.arrived = no_bytes, .taken = not_taken, .passes = passes};
    engine_begin(engine);
    recorder = recorder_new(engine, &ears);
    save_state(&snapshot);
    recorder_begin(recorder);
}

static inline struct bytes next_line(struct line_source **source)
{
    struct bytes line;
    while (feed_next(engine->feed, &line, source) != FEED_LINE)
        loop_wait(engine->io.loop, 20);
    return line;
}

/* What the main loop does with a line that is there. */
static inline void take_line(void)
{
    struct engine_journal *journal = &engine->journal;
    struct line_source *source;
    struct bytes line = next_line(&source);
    if (source == journal->source)
        journal->lines++;
    else if (journal->line && !journal->line(journal->arg, source, line))
        return;
    engine->run.borrowed = true;
    process_line(engine, line, source);
    engine_settle(engine);
    if (journal->turn)
        journal->turn(journal->arg);
}

/* The first lines are taken. */
static inline void start_recorded(const char *rules)
{
    start_engine(rules, false);
    take_line();
    take_line();
    record(NULL);
}

static inline void say(const char *name, const char *line)
{
    append_to(name, line);
    append_to(name, "\n");
    take_line();
}

/* What the main loop does with events that wait, */
static inline void do_events(void)
{
    while (events_any(engine->state.events))
        process_event(engine);
}

/* and in each second that comes. */
static inline void pass(int64_t seconds)
{
    for (; seconds > 0; seconds--) {
        clock_set(engine->clock, engine_now(engine) + 1);
        journal_note(&engine->journal, .cause = CAUSE_SECOND);
        journal_note(&engine->journal, .cause = CAUSE_CLEAN_UP);
        clean_up_due(engine);
        engine->run.last_cleanup = engine_now(engine);
        do_events();
    }
}

static inline void tell_entry(struct buf *out, const struct entry *entry)
{
    buf_cat(out, bytes_of(entry_name(entry->kind)));
    switch (entry->kind) {
    case ENTRY_SECOND:
        buf_cat(out, B(" "), NUM(entry->second));
        break;
    case ENTRY_INPUT:
        buf_cat(out, B(" "), NUM(entry->number), B(" "), entry->place.name);
        break;
    case ENTRY_FILE:
    case ENTRY_PIPE:
    case ENTRY_PASSED:
        buf_cat(out, B(" "), NUM(entry->number), B(" "), NUM(entry->bytes));
        break;
    case ENTRY_LINES:
        buf_cat(out, B(" "), NUM(entry->number), B(" "), NUM(entry->count), B(" "),
                NUM(entry->bytes));
        break;
    case ENTRY_BYTES:
        buf_cat(out, B(" "), NUM(entry->number), B(" "), entry->text);
        break;
    case ENTRY_EVENTS:
        buf_cat(out, B(" "), NUM(entry->count));
        break;
    case ENTRY_PATTERN:
    case ENTRY_INTERNAL:
    case ENTRY_OUTPUT:
        buf_cat(out, B(" "), entry->text);
        break;
    default:
        break;
    }
    buf_add(out, B("; "));
}

/* The entries since the last call. */
static inline void ck_entries(const char *want)
{
    struct buf text = {0};
    struct unpack from = unpack_of(buf_bytes(recorder_batch(recorder)));
    struct entry entry;
    while (entry_unpack(&from, &entry)) {
        tell_entry(&text, &entry);
        entry_release(&entry);
    }
    ck_assert(unpack_ended(&from));
    recorder_clear(recorder);
    ck_bytes_eq(buf_bytes(&text), bytes_of(want));
    buf_free(&text);
}

#endif
