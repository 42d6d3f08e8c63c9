/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state meets rules: what of it they would keep. */
#include <stdio.h>
#include <unistd.h>

#include "inspect/inspect.h"
#include "inspect/snapshot.h"
#include "log/log.h"
#include "perl/interp.h"
#include "stage/stage.h"
#include "store/load.h"

struct fit {
    struct snapshot snapshot;
    struct options *options;
    int64_t second; /* of the state */
    int status;
};

/* Why rules do not load. */
static void hear_message(void *arg, int level, struct bytes text)
{
    (void)arg;
    if (level <= LOG_ERROR)
        fprintf(stderr, "%.*s\n", (int)text.len, text.ptr);
}

static void add_sum(struct buf *out, struct bytes before, size_t count, struct bytes one)
{
    buf_add(out, before);
    buf_grouped(out, count);
    buf_cat(out, B(" "), one, count == 1 ? B("") : B("s"));
}

static void tell(const struct state_load *load, uint64_t later)
{
    struct buf out = {0};
    if (later > 0) {
        buf_add(&out, B("Not examined: what came after the snapshot, "));
        buf_grouped(&out, later);
        buf_cat(&out, later == 1 ? B(" batch") : B(" batches"),
                B(" of journals; after SIGTERM everything is in a snapshot\n"));
    }
    add_sum(&out, B("With these rules a start keeps "), load->contexts, B("context"));
    add_sum(&out, B(", "), load->operations, B("operation"));
    add_sum(&out, B(", "), load->events, B("pending event"));
    add_sum(&out, B(", "), load->variables, B("variable"));
    buf_add(&out, load->problems.len > 0 ? B("; it loses\n") : B("; it loses nothing\n"));
    buf_add(&out, buf_bytes(&load->problems));
    fwrite(out.ptr, 1, out.len, stdout);
    buf_free(&out);
}

/* true: nothing of it is lost. */
static bool load_records(struct fit *fit, struct engine *engine)
{
    struct state_reading *snapshot = &fit->snapshot.newest.snapshot;
    struct unpack records = {0};
    struct bytes record;
    struct buf name = {0};
    state_file_path(&fit->snapshot.folder, STATE_SNAPSHOT, snapshot->generation, &name);
    struct state_load load = {.engine = engine, .file = buf_bytes(&name)};
    state_load_begin(&load);
    while (snapshot_next(snapshot, &records, &record) && state_load_record(&load, record))
        ;
    bool whole = state_load_end(&load) && load.problems.len == 0;
    tell(&load, snapshot_batches_after(&fit->snapshot));
    buf_free(&load.problems);
    buf_free(&name);
    return whole;
}

/* What runs inside perl. */
static void body(void *arg)
{
    static struct stage_ears ears = {.message = hear_message};
    struct fit *fit = arg;
    struct stage *stage = stage_new(fit->options, fit->second, &ears);
    bool sound = stage_load(stage);
    if (!sound)
        fputs("Some rules were not loaded\n", stderr);
    stage_begin(stage);
    bool whole = load_records(fit, stage_engine(stage));
    fit->status = fflush(stdout) != 0 ? INSPECT_FAILED
                  : whole && sound    ? INSPECT_FINE
                                      : INSPECT_FOUND;
    perl_exit(fit->status);
}

/* The second that the state is of; the snapshot is at its beginning afterwards. */
static bool find_second(struct fit *fit, struct buf *why)
{
    struct saved_thing thing;
    struct state_reading *snapshot = &fit->snapshot.newest.snapshot;
    struct frame_reader start = snapshot->reader;
    bool found = snapshot_thing(&fit->snapshot, &thing, why) && thing.kind == SAVED_HEAD;
    if (found)
        fit->second = thing.head.second;
    else if (why->len == 0)
        buf_cat(why, fit->snapshot.folder.path, B(": the snapshot has no head"));
    snapshot->reader = start;
    return found;
}

int inspect_fit(struct bytes path, int argc, char **argv, struct options *options)
{
    static struct fit fit; /* there is one */
    struct buf why = {0};
    fit = (struct fit){.options = options, .status = INSPECT_FAILED};
    bool fine = snapshot_look(&fit.snapshot, path, 0, &why);
    if (!fine || !find_second(&fit, &why)) {
        fprintf(stderr, "%.*s\n", (int)why.len, why.ptr);
        buf_free(&why);
        if (fine)
            snapshot_close(&fit.snapshot);
        return INSPECT_FAILED;
    }
    stage_expect(fit.second);
    int status = perl_run_main(argc, argv, environ, body, &fit);
    snapshot_close(&fit.snapshot);
    return status;
}
