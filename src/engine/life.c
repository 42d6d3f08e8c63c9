/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The main loop takes one line a turn, a synthetic event before new input, and does between lines
 * what upstream does there.  When there is nothing to do it waits: for input, for a child, for a
 * signal, or for the second at which something is due.
 */
#include "base/huge_pages.h"
#include "base/monotonic.h"
#include "base/unwritten.h"
#include "engine/engine.h"
#include "engine/clean_up.h"
#include "engine/process.h"
#include "surface/surface.h"

#define TERM_PAUSE 3000 /* milliseconds that children of SEC_SHUTDOWN have until SIGTERM */

/* The log first: standard output may take nothing for a long time, and adds to the log what it
 * cannot write. */
void engine_flush(struct engine *engine)
{
    log_flush(engine->log);
    outputs_flush(engine->io.outputs);
    log_flush(engine->log);
}

void engine_finish(struct engine *engine)
{
    if (engine->run.ending)
        engine->io.patience.until = monotonic_ms() + LAST_WAIT;
    outputs_finish(engine->io.outputs);
    log_close(engine->log);
}

void engine_settle(struct engine *engine)
{
    if (engine->run.borrowed)
        process_settle(engine);
    engine->run.borrowed = false;
}

void engine_announce(struct engine *engine, struct bytes event)
{
    if (engine->options->intevents)
        process_internal(engine, event);
}

bool engine_misses_start(const struct engine *engine, struct buf *text)
{
    const struct rule *rule =
        engine->options->intevents ? NULL : ruleset_for_start(engine->rules.set);
    if (rule)
        buf_cat(text, rule->file->name, B(":"), NUM(rule->line),
                B(" waits for SEC_STARTUP, which comes with --intevents only"));
    return rule != NULL;
}

void engine_shutdown(struct engine *engine)
{
    engine_tell(engine, engine->host->stopping);
    engine_announce(engine, B("SEC_SHUTDOWN"));
    engine_flush(engine);
    if (!engine->options->childterm)
        return;
    if (engine->options->intevents)
        children_feed_for(engine->io.children, TERM_PAUSE);
    children_terminate(engine->io.children);
}

/* What is due. */

/* The second of the next clean-up that has something to do, if there is work at `due`: clean-ups
 * are --cleantime apart. */
static int64_t next_cleanup(const struct engine *engine, int64_t due)
{
    int64_t period = engine->options->cleantime, last = engine->run.last_cleanup;
    if (due == INT64_MAX || period == 0)
        return due;
    if (due <= last + period)
        return last + period;
    return last + (due - last + period - 1) / period * period;
}

/* The last second up to this one that is on the beat of clean-ups. */
static int64_t last_beat(const struct engine *engine, int64_t second)
{
    int64_t period = engine->options->cleantime, last = engine->run.last_cleanup;
    if (period == 0 || second - last < period)
        return last;
    return last + (second - last) / period * period;
}

/* Clean-ups up to `second` that did not come had nothing to do; the next one keeps their beat. */
static void skip_cleanups(struct engine *engine, int64_t second)
{
    int64_t last = last_beat(engine, second);
    if (last > engine->run.last_cleanup && clean_up_next(engine) > last)
        engine->run.last_cleanup = last;
}

/* Has --cleantime passed since the last clean-up? */
static bool cleans_up_at(const struct engine *engine, int64_t second)
{
    return second - engine->run.last_cleanup >= engine->options->cleantime;
}

static void clean_up(struct engine *engine, int64_t now)
{
    if (!cleans_up_at(engine, now))
        return;
    journal_note(&engine->journal, .cause = CAUSE_CLEAN_UP);
    clean_up_due(engine);
    engine->run.last_cleanup = engine_now(engine);
}

/* Output and ends of children; true when output came. */
static bool look_at_children(struct engine *engine)
{
    return children_any(engine->io.children) &&
           children_check(engine->io.children, !events_any(engine->state.events));
}

/* What follows a line, an event or a wait in its turn; false: a signal came. */
static bool finish_turn(struct engine *engine)
{
    clean_up(engine, engine_now(engine));
    return !surface_signals_pending(engine);
}

/* The same in a loop that may have no end of its own: events may create events for ever. */
static bool finish_turn_of_many(struct engine *engine)
{
    return finish_turn(engine) && !(engine->hooks.interrupted && engine->hooks.interrupted(engine));
}

/* The events there are, and those that they and children create; false: a signal came. */
static bool process_events(struct engine *engine)
{
    for (;;) {
        look_at_children(engine);
        if (!events_any(engine->state.events))
            return true;
        process_event(engine);
        if (!finish_turn_of_many(engine))
            return false;
    }
}

/* The second of the next clean-up for engine_advance.  One a second is enough: with --cleantime=0
 * what is due comes at once. */
static int64_t next_step(const struct engine *engine)
{
    int64_t due = next_cleanup(engine, clean_up_next(engine)), last = engine->run.last_cleanup;
    return due > last ? due : last + 1;
}

static bool advance(struct engine *engine, int64_t second)
{
    int64_t due;
    if (engine->run.in_turn && !finish_turn(engine)) /* the last line's */
        return false;
    if (!process_events(engine))
        return false;
    if (engine->run.in_turn && second == engine_now(engine) && !cleans_up_at(engine, second))
        return true; /* most lines: another one of this second */
    while (cleans_up_at(engine, second) && (due = next_step(engine)) <= second) {
        clock_set(engine->clock, due);
        if (!finish_turn_of_many(engine) || !process_events(engine))
            return false;
    }
    clock_set(engine->clock, second);
    /* Nothing was due up to it; a line comes after the clean-up of its second, and has been waited
     * for. */
    engine->run.last_cleanup = last_beat(engine, second);
    return finish_turn(engine) && process_events(engine);
}

bool engine_advance(struct engine *engine, int64_t second)
{
    engine->run.in_turn = advance(engine, second);
    return engine->run.in_turn;
}

/* One turn. */

enum turn {
    TURN_LINE,    /* a line or an event was processed */
    TURN_PARTIAL, /* bytes came, but no line */
    TURN_NOTHING,
};

static inline bool journal_waits(const struct engine_journal *journal)
{
    return journal->each || (journal->source && journal->source->dropped);
}

/* Is the line one for rules? */
static inline bool journal_admits(struct engine_journal *journal, struct line_source *source,
                                  struct bytes line)
{
    if (source == journal->source) {
        journal->lines++;
        return true;
    }
    return !journal->line || journal->line(journal->arg, source, line);
}

static enum turn take_line(struct engine *engine)
{
    struct bytes line;
    struct line_source *source;
    if (events_any(engine->state.events)) {
        process_event(engine);
        return TURN_LINE;
    }
    /* Asking for a line may move the bytes of the one before.  What was written by now is to be
     * seen even while input comes without end, and must not get lost with us. */
    bool reads = !feed_has_line(engine->feed);
    if (reads) {
        engine_settle(engine);
        engine_flush(engine);
        huge_pages_look();
    }
    if (engine->journal.turn && (reads || journal_waits(&engine->journal)))
        engine->journal.turn(engine->journal.arg);
    switch (feed_next(engine->feed, &line, &source)) {
    case FEED_LINE:
        if (!journal_admits(&engine->journal, source, line))
            return TURN_PARTIAL;
        engine->run.borrowed = true;
        process_line(engine, line, source);
        return TURN_LINE;
    case FEED_PARTIAL:
        return TURN_PARTIAL;
    default:
        return TURN_NOTHING;
    }
}

/* The earlier of two ends of a wait; -1 is none. */
static int earlier(int a, int b)
{
    return b < 0 || (a >= 0 && a < b) ? a : b;
}

/* Milliseconds until there is work to do without a line; -1: there is no end. */
static int work_limit(const struct engine *engine)
{
    int64_t due = clean_up_next(engine);
    if (sockets_any(engine->io.sockets))
        due = clock_sooner(due, engine_now(engine) + 1);
    due = next_cleanup(engine, due);
    return due < INT64_MAX ? clock_milliseconds_until(engine->clock, due) : -1;
}

/* Files that have appeared become inputs, and some that are gone are none any more. */
static void look_for_inputs(struct engine *engine)
{
    if (inputs_rescan_wait(engine->io.inputs) > 0)
        return;
    engine_settle(engine);
    engine_rescan_inputs(engine);
}

static void wait_for_work(struct engine *engine)
{
    const struct host *host = engine->host;
    look_for_inputs(engine);
    int limit = earlier(feed_wait_limit(engine->feed), work_limit(engine));
    engine_flush(engine);
    engine_tell(engine, host->news);
    huge_pages_give_back();
    loop_wait(engine->io.loop,
              host->wait_limit ? earlier(limit, host->wait_limit(host->arg)) : limit);
    skip_cleanups(engine, engine_now(engine) - 1); /* the present one is still to come */
}

/* User code may take minutes for the lines of one block, or for events: what was written waits no
 * longer than for the present one and a second. */
static void write_out(struct engine *engine, int64_t now)
{
    if (now == engine->run.written)
        return;
    engine->run.written = now;
    journal_note(&engine->journal, .cause = CAUSE_SECOND);
    unwritten_catch_signals();
    engine_flush(engine);
    look_for_inputs(engine);
    engine_tell(engine, engine->host->news);
}

/* What a child has written just now must not be missed; a look between two lines may miss it. */
static bool last_look_finds_events(struct engine *engine)
{
    if (!children_any(engine->io.children))
        return false;
    loop_poll(engine->io.loop);
    return look_at_children(engine) || events_any(engine->state.events);
}

/* Standard output took less than there was for it, and still does: a signal has ended the wait. */
static bool output_is_stuck(struct engine *engine)
{
    if (!outputs_wait(engine->io.outputs))
        return false;
    engine_flush(engine);
    return outputs_wait(engine->io.outputs);
}

void engine_begin(struct engine *engine)
{
    engine_announce(engine, B("SEC_STARTUP"));
    clean_up_due(engine);
    engine->run.last_cleanup = engine_now(engine);
}

void engine_begin_from(struct engine *engine, void (*take)(void *arg, struct engine *engine),
                       void *arg)
{
    engine_announce(engine, B("SEC_STARTUP"));
    take(arg, engine);
    clean_up(engine, engine_now(engine));
}

void engine_run(struct engine *engine)
{
    while (!engine->run.ending) {
        bool stuck = output_is_stuck(engine);
        bool output = look_at_children(engine);
        if (!stuck && take_line(engine) == TURN_NOTHING) {
            if (feed_ended(engine->feed)) {
                if (last_look_finds_events(engine))
                    continue;
                engine_shutdown(engine);
                return;
            }
            /* User code may raise a signal at the start, or while another one is handled. */
            if (!output && !surface_signals_pending(engine))
                wait_for_work(engine);
        }
        int64_t now = clock_step(engine->clock);
        write_out(engine, now);
        clean_up(engine, now);
        if (surface_signals_pending(engine))
            engine_handle_signals(engine);
    }
}
