/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An engine goes on where the last run has ended, however it did.
 *
 * The snapshot is loaded, and what the journals say is done again, in silence and without effects.
 * Nobody else may notice: user code is held, and told the time that it was. */
#include <stdlib.h>

#include "base/boot_id.h"
#include "base/huge_pages.h"
#include "correlate/script.h"
#include "durable/journals.h"
#include "durable/keeping.h"
#include "durable/redo.h"
#include "durable/survey.h"
#include "perl/held.h"
#include "store/load.h"
#include "store/record.h"
#include "store/save.h"
#include "surface/surface.h"

enum { UNTOLD_MOST = 3600 }; /* seconds: a file may have been written by others since */

static void tell_lines(struct durable *d, int level, struct buf *text)
{
    struct bytes rest = buf_bytes(text), line;
    while (bytes_piece(&rest, '\n', &line))
        log_msg(d->engine->log, level, line);
    buf_free(text);
}

/* -- Silence -- */

static void ignore_message(void *arg, int level, struct bytes message)
{
    (void)arg, (void)level, (void)message;
}

static void be_silent(struct durable *d, bool silent)
{
    log_redirect(d->engine->log, silent ? ignore_message : NULL, NULL);
    durable_effects_set_mode(d->engine->effects, silent ? DURABLE_REDO : DURABLE_LIVE);
    perl_hold_exit(silent); /* it has ended the last run, and must not end each one */
    perl_hold_let(!silent);
}

static void hold_clock(struct engine *engine, int64_t second)
{
    clock_hold(engine->clock, second);
    surface_clock_changed(engine);
}

/* -- The snapshot -- */

struct loading_snapshot {
    struct durable *durable;
    struct state_load load;
    struct state_places places;
    int64_t second;
};

/* false: it does not hold what a snapshot does, and problems say so. */
static bool load_snapshot(struct loading_snapshot *l)
{
    struct state_reading *reading = &l->durable->newest.snapshot;
    struct unpack records = {0};
    struct bytes record;
    bool sound = true;
    if (!snapshot_next(reading, &records, &record) || !state_head_second(record, &l->second)) {
        buf_cat(&l->load.problems, l->load.file, B(": it has no head that is sound\n"));
        return false;
    }
    hold_clock(l->durable->engine, l->second);
    state_load_begin(&l->load);
    do {
        huge_pages_look();
        state_places_add(&l->places, record);
        sound = state_load_record(&l->load, record);
    } while (sound && snapshot_next(reading, &records, &record));
    return state_load_end(&l->load) && sound;
}

/* Lines count from there. */
static void count_lines(struct engine *engine, const struct state_places *places)
{
    for (size_t i = 0; i < places->count; i++) {
        struct input *input = inputs_find(engine->io.inputs, places->items[i].name);
        if (input)
            input->source.lines = places->items[i].lines;
    }
}

/* -- The journals -- */

/* false: one of them must not be passed over. */
static bool survey_journals(struct durable *d, struct survey *survey, struct buf *problems,
                            void (*each)(struct survey *survey, struct bytes batch))
{
    struct journals journals = {0};
    struct bytes batch;
    journals_begin(&journals, &d->folder, d->newest.snapshot.generation, d->newest.last);
    while (journals_next(&journals, &batch))
        each(survey, batch);
    bool fine = !state_forbids_older(&journals.reading);
    if (!fine)
        buf_add(problems, buf_bytes(&journals.problems));
    journals_free(&journals);
    return fine;
}

/* Which batches hold, and what effects have left. */
static bool survey_all(struct durable *d, struct survey *survey, struct buf *problems)
{
    struct buf boot = {0};
    boot_id(&boot);
    bool fine = survey_journals(d, survey, problems, survey_count);
    survey_decide(survey, buf_bytes(&boot));
    if (fine)
        survey_journals(d, survey, problems, survey_batch);
    buf_free(&boot);
    return fine;
}

static void redo_journals(struct durable *d, struct redo *redo, const struct survey *survey,
                          struct buf *problems)
{
    bool done = true;
    struct journals journals = {0};
    struct bytes batch;
    journals_begin(&journals, &d->folder, d->newest.snapshot.generation, d->newest.last);
    journals.stopped = survey->stopped;
    for (uint64_t i = 0; done && journals_next(&journals, &batch); i++) {
        huge_pages_look();
        if (i < survey->holding)
            done = redo_batch(redo, batch);
        else
            redo_arrivals(redo, batch);
    }
    if (!done && !surface_terminated(d->engine))
        journals_refuse(&journals, B("holds what this program does not know"));
    d->broken = journals.broken;
    d->bad = journals.bad;
    journals.bad = (struct state_names){0};
    buf_add(problems, buf_bytes(&journals.problems));
    journals_free(&journals);
}

/* -- Inputs -- */

/* Who writes to standard input is another one than before, and begins with a line. */
static struct bytes whole_lines(struct bytes name, struct bytes bytes)
{
    size_t length = bytes.len;
    while (bytes_eq(name, B("-")) && length > 0 && bytes.ptr[length - 1] != '\n')
        length--;
    return bytes_slice(bytes, 0, length);
}

/* stopped: the machine has, and with it went what FIFOs held. */
static void put_back(struct durable *d, const struct redo *redo, bool stopped)
{
    struct redo_left left;
    for (size_t i = 0; redo_left(redo, i, &left); i++) {
        struct input *input = inputs_find(d->engine->io.inputs, left.name);
        if (input) {
            if (!stopped)
                input_take_again(input, bytes_from(left.bytes, left.bytes.len - left.seen));
            input_put_back(input, whole_lines(left.name, left.bytes));
        } else {
            log_msg(d->engine->log, LOG_WARN, B("Input "), left.name, B(" is none any more, "),
                    NUM(left.bytes.len), B(" byte"), PLURAL(left.bytes.len), B(" of it lost"));
        }
    }
}

static void open_inputs(struct durable *d, struct redo *redo, bool stopped)
{
    struct engine *engine = d->engine;
    struct inputs *inputs = engine->io.inputs;
    size_t count;
    const struct input_place *places = redo_places(redo, &count);
    inputs_go_on(inputs, places, count);
    const struct bytes *patterns = redo_patterns(redo, &count);
    inputs_knew(inputs, patterns, count);
    engine->options->in.closed = false;
    engine_open_inputs(engine, engine->options->fromstart || !engine->options->in.tail ? 0 : -1,
                       false);
    put_back(d, redo, stopped);
}

/* The ends of scripts that were running cannot be known. */
static void forget_scripts(struct engine *engine)
{
    for (struct child *child = children_first(engine->io.children); child; child = child->next) {
        if (!child->owner || !child->told) /* rules for SEC_STARTUP have started it */
            continue;
        log_msg(engine->log, LOG_WARN, B("The script "), child->command,
                B(" was running when the last run ended, and how it ended is not known"));
        script_forget(child->owner);
        child->owner = NULL;
    }
}

static void tell_redo(struct durable *d, const struct redo_outcome *outcome)
{
    struct log *log = d->engine->log;
    if (outcome->lines > 0)
        log_msg(log, LOG_NOTE, B("Processed again: "), NUM(outcome->lines), B(" line"),
                PLURAL(outcome->lines), B(" after it, up to "), CTIME(outcome->second),
                B("; event correlation operations now: "),
                NUM(operations_count(d->engine->state.operations)));
    if (outcome->different > 0)
        log_msg(
            log, LOG_WARN,
            B("What rules did was not what they did at first: rules have changed since, or go by "
              "what is not kept (random numbers, files, user code without rem=state)"));
}

static void refuse(struct durable *d, struct buf *problems)
{
    struct bytes rest = buf_bytes(problems), line;
    struct buf why = {0};
    while (bytes_piece(&rest, '\n', &line))
        buf_cat(&why, line, B("; "));
    log_msg(d->engine->log, LOG_CRITICAL, B("Can't go on with the state: "), buf_bytes(&why),
            B("to start without it, move the folder away"));
    buf_free(&why);
    buf_free(problems);
}

/* All has been done again. */
static void take_over(struct durable *d, struct loading_snapshot *l, struct redo *redo,
                      struct buf *problems, bool stopped)
{
    state_load_tell(&l->load, l->second);
    tell_redo(d, redo_outcome(redo));
    d->untold = durable_effects_untold(d->engine->effects, redo_outcome(redo)->second);
    d->untold = d->untold < UNTOLD_MOST ? d->untold : UNTOLD_MOST;
    tell_lines(d, d->broken ? LOG_ERROR : LOG_WARN, problems);
    if (d->broken)
        log_msg(d->engine->log, LOG_ERROR,
                B("What the state holds of the time after that is lost, so lines of files are read "
                  "again from there and do again what they did"));
    buf_add(problems, buf_bytes(&redo_outcome(redo)->problems));
    tell_lines(d, LOG_WARN, problems);
    forget_scripts(d->engine);
    open_inputs(d, redo, stopped);
}

/* SIGTERM does not wait for a long journal.  The engine is nowhere that it has ever been: no rule
 * is to act on that, and nothing of it is kept. */
static void leave(struct durable *d, struct loading_snapshot *l, struct buf *problems)
{
    struct engine *engine = d->engine;
    log_msg(engine->log, LOG_NOTE, B("SIGTERM received: shutting down SEC"));
    log_msg(engine->log, LOG_NOTE,
            B("The state was not done again to its end, and its folder stays as it is"));
    engine_tell(engine, engine->host->stopping);
    if (engine->options->childterm)
        children_terminate(engine->io.children);
    engine->run.ending = true;
    buf_free(&l->load.problems);
    buf_free(problems);
}

bool recover(struct durable *d)
{
    struct loading_snapshot l = {.durable = d};
    struct survey survey = {.effects = d->engine->effects};
    struct buf problems = {0};
    struct buf path = {0};
    state_file_path(&d->folder, STATE_SNAPSHOT, d->newest.snapshot.generation, &path);
    l.load = (struct state_load){.engine = d->engine, .file = buf_bytes(&path)};
    bool fine = survey_all(d, &survey, &l.load.problems);
    be_silent(d, true);
    if (!fine || !load_snapshot(&l)) {
        be_silent(d, false);
        refuse(d, &l.load.problems);
        buf_free(&path);
        return false;
    }
    count_lines(d->engine, &l.places);
    struct redo *redo = redo_new(d->engine, &l.places);
    redo_journals(d, redo, &survey, &problems);
    engine_settle(d->engine);
    survey_end(&survey);
    be_silent(d, false);
    if (surface_terminated(d->engine))
        leave(d, &l, &problems);
    else
        take_over(d, &l, redo, &problems, survey.stopped);
    redo_free(redo);
    state_places_free(&l.places);
    state_newest_free(&d->newest);
    buf_free(&path);
    return true;
}

/* -- Time away -- */

/* A minute that is over is none that a Calendar rule can still act in. */
static void advance(struct engine *engine, int64_t second)
{
    engine->run.away = true;
    while (!engine_advance(engine, second))
        if (!engine_handle_signals(engine))
            break;
    engine->run.away = false;
}

struct shift {
    struct engine *engine;
    struct state_load load;
    struct buf records; /* texts (base/pack.h) */
};

static void keep_record(void *arg, struct bytes record)
{
    struct shift *shift = arg;
    if (*record.ptr != SAVED_CHILD) /* it runs on */
        pack_text(&shift->records, record);
}

/* The first record with another second: all others are told from that. */
static void load_head(struct shift *shift, struct bytes record, int64_t second)
{
    struct saved_head head;
    struct buf moved = {0};
    struct unpack from = unpack_of(bytes_from(record, 1));
    head_unpack(&from, &head);
    head.cleaned += second - head.second;
    head.calendar = 0;
    head.second = second;
    buf_char(&moved, *record.ptr);
    head_pack(&moved, &head);
    state_load_record(&shift->load, buf_bytes(&moved));
    buf_free(&moved);
}

/* All is as it was, and it is this second. */
static void skip_to(struct durable *d, int64_t second)
{
    struct shift shift = {.engine = d->engine,
                          .load = {.engine = d->engine, .file = d->folder.path}};
    struct buf lost = {0};
    state_save(d->engine, keep_record, &shift, &lost);
    hold_clock(d->engine, second);
    state_load_begin(&shift.load);
    struct unpack from = unpack_of(buf_bytes(&shift.records));
    load_head(&shift, unpack_text(&from), second);
    while (from.at < from.end && state_load_record(&shift.load, unpack_text(&from)))
        ;
    state_load_end(&shift.load);
    tell_lines(d, LOG_WARN, &shift.load.problems);
    buf_free(&shift.records);
    buf_free(&lost);
}

void recover_time(struct durable *d)
{
    struct engine *engine = d->engine;
    int64_t then = engine_now(engine), now = clock_now(engine->wall);
    if (now < then) {
        log_msg(engine->log, LOG_WARN, B("The clock is "), NUM(then - now), B(" second"),
                PLURAL(then - now), B(" before the last second of the state"));
    } else if (engine->options->keep.skip) {
        skip_to(d, now);
        keep_generation(d); /* no entry of a journal moves times */
    } else {
        advance(engine, now);
    }
    clock_release(engine->clock);
    clock_step(engine->clock);
    surface_clock_changed(engine);
}
