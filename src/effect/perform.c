/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Effects that happen: each goes to the part of io that can do it. */
#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/errors.h"
#include "base/mem.h"
#include "base/open_name.h"
#include "effect/effect.h"
#include "io/privilege.h"

struct performer {
    struct effects effects; /* first: take is given this */
    struct outlets to;
};

static_assert(offsetof(struct performer, effects) == 0, "perform casts");

/* -1: refused or failed, logged.  A dump is always a new file: none that exists is written to, nor
 * what a symbolic link leads to, as the usual place is a directory that all may write to. */
static int open_dump(const struct outlets *to, const char *name)
{
    if (access(name, F_OK) == 0) {
        log_msg(to->log, LOG_WARN, B("Can't write to dumpfile: "), bytes_of(name), B(" exists"));
        return -1;
    }
    outputs_flush(to->outputs); /* it may be standard output */
    int fd = open_name(bytes_of(name), NAME_CREATE);
    if (fd < 0)
        log_msg(to->log, LOG_ERROR, B("Can't open dumpfile "), bytes_of(name), B(" ("),
                error_text(errno), B(")"));
    return fd;
}

/* What a full disk does not take is missing, and nobody hears of it: upstream does not look either,
 * and says afterwards that the dump is complete. */
static void write_all(int fd, struct bytes text)
{
    while (text.len > 0) {
        ssize_t written = write(fd, text.ptr, text.len);
        if (written >= 0)
            text = bytes_from(text, (size_t)written);
        else if (errno != EINTR)
            return;
    }
}

static void write_dump(const struct outlets *to, const struct effect *effect)
{
    char *name = bytes_cstr(effect->target);
    int fd = open_dump(to, name);
    if (fd >= 0 && effect->text.ptr) {
        write_all(fd, effect->text);
        log_msg(to->log, LOG_DETAIL, B("Dump to "), effect->target, B(" completed"));
    }
    if (fd >= 0)
        close(fd);
    free(name);
}

static bool write_pidfile(const struct outlets *to, const struct effect *effect)
{
    char *name = bytes_cstr(effect->target);
    bool written = privilege_pidfile(to->log, name);
    free(name);
    return written;
}

static void output(struct outputs *outputs, const struct effect *effect)
{
    if (effect->kind == EFFECT_WRITE || effect->kind == EFFECT_WRITEN)
        outputs_write(outputs, effect->target, effect->text, effect->kind == EFFECT_WRITE);
    else if (effect->kind == EFFECT_OWRITECL)
        outputs_write_once(outputs, effect->target, effect->text);
    else if (effect->kind == EFFECT_CLOSEF)
        outputs_close(outputs, effect->target);
    else
        outputs_print(outputs, effect->text);
}

static struct child *start(struct children *children, const struct effect *effect)
{
    if (effect->kind == EFFECT_SPAWN)
        return children_read(children, effect->command, effect->target);
    if (effect->kind == EFFECT_FEED)
        return children_feed(children, effect->command, effect->text);
    return children_run(children, effect->command);
}

static bool perform(struct effects *effects, struct effect *effect)
{
    const struct outlets *to = &((struct performer *)effects)->to;
    switch (effect->kind) {
    case EFFECT_WRITE:
    case EFFECT_WRITEN:
    case EFFECT_OWRITECL:
    case EFFECT_CLOSEF:
    case EFFECT_PRINT:
        output(to->outputs, effect);
        break;
    case EFFECT_SEND:
        sockets_send(to->sockets, effect->socket, effect->target, effect->text);
        break;
    case EFFECT_HANG_UP:
        sockets_close(to->sockets, effect->socket, effect->target);
        break;
    case EFFECT_RUN:
    case EFFECT_SPAWN:
    case EFFECT_FEED:
        effect->child = start(to->children, effect);
        break;
    case EFFECT_DUMP:
        write_dump(to, effect);
        break;
    case EFFECT_PIDFILE:
        return write_pidfile(to, effect);
    case EFFECT_SIGNAL: /* the caller's */
    case EFFECT_PERL:   /* Perl's own */
        break;
    }
    return true;
}

static void free_performer(struct effects *effects)
{
    free(effects);
}

struct effects *effects_perform(const struct outlets *outlets)
{
    struct performer *performer = mem_zalloc(sizeof(*performer));
    performer->effects = (struct effects){.take = perform, .free = free_performer};
    performer->to = *outlets;
    return &performer->effects;
}
