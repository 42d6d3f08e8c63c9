/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "durable/durable.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "durable/imported.h"
#include "durable/keeping.h"
#include "engine/process.h"
#include "perl/held.h"
#include "surface/surface.h"

void durable_prepare(void)
{
    struct clock *clock = clock_wall();
    perl_hold_outside();
    perl_hold_let(true);
    surface_expect_event_clock(clock_now(clock));
    clock_free(clock);
}

/* A folder that is meant from here, wherever a daemon goes. */
static void add_path(struct buf *out, const char *path)
{
    char *here = *path == '/' ? NULL : getcwd(NULL, 0);
    if (here)
        buf_cat(out, bytes_of(here), B("/"));
    buf_add(out, bytes_of(path));
    free(here);
}

static bool open_folder(struct durable *d, struct bytes path, struct buf *why)
{
    d->open = state_folder_open(&d->folder, path, why);
    return d->open;
}

static void set_aside(struct durable *d, enum state_file kind, uint64_t generation)
{
    struct buf why = {0}, path = {0};
    state_file_path(&d->folder, kind, generation, &path);
    if (state_file_set_aside(&d->folder, kind, generation, &why))
        log_msg(d->engine->log, LOG_ERROR, buf_bytes(&path), B(" is kept as "), buf_bytes(&path),
                B(".bad"));
    else
        log_msg(d->engine->log, LOG_ERROR, buf_bytes(&why));
    buf_free(&why);
    buf_free(&path);
}

static void set_all_aside(struct durable *d, struct state_names *bad)
{
    for (size_t i = 0; i < bad->count; i++)
        set_aside(d, bad->items[i].kind, bad->items[i].generation);
    free(bad->items);
    *bad = (struct state_names){0};
}

/* What it finds, it does not keep to itself. */
static void tell_found(struct durable *d)
{
    struct bytes rest = buf_bytes(&d->newest.problems), line;
    int level = d->found || d->newest.bad.count > 0 ? LOG_ERROR : LOG_WARN;
    while (bytes_piece(&rest, '\n', &line))
        log_msg(d->engine->log, level, line);
}

static bool read_imported(struct durable *d, struct buf *why)
{
    d->imported_path = imported_path(&d->folder);
    buf_cat(why, bytes_of(d->imported_path), B(": "));
    d->imported = state_read(d->imported_path, why);
    return d->imported != NULL;
}

static bool find_state(struct durable *d, struct buf *why)
{
    enum state_start start = state_find_newest(&d->newest, &d->folder, why);
    if (start == STATE_REFUSED)
        return false;
    d->found = start == STATE_FOUND;
    tell_found(d);
    if (d->found)
        set_all_aside(d, &d->newest.bad);
    d->generation = d->newest.last;
    return d->found || !imported_is_there(&d->folder) || read_imported(d, why);
}

/* Zero at first.  Without room for it, a child tells itself alone. */
static uint64_t *shared_number(void)
{
    void *number =
        mmap(NULL, sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return number == MAP_FAILED ? mem_zalloc(sizeof(uint64_t)) : number;
}

struct durable *durable_open(struct engine *engine, const char *path)
{
    struct durable *d = mem_zalloc(sizeof(*d));
    struct buf why = {0}, whole = {0};
    d->engine = engine;
    d->told_lost = shared_number();
    engine_choose_effects(engine, durable_effects_new);
    log_set_clock(engine->log, engine->wall); /* the engine's may be held */
    add_path(&whole, path);
    if (!open_folder(d, buf_bytes(&whole), &why) || !find_state(d, &why)) {
        log_msg(engine->log, LOG_CRITICAL, B("Can't keep the state: "), buf_bytes(&why));
        durable_close(d);
        d = NULL;
    }
    if (d && engine->options->keep.confirm && !(d->confirm = confirm_new(engine->log))) {
        durable_close(d);
        d = NULL;
    }
    buf_free(&why);
    buf_free(&whole);
    return d;
}

bool durable_forked(struct durable *d)
{
    struct buf why = {0};
    struct bytes path = bytes_dup(d->folder.path);
    state_folder_close(&d->folder);
    bool open = open_folder(d, path, &why);
    if (!open)
        log_msg(d->engine->log, LOG_CRITICAL, B("Can't keep the state: "), buf_bytes(&why));
    bytes_free(path);
    buf_free(&why);
    return open;
}

static void hear_no_message(void *arg, int level, struct bytes message)
{
    (void)arg, (void)level, (void)message;
}

/* Nothing was kept here yet. */
static void open_inputs_anew(struct durable *d, int64_t offset)
{
    struct arena places;
    arena_init(&places);
    if (d->imported)
        state_expect_inputs(d->engine, d->imported_path, d->imported, &places);
    engine_open_inputs(d->engine, offset, false);
    arena_free(&places);
}

void durable_open_inputs(struct durable *d, int64_t offset)
{
    if (!d->found) {
        open_inputs_anew(d, offset);
        return;
    }
    d->engine->options->in.closed = true;
    log_redirect(d->engine->log, hear_no_message, NULL);
    engine_open_inputs(d->engine, offset, false);
    log_redirect(d->engine->log, NULL, NULL);
}

static bool go_on(struct durable *d)
{
    if (!recover(d))
        return false;
    if (d->engine->run.ending)
        return true;
    d->catching_up = true;
    engine_fit_windows(d->engine);
    durable_effects_take_again(d->engine->effects, d->engine->options->keep.at_most_once);
    /* Until there is a new generation, damaged journals are the only ones. */
    if (keep_begin(d))
        set_all_aside(d, &d->bad);
    engine_announce(d->engine, B("SEC_STATE_RESTORED"));
    recover_time(d);
    return true;
}

/* The events of rules for SEC_STARTUP: those of the state take their place. */
static void process_created(struct engine *engine)
{
    while (events_any(engine->state.events) && !surface_signals_pending(engine))
        process_event(engine);
}

static void take_imported(void *arg, struct engine *engine)
{
    const struct durable *d = arg;
    state_take(engine, d->imported_path, d->imported);
}

/* Nothing was kept here yet. */
static void begin_anew(struct durable *d)
{
    if (d->imported)
        engine_begin_from(d->engine, take_imported, d);
    else
        engine_begin(d->engine);
    if (keep_begin(d))
        set_all_aside(d, &d->newest.bad);
    if (d->imported)
        engine_announce(d->engine, B("SEC_STATE_RESTORED"));
    json_decref(d->imported);
    free(d->imported_path);
    d->imported = NULL;
    d->imported_path = NULL;
}

/* Its state is in a snapshot: nobody is to begin with it again. */
static void remove_imported(struct durable *d)
{
    struct buf why = {0};
    if (imported_is_there(&d->folder) && !imported_remove(&d->folder, &why))
        log_msg(d->engine->log, LOG_ERROR, buf_bytes(&why));
    buf_free(&why);
}

bool durable_begin(struct durable *d)
{
    if (d->found) {
        engine_announce(d->engine, B("SEC_STARTUP"));
        process_created(d->engine);
        if (!go_on(d))
            return false;
    } else {
        begin_anew(d);
    }
    if (d->begun)
        remove_imported(d);
    if (d->confirm && !d->engine->run.ending)
        confirm_ready(d->confirm);
    return true;
}
