/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses the name and the layout of dump files.  They are written as effects. */
#include "report/dump.h"

#include "base/mem.h"

/* With --dumpfts the time is a suffix. */
static char *dump_name(const struct options *options, int64_t now)
{
    struct buf name = {0};
    buf_add(&name, bytes_of(options->dump));
    if (options->dumpfts)
        buf_cat(&name, B("."), NUM(now));
    char *text = bytes_cstr(buf_bytes(&name));
    buf_free(&name);
    return text;
}

static bool make_dump(struct engine *engine, struct buf *out, int64_t now)
{
    struct buf error = {0};
    if (!engine->options->dumpfjson) {
        dump_text(engine, out, now);
        return true;
    }
    bool made = dump_json(engine, out, now, &error);
    if (!made)
        log_msg(engine->log, LOG_ERROR, B("Can't create JSON data for dumpfile ("),
                buf_bytes(&error), B(")"));
    buf_free(&error);
    return made;
}

void dump_state(struct engine *engine)
{
    int64_t now = engine_now(engine);
    char *name = dump_name(engine->options, now);
    struct buf out = {0};
    struct effect effect = {EFFECT_DUMP, .target = bytes_of(name)};
    if (make_dump(engine, &out, now))
        effect.text = buf_bytes(&out);
    effects_take(engine->effects, &effect);
    buf_free(&out);
    free(name);
}
