/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A generation: a snapshot, and the journal of what happens after it.
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
#include "base/monotonic.h"
#include "durable/keeping.h"
#include "store/save.h"

enum { GENERATIONS = 3 }; /* that are kept */

/* -- The journal -- */

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

static void begin_journal(struct durable *d)
{
    keep_hear_effects(d);
    recorder_begin(d->recorder);
    d->writing = d->first = true;
    d->saved = monotonic_ms();
    keep_batch(d, true);
    d->unchanged = d->journal.size;
}

/* false: there is none of a new generation.  Whether it is written to, d->writing says: what failed
 * has been said. */
static bool next_journal(struct durable *d)
{
    struct buf why = {0};
    struct journal_writer next;
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
    return true;
}

/* -- The snapshot -- */

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

/* -- Both -- */

bool keep_generation(struct durable *d)
{
    struct buf why = {0};
    bool led = d->writing; /* by the journal before */
    keep_end_child(d);
    if (!next_journal(d))
        return false;
    if (!d->writing)
        return give_up(d, led);
    if (!save(d, d->generation, &why)) {
        keep_failed(d, &why);
        return give_up(d, led);
    }
    d->begun = true;
    retain(d);
    tell_recovered(d);
    return true;
}

/* -- A child writes the snapshot -- */

void keep_end_child(struct durable *d)
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

void keep_generation_meanwhile(struct durable *d)
{
    if (!next_journal(d) || !d->writing)
        return;
    if (d->failed || !begin_child(d))
        save_meanwhile(d); /* no journal leads to this one, or no child can write it */
}

void keep_look_at_child(struct durable *d)
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
            NUM(d->engine->options->keep.snapshot), B(" second"),
            PLURAL(d->engine->options->keep.snapshot));
}
