/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "base/json_values.h"
#include "durable/journals.h"
#include "inspect/entry_json.h"
#include "inspect/inspect.h"
#include "inspect/snapshot.h"
#include "inspect/thing_json.h"

enum { ROOM = 64 * 1024 }; /* bytes that are written at once */

static void flush(struct buf *out)
{
    fwrite(out->ptr, 1, out->len, stdout);
    buf_clear(out);
}

/* A line of its own; false: nobody takes it. */
static bool write_line(struct buf *out, json_t *object)
{
    json_write(out, object);
    buf_char(out, '\n');
    if (out->len >= ROOM)
        flush(out);
    return !ferror(stdout);
}

static void export_things(struct snapshot *snapshot, struct buf *out, struct buf *why)
{
    struct saved_thing thing;
    uint64_t generation = snapshot->newest.snapshot.generation;
    while (snapshot_thing(snapshot, &thing, why)) {
        json_t *object = json_object();
        json_put(object, "snapshot", json_integer((json_int_t)generation));
        json_object_update_new(object, thing_json(&thing));
        if (!write_line(out, object))
            break;
    }
}

/* false: they are no entries, or nobody takes them. */
static bool export_batch(const struct journals *journals, struct bytes batch, struct buf *out)
{
    struct unpack from = unpack_of(batch);
    struct entry entry;
    bool taken = true;
    while (taken && entry_unpack(&from, &entry)) {
        json_t *object = json_object();
        json_put(object, "journal", json_integer((json_int_t)journals->reading.generation));
        json_object_update_new(object, entry_json(&entry));
        taken = write_line(out, object);
        entry_release(&entry);
    }
    return taken && !from.failed;
}

static void export_journals(struct snapshot *snapshot, struct buf *out, struct buf *why)
{
    struct journals journals;
    struct bytes batch;
    bool sound = true;
    journals_begin(&journals, &snapshot->folder, snapshot->newest.snapshot.generation,
                   snapshot->newest.last);
    while (sound && journals_next(&journals, &batch))
        sound = export_batch(&journals, batch, out);
    buf_add(why, buf_bytes(&journals.problems));
    if (!sound && !ferror(stdout)) {
        state_file_path(&snapshot->folder, STATE_JOURNAL, journals.reading.generation, why);
        buf_add(why, B(": an entry that this Secant does not know\n"));
    }
    journals_free(&journals);
}

int inspect_export(struct bytes path, uint64_t generation)
{
    struct snapshot snapshot;
    struct buf why = {0}, out = {0};
    int status = INSPECT_FAILED;
    if (snapshot_look(&snapshot, path, generation, &why)) {
        export_things(&snapshot, &out, &why);
        if (why.len == 0)
            export_journals(&snapshot, &out, &why);
        flush(&out);
        status = why.len > 0 ? INSPECT_FOUND : INSPECT_FINE;
        snapshot_close(&snapshot);
    }
    if (why.len > 0)
        fprintf(stderr, "%.*s%s", (int)why.len, why.ptr, why.ptr[why.len - 1] == '\n' ? "" : "\n");
    buf_free(&why);
    buf_free(&out);
    return status;
}
