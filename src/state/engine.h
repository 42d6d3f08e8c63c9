/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine: everything that lives between two lines.  There is one, put
 * together by cli/setup.c. */
#ifndef SECANT_STATE_ENGINE_H
#define SECANT_STATE_ENGINE_H

#include "clock/clock.h"
#include "io/child.h"
#include "io/output.h"
#include "io/socket.h"
#include "io/tail.h"
#include "lang/ruleset.h"
#include "log/log.h"
#include "match/cache.h"
#include "match/pattern.h"
#include "match/prefilter.h"
#include "match/window.h"
#include "state/contexts.h"
#include "state/events.h"
#include "state/operations.h"
#include "state/options.h"
#include "state/variables.h"

#define CONTEXT_INTERNAL "SEC_INTERNAL_EVENT" /* around SEC_STARTUP and similar */
#define CONTEXT_SYNTHETIC "_INTERNAL_EVENT"   /* of events that actions create */

/* Signals that came or were emulated; surface/ ties them to the $main:: flags. */
struct pending_signals {
    bool received;
    bool refresh, softrefresh, dumpdata, openlog, terminate;
    int debuglevelinc;
};

/* File sets that Jump rules entered on the way to the present rule, to find loops. */
struct jump_trail {
    const struct jump_trail *up;
    struct bytes cfset;
};

/* Milliseconds that standard output and the log have to take what is
 * left, once the end has come. */
enum { LAST_WAIT = 3000 };

struct engine {
    struct clock *clock;
    struct patience patience; /* with standard output and the log */
    struct log *log;
    struct loop *loop;
    struct options *options;

    struct inputs *inputs;
    struct outputs *outputs;
    struct sockets *sockets;
    struct children *children;

    struct lang lang;
    struct names *names; /* of action list variables */
    struct ruleset *rules;
    struct prefilter *line_filter;  /* for patterns that look at one line */
    struct prefilter *lines_filter; /* for those that look at more, filtered_lines at the most */
    uint32_t filtered_lines;
    struct hits hits;    /* slots that can match the present line */
    uint32_t *bracketed; /* slots of rules whose context is tested before their pattern */
    size_t bracketed_count;

    struct arena arena;    /* what the present line needs; reset when the next one comes */
    size_t bufsize;        /* lines in a window */
    bool joint;            /* one window for all sources */
    struct window *window; /* all sources; with separate windows it still tells the sources */
    struct window *dropped_window; /* of the present line's source, if an action dropped that */
    struct window *synthetic;      /* synthetic events, with separate windows */
    struct cache *cache;
    struct match_place place; /* where patterns look, set for the present line */
    bool rewritten;           /* an action changed the line: its hits must be found again */
    struct buf scratch;       /* texts under way to the arena */
    const struct jump_trail *trail;
    /* engine/process.c's process_rules, for Jump; RULE_END when the line's matching is over. */
    int64_t (*process_rules)(struct engine *engine, struct rule_file *file);

    struct contexts *contexts;
    struct operations *operations;
    struct variables *variables;
    struct events *events;

    struct pending_signals signals;
    bool ending;     /* SIGTERM has been heeded */
    int64_t started; /* when the program started */
    int64_t last_cleanup;
    int64_t calendar_due; /* the next second that Calendar rules must be asked; 0 after a load */
    uint64_t processed_lines;
    pid_t pid;     /* of the engine: a forked child of user Perl differs */
    void *surface; /* surface/'s own */
    /* Has SIGTERM come?  For endless loops; may be NULL. */
    bool (*interrupted)(struct engine *engine);
};

static inline int64_t engine_now(const struct engine *engine)
{
    return clock_now(engine->clock);
}

#endif
