/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A running engine's state is kept: batches, and from time to time a new generation.
 *
 * A snapshot in the course of a run is written by a forked child, from its copy of all memory,
 * while the run goes on into the journal of the new generation.  The first one of a run, and those
 * after a restart or a failure, have no journal before them that leads to them: they are on the
 * disk before anything else happens. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <xxhash.h>

#include "base/errors.h"
#include "base/boot_id.h"
#include "base/monotonic.h"
#include "durable/entries.h"
#include "durable/keeping.h"
#include "store/save.h"

enum {
    SECOND = 1000,       /* milliseconds */
    RETRY = 60 * SECOND, /* from a failure to the next attempt */
    GENERATIONS = 3,     /* that are kept */
    LARGE = 64 << 20,    /* bytes of a journal, which is then due for a snapshot */
};

void keep_failed(struct durable *d, struct buf *why)
{
    if (!d->failed)
        log_msg(d->engine->log, LOG_ERROR, B("Can't keep the state: "), buf_bytes(why),
                B("; what happens from now on is not kept, next attempt in "), NUM(RETRY / SECOND),
                B(" seconds"));
    d->failed = monotonic_ms();
    buf_free(why);
    recorder_pause(d->recorder);
    recorder_batch(d->recorder);
    recorder_clear(d->recorder);
    if (d->writing)
        journal_leave(&d->journal);
    d->writing = false;
}

/* User code has forked, and its child goes on as an engine: the state is its parent's. */
static bool is_forked(struct durable *d)
{
    if (getpid() == d->engine->run.pid)
        return false;
    if (d->writing)
        journal_leave(&d->journal);
    recorder_pause(d->recorder);
    recorder_batch(d->recorder);
    recorder_clear(d->recorder);
    d->writing = d->catching_up = false;
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
    if (!d->writing || is_forked(d))
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
    if (!d->writing || is_forked(d))
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
    append_entry(arg, &(struct entry){.kind = ENTRY_TAKEN, .number = input->source.number}, false);
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
    if (d->renew && !is_forked(d))
        renew(d);
    if (d->engine->options->keep.journal == 0)
        keep_batch(d, false);
}

/* Also where nothing can be kept yet: that is tried again. */
static void make_recorder(struct durable *d)
{
    if (!d->recorder)
        d->recorder = recorder_new(
            d->engine, &(struct recorder_ears){.turn = at_turn,
                                               .arrived = at_arrival,
                                               .taken = at_taking,
                                               .passes = d->confirm ? confirm_is_mark : NULL,
                                               .arg = d});
}

static void begin_journal(struct durable *d)
{
    struct engine *engine = d->engine;
    durable_effects_tell_opened(engine->effects, hear_file, d);
    durable_effects_keep_waiting(engine->effects);
    durable_effects_call_before(engine->effects,
                                engine->options->keep.at_most_once ? hear_begun : NULL, d);
    listen_to_turns(d);
    recorder_begin(d->recorder);
    d->writing = d->first = true;
    d->saved = monotonic_ms();
    keep_batch(d, true);
    d->unchanged = d->journal.size;
}

/* -- Snapshots -- */

static void tell_lost(struct durable *d, const struct buf *lost)
{
    struct bytes rest = buf_bytes(lost), line;
    uint64_t hash = lost->len > 0 ? XXH3_64bits(lost->ptr, lost->len) : 0;
    while (hash != *d->told_lost && bytes_piece(&rest, '\n', &line))
        log_msg(d->engine->log, LOG_WARN, B("The state does not keep "), line);
    *d->told_lost = hash;
}

static bool save(struct durable *d, uint64_t generation, struct buf *why)
{
    struct snapshot_writer writer;
    struct buf lost = {0};
    if (!snapshot_begin(&writer, &d->folder, generation, why))
        return false;
    state_save(d->engine, snapshot_put, &writer, &lost);
    if (d->begun) /* user code has run, which has the variables */
        tell_lost(d, &lost);
    buf_free(&lost);
    return snapshot_commit(&writer, why);
}

static void retain(struct durable *d)
{
    struct buf why = {0};
    if (!state_folder_retain(&d->folder, GENERATIONS, &why))
        log_msg(d->engine->log, LOG_WARN, B("Can't remove what is old of the state: "),
                buf_bytes(&why));
    buf_free(&why);
}

static void tell_recovered(struct durable *d)
{
    if (d->failed)
        log_msg(d->engine->log, LOG_NOTE, B("The state is kept again"));
    d->failed = 0;
}

/* The journal that there is leads to that of the new generation. */
static bool close_journal(struct durable *d, struct buf *why)
{
    if (!d->writing)
        return true;
    keep_batch(d, true);
    if (!d->writing)
        return true; /* it has failed, and said so */
    d->writing = false;
    return journal_close(&d->journal, why);
}

static void end_child(struct durable *d)
{
    if (!d->child)
        return;
    /* User code may have waited for it, and another process have its number. */
    if (waitpid(d->child, NULL, WNOHANG) == 0) {
        kill(d->child, SIGKILL);
        waitpid(d->child, NULL, 0);
    }
    d->child = 0;
    snapshot_remove_unfinished(&d->folder, d->child_generation);
}

/* The snapshot has its name when it is whole: that tells, also where user code has waited for all
 * children and so taken the child's status. */
static bool has_snapshot(const struct durable *d, uint64_t generation)
{
    struct buf path = {0};
    state_file_path(&d->folder, STATE_SNAPSHOT, generation, &path);
    buf_char(&path, '\0');
    bool there = access(path.ptr, F_OK) == 0;
    buf_free(&path);
    return there;
}

/* The snapshot is missing, and no journal leads to the one that was to go on after it. */
static bool give_up(struct durable *d, bool led)
{
    if (!led && !has_snapshot(d, d->generation))
        journal_remove(&d->folder, d->generation);
    return false;
}

bool keep_generation(struct durable *d)
{
    struct buf why = {0};
    struct journal_writer next;
    bool led = d->writing; /* by the journal before */
    make_recorder(d);
    end_child(d);
    if (!state_folder_renew(&d->folder, &why) ||
        !journal_create(&next, &d->folder, d->generation + 1, &why)) {
        keep_failed(d, &why);
        return false;
    }
    d->generation++;
    if (!close_journal(d, &why)) {
        journal_leave(&next);
        keep_failed(d, &why);
        return false;
    }
    d->journal = next;
    begin_journal(d); /* a snapshot without it would not know how long files were */
    if (!d->writing)
        return give_up(d, led); /* it has said so */
    if (!save(d, d->generation, &why)) {
        keep_failed(d, &why);
        return give_up(d, led);
    }
    d->begun = true;
    retain(d);
    tell_recovered(d);
    return true;
}

_Noreturn static void save_as_child(struct durable *d)
{
    struct buf why = {0};
    snapshot_in_child();
    bool done = save(d, d->generation, &why);
    if (!done)
        log_msg(d->engine->log, LOG_ERROR, B("Can't write a snapshot of the state: "),
                buf_bytes(&why));
    log_flush(d->engine->log);
    _exit(done ? EXIT_SUCCESS : EXIT_FAILURE);
}

static bool begin_child(struct durable *d)
{
    engine_flush(d->engine);
    d->child_generation = d->generation;
    d->child = fork();
    if (d->child == 0)
        save_as_child(d);
    if (d->child > 0)
        return true;
    log_msg(d->engine->log, LOG_WARN, B("Can't fork for a snapshot of the state ("),
            error_text(errno), B("), it is written while lines wait"));
    d->child = 0;
    return false;
}

static void save_meanwhile(struct durable *d)
{
    struct buf why = {0};
    if (save(d, d->generation, &why)) {
        retain(d);
        tell_recovered(d);
    } else {
        keep_failed(d, &why);
    }
}

/* The run goes on meanwhile. */
static void begin_generation(struct durable *d)
{
    struct buf why = {0};
    struct journal_writer next;
    if (!state_folder_renew(&d->folder, &why) ||
        !journal_create(&next, &d->folder, d->generation + 1, &why)) {
        keep_failed(d, &why);
        return;
    }
    d->generation++;
    if (!close_journal(d, &why)) {
        journal_leave(&next);
        keep_failed(d, &why);
        return;
    }
    d->journal = next;
    begin_journal(d);
    if (!d->writing)
        return; /* it has said so */
    if (d->failed || !begin_child(d))
        save_meanwhile(d); /* no journal leads to this one, or no child can write it */
}

static void look_at_child(struct durable *d)
{
    if (!d->child || waitpid(d->child, NULL, WNOHANG) == 0)
        return;
    d->child = 0;
    if (has_snapshot(d, d->child_generation)) {
        retain(d);
        return;
    }
    snapshot_remove_unfinished(&d->folder, d->child_generation);
    log_msg(d->engine->log, LOG_ERROR, B("No snapshot of the state was made, next attempt in "),
            NUM(d->engine->options->keep.snapshot), B(" seconds"));
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
    if (!d->recorder || is_forked(d))
        return;
    look_at_child(d);
    if (d->renew || (d->failed && now - d->failed >= RETRY)) {
        renew(d);
        return;
    }
    if (d->writing && now >= batch_due(d))
        keep_batch(d, true);
    if (snapshot_is_due(d, now))
        begin_generation(d);
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
    if (d->writing && (recorder_has(d->recorder) || d->unsafe ||
                       durable_effects_any_waiting(d->engine->effects))) {
        int64_t left = batch_due(d) - now;
        left = left > 0 ? left : 0;
        limit = limit < 0 || left < limit ? left : limit;
    }
    if (d->failed) {
        int64_t left = d->failed + RETRY - now;
        left = left > 0 ? left : 0;
        limit = limit < 0 || left < limit ? left : limit;
    }
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
    if (!d->recorder || is_forked(d))
        return;
    children_leave_feeds(d->engine->io.children); /* before it is said that they wait */
    keep_generation(d);
}

void durable_close(struct durable *d)
{
    if (!d || getpid() != d->engine->run.pid)
        return;
    end_child(d);
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
