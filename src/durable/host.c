/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the engine calls, and what is heard while it runs: when a batch is due, and when a
 * generation. */
#include <unistd.h>

#include "base/monotonic.h"
#include "durable/keeping.h"

enum { LARGE = 64 << 20 }; /* bytes of a journal, which is then due for a snapshot */

/* -- The recorder's ears -- */

static void at_arrival(void *arg, const struct input *input, struct bytes bytes)
{
    struct durable *d = arg;
    keep_batch(d, false);
    /* Also while nothing is kept, which the log has said: rules are to see lines all the same. */
    if (d->confirm && bytes_eq(input->source.name, B("-")))
        confirm_bytes(d->confirm, bytes);
}

/* After a restart no line is taken before a new generation has begun. */
static void listen_to_turns(struct durable *d)
{
    d->engine->journal.each = d->renew || d->engine->options->keep.journal == 0;
}

/* Told at once: until then, whether they are in the FIFO is only known by comparing. */
static void at_taking(void *arg, const struct input *input)
{
    keep_taken(arg, input);
}

static void renew(struct durable *d)
{
    d->renew = false;
    listen_to_turns(d);
    keep_generation(d);
}

static void at_turn(void *arg)
{
    struct durable *d = arg;
    if (d->renew && !keep_is_forked(d))
        renew(d);
    if (d->engine->options->keep.journal == 0)
        keep_batch(d, false);
}

/* Also where nothing can be kept yet: that is tried again. */
bool keep_begin(struct durable *d)
{
    d->recorder = recorder_new(
        d->engine, &(struct recorder_ears){.turn = at_turn,
                                           .arrived = at_arrival,
                                           .taken = at_taking,
                                           .passes = d->confirm ? confirm_is_mark : NULL,
                                           .arg = d});
    listen_to_turns(d);
    return keep_generation(d);
}

/* -- What the last run had taken -- */

/* What the timers of the last run did after its last batch, those of the same lines do again in as
 * long; a second more for each end of it. */
static int64_t caught_up_due(const struct durable *d)
{
    int64_t seconds = d->engine->options->keep.journal;
    seconds = seconds > 0 ? seconds : 1;
    return d->rested + ((d->untold > seconds ? d->untold : seconds) + 2) * SECOND;
}

/* There is no line now: all that the last run may have taken has come, but for files that are
 * opened in a moment. */
static void look_whether_caught_up(struct durable *d, int64_t now)
{
    uint64_t uses = durable_effects_uses(d->engine->effects);
    if (!d->rested || uses != d->uses)
        d->rested = now;
    d->uses = uses;
    if (now < caught_up_due(d))
        return;
    durable_effects_caught_up(d->engine->effects);
    d->catching_up = false;
}

/* -- What the engine calls -- */

static int64_t batch_due(const struct durable *d)
{
    int64_t seconds = d->engine->options->keep.journal;
    return d->batched + (seconds > 0 ? seconds : 1) * SECOND;
}

static bool snapshot_is_due(const struct durable *d, int64_t now)
{
    return !d->child && d->writing && d->journal.size > d->unchanged &&
           (now - d->saved >= d->engine->options->keep.snapshot * SECOND ||
            d->journal.size > LARGE);
}

void durable_news(struct durable *d)
{
    int64_t now = monotonic_ms();
    if (!d->recorder || keep_is_forked(d))
        return;
    keep_look_at_child(d);
    if (d->renew || (d->failed && now - d->failed >= RETRY)) {
        renew(d);
        return;
    }
    if (d->writing && now >= batch_due(d))
        keep_batch(d, true);
    if (snapshot_is_due(d, now))
        keep_generation_meanwhile(d);
}

/* Of two limits; below 0 the first is none. */
static int64_t sooner(int64_t limit, int64_t left)
{
    left = left > 0 ? left : 0;
    return limit < 0 || left < limit ? left : limit;
}

int durable_wait_limit(struct durable *d)
{
    int64_t now = monotonic_ms(), limit = -1;
    if (!d->recorder)
        return -1;
    if (d->catching_up)
        look_whether_caught_up(d, now);
    if (d->child || d->catching_up)
        limit = SECOND;
    if (d->writing &&
        (recorder_has(d->recorder) || d->unsafe || durable_effects_any_waiting(d->engine->effects)))
        limit = sooner(limit, batch_due(d) - now);
    if (d->failed)
        limit = sooner(limit, d->failed + RETRY - now);
    return (int)limit;
}

/* What a restart does is not to be done again: it begins a generation. */
void durable_reloading(struct durable *d)
{
    if (!d->recorder)
        return;
    keep_batch(d, true);
    if (d->writing)
        recorder_pause(d->recorder);
}

void durable_ready(struct durable *d)
{
    if (!d->recorder)
        return;
    d->renew = true;
    listen_to_turns(d);
    d->engine->run.written = -1; /* news is asked for after this turn */
}

void durable_end(struct durable *d)
{
    if (!d->recorder || keep_is_forked(d))
        return;
    children_leave_feeds(d->engine->io.children); /* before it is said that they wait */
    keep_generation(d);
}

void durable_close(struct durable *d)
{
    if (!d || getpid() != d->engine->run.pid)
        return;
    keep_end_child(d);
    if (d->writing) {
        keep_batch(d, true);
        if (d->writing)
            journal_leave(&d->journal);
        d->writing = false;
    }
    if (d->open)
        state_folder_close(&d->folder);
    d->open = false;
}
