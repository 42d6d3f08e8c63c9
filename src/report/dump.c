/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dump files: where the dump goes. */
#include "report/dump.h"

#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/open_name.h"

/* -1: refused or failed, logged.  A dump is a new file, and never written to one that is there,
 * through a symbolic link neither: the usual place is a directory that all may write to. */
static int open_dump(struct engine *engine, const char *name)
{
    if (access(name, F_OK) == 0) {
        log_msg(engine->log, LOG_WARN, B("Can't write to dumpfile: "), bytes_of(name),
                B(" exists"));
        return -1;
    }
    outputs_flush(engine->io.outputs); /* it may be standard output */
    int fd = open_name(bytes_of(name), NAME_CREATE);
    if (fd < 0)
        log_msg(engine->log, LOG_ERROR, B("Can't open dumpfile "), bytes_of(name), B(" ("),
                error_text(errno), B(")"));
    return fd;
}

/* What does not go onto a full disk is missing, and nobody hears of it: upstream does not look,
 * either, and says afterwards that the dump is complete. */
static void write_dump(int fd, struct bytes text)
{
    while (text.len > 0) {
        ssize_t written = write(fd, text.ptr, text.len);
        if (written >= 0)
            text = bytes_from(text, (size_t)written);
        else if (errno != EINTR)
            return;
    }
}

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
    int fd = open_dump(engine, name);
    struct buf out = {0};
    if (fd >= 0 && make_dump(engine, &out, now)) {
        write_dump(fd, buf_bytes(&out));
        log_msg(engine->log, LOG_DETAIL, B("Dump to "), bytes_of(name), B(" completed"));
    }
    if (fd >= 0)
        close(fd);
    buf_free(&out);
    free(name);
}
