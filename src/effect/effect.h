/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Effects: everything that rules do to the world outside of the process.
 *
 * Each goes as one struct effect through one function, which was chosen when the engine was made.
 * effects_perform does it; another filling is a struct that begins with a struct effects, and may
 * hand on what it does not keep.
 *
 * An effect and all that it points to are the caller's and last until `take` returns.  The engine's
 * own log and what it says to the service manager are not effects. */
#ifndef SECANT_EFFECT_EFFECT_H
#define SECANT_EFFECT_EFFECT_H

#include "clock/clock.h"
#include "io/child.h"
#include "io/output.h"
#include "io/socket.h"
#include "log/log.h"
#include "observe/observer.h"

struct rule;

enum effect_kind {
    EFFECT_WRITE,    /* text and a newline to the file `target` ("-": standard output) */
    EFFECT_WRITEN,   /* text to the file */
    EFFECT_OWRITECL, /* text to the file, which is opened and closed for it */
    EFFECT_CLOSEF,   /* the file is closed */
    EFFECT_PRINT,    /* text to standard output: pipe and report without a command */
    EFFECT_SEND,     /* text to the peer `target`, over a socket of the kind `socket` */
    EFFECT_HANG_UP,  /* the peer's socket is closed */
    EFFECT_RUN,      /* command */
    EFFECT_SPAWN,    /* command, each line of its output is an event with the context `target` */
    EFFECT_FEED,     /* command, text is its standard input */
    EFFECT_SIGNAL,   /* the engine does what the signal `target` asks for (sigemul) */
    EFFECT_DUMP,     /* text is the new dump file `target`; text.ptr NULL: none could be made */
    EFFECT_PIDFILE,  /* the process ID to the file */
};

struct effect {
    enum effect_kind kind;
    const struct rule *rule; /* whose action; NULL: the engine itself, or an action list that
                                user code made */
    struct bytes target;
    struct bytes text;
    enum socket_kind socket;       /* EFFECT_SEND, EFFECT_HANG_UP */
    const struct command *command; /* RUN, SPAWN, FEED */
    /* Set by `take` for RUN, SPAWN and FEED: what was started, the effects' own; NULL: nothing
     * could be, and the log says why.  The caller may set its `owner`. */
    struct child *child;
};

struct effects {
    const struct observers *observers; /* hear of each effect; NULL: none do */
    /* What comes back matters for two kinds only.  PIDFILE: false: it could not be written, which
     * has been logged.  SIGNAL: true: the caller, whose flags these are, is to do it. */
    bool (*take)(struct effects *effects, struct effect *effect);
    void (*free)(struct effects *effects);
};

static inline bool effects_take(struct effects *effects, struct effect *effect)
{
    if (effects->observers)
        observe(effects->observers, .kind = RECORD_EFFECT, .effect = effect);
    return effects->take(effects, effect);
}
void effects_free(struct effects *effects); /* NULL is allowed */

/* What an effect is called: "write", "udpsock", "spawn". */
const char *effect_name(const struct effect *effect);

/* Where effects go when they happen; all is the caller's and outlives the effects. */
struct outlets {
    struct log *log;
    struct outputs *outputs;
    struct sockets *sockets;
    struct children *children;
};

/* Each effect happens. */
struct effects *effects_perform(const struct outlets *outlets);

#endif
