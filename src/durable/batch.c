/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What has happened becomes batches of the journal. */
#include <unistd.h>

#include "base/boot_id.h"
#include "base/monotonic.h"
#include "durable/entries.h"
#include "durable/keeping.h"

static void stop_writing(struct durable *d)
{
    recorder_pause(d->recorder);
    recorder_batch(d->recorder);
    recorder_clear(d->recorder);
    if (d->writing)
        journal_leave(&d->journal);
    d->writing = false;
}

void keep_failed(struct durable *d, struct buf *why)
{
    if (!d->failed)
        log_msg(d->engine->log, LOG_ERROR, B("Can't keep the state: "), buf_bytes(why),
                B("; what happens from now on is not kept, next attempt in "), NUM(RETRY / SECOND),
                B(" seconds"));
    d->failed = monotonic_ms();
    buf_free(why);
    stop_writing(d);
}

bool keep_is_forked(struct durable *d)
{
    if (getpid() == d->engine->run.pid)
        return false;
    stop_writing(d);
    d->catching_up = false;
    d->failed = d->child = 0;
    return true;
}

/* -- Batches -- */

static void add_written(void *arg, const struct durable_file *file)
{
    entry_pack(arg, &(struct entry){.kind = ENTRY_WRITTEN, .file = *file});
}

static void add_begun(void *arg, uint64_t hash)
{
    entry_pack(arg, &(struct entry){.kind = ENTRY_BEGUN, .sum.hash = hash});
}

static void add_waiting(void *arg, uint64_t number, const struct effect *effect)
{
    struct entry entry = {.kind = ENTRY_LEFT, .number = number};
    if (effect) {
        entry.kind = effect->kind == EFFECT_FEED ? ENTRY_FEED : ENTRY_SEND;
        entry.text = effect->text;
        entry.target = effect->command ? effect->command->text : effect->target;
        entry.count = effect->socket;
    }
    if (effect && effect->command && effect->command->words) {
        entry.words = (struct bytes *)effect->command->words; /* packing leaves them as they are */
        entry.word_count = effect->command->count;
    }
    entry_pack(arg, &entry);
}

static void append(struct durable *d, struct bytes batch, bool sync)
{
    struct buf why = {0};
    if (!journal_append(&d->journal, batch, &why) || (sync && !journal_sync(&d->journal, &why)))
        keep_failed(d, &why);
    buf_free(&why);
}

static void add_boot(struct buf *batch)
{
    struct buf boot = {0};
    boot_id(&boot);
    entry_pack(batch, &(struct entry){.kind = ENTRY_BOOT, .text = buf_bytes(&boot)});
    buf_free(&boot);
}

/* Before all that is in it. */
static void put_disk(struct buf *batch)
{
    struct buf whole = {0};
    entry_pack(&whole, &(struct entry){.kind = ENTRY_DISK});
    buf_add(&whole, buf_bytes(batch));
    buf_free(batch);
    *batch = whole;
}

void keep_batch(struct durable *d, bool sync)
{
    struct effects *effects = d->engine->effects;
    if (!d->writing || keep_is_forked(d))
        return;
    if (sync)
        d->batched = monotonic_ms();
    if (!recorder_has(d->recorder) && !(sync && d->unsafe) && !durable_effects_have_left(effects))
        return;
    engine_flush(d->engine);
    struct buf *batch = recorder_batch(d->recorder);
    d->unsafe = !sync || !durable_effects_sync(effects); /* the log says what is wrong */
    if (!d->unsafe)
        put_disk(batch);
    if (d->first)
        add_boot(batch);
    durable_effects_lengths(effects, d->first, add_written, batch);
    durable_effects_tell_waiting(effects, d->first, add_waiting, batch);
    entry_pack(batch, &(struct entry){.kind = ENTRY_EFFECTS, .sum = durable_effects_sum(effects)});
    durable_effects_still_begun(effects, add_begun, batch); /* they are not counted */
    d->first = false;
    append(d, buf_bytes(batch), sync);
    recorder_clear(d->recorder);
}

/* -- What cannot wait for the next batch: entries that do not say that anything was processed -- */

static void append_entry(struct durable *d, const struct entry *entry, bool sync)
{
    struct buf batch = {0};
    if (!d->writing || keep_is_forked(d))
        return;
    entry_pack(&batch, entry);
    append(d, buf_bytes(&batch), sync);
    buf_free(&batch);
}

/* A file that effects write to for the first time: what a power failure leaves of it is compared
 * from there on. */
static void hear_file(void *arg, const struct durable_file *file)
{
    append_entry(arg, &(struct entry){.kind = ENTRY_WRITTEN, .file = *file}, true);
}

/* --at-most-once: nothing that ends the run may let it happen again.  What was written before it is
 * in its files before it. */
static void hear_begun(void *arg, uint64_t number, uint64_t hash)
{
    engine_flush(((struct durable *)arg)->engine);
    append_entry(arg, &(struct entry){.kind = ENTRY_BEGUN, .sum = {number, hash}}, true);
}

void keep_taken(struct durable *d, const struct input *input)
{
    append_entry(d, &(struct entry){.kind = ENTRY_TAKEN, .number = input->source.number}, false);
}

void keep_hear_effects(struct durable *d)
{
    struct effects *effects = d->engine->effects;
    durable_effects_tell_opened(effects, hear_file, d);
    durable_effects_keep_waiting(effects);
    durable_effects_call_before(effects, d->engine->options->keep.at_most_once ? hear_begun : NULL,
                                d);
}
