/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine: everything that persists from one line to the next.  engine/setup.c creates it.  A
 * process may have any number of engines, but code in rules sees only one (surface/). */
#ifndef SECANT_STATE_ENGINE_H
#define SECANT_STATE_ENGINE_H

#include "clock/clock.h"
#include "effect/effect.h"
#include "io/inputs.h"
#include "lang/ruleset.h"
#include "log/log.h"
#include "match/cache.h"
#include "match/pattern.h"
#include "match/prefilter.h"
#include "feed/feed.h"
#include "observe/observer.h"
#include "state/contexts.h"
#include "state/events.h"
#include "state/operations.h"
#include "state/options.h"
#include "state/variables.h"

#define CONTEXT_INTERNAL "SEC_INTERNAL_EVENT" /* around SEC_STARTUP and similar */
#define CONTEXT_SYNTHETIC "_INTERNAL_EVENT"   /* of events that actions create */

/* Signals that were received or emulated; surface/ connects them to the $main:: flags. */
struct pending_signals {
    bool received;
    bool refresh, softrefresh, dumpdata, openlog, terminate;
    int debuglevelinc;
};

/* File sets that Jump rules entered on the way to the current rule, to detect loops. */
struct jump_trail {
    const struct jump_trail *up;
    struct bytes cfset;
};

/* At the end of the run, standard output and the log have this many milliseconds to take what is
 * left. */
enum { LAST_WAIT = 3000 };

/* Connections to the machine.  What rules do to the outside goes through the effects; this is only
 * for attending to outputs, sockets and children. */
struct engine_io {
    struct loop *loop;
    struct inputs *inputs;
    struct outputs *outputs;
    struct sockets *sockets;
    struct children *children;
    struct patience patience; /* with standard output and the log */
};

/* The content of the rule files, which changes only when they are loaded. */
struct engine_rules {
    struct ruleset *set;
    struct names *names;        /* of action list variables */
    struct parse_env parse_env; /* what the parser is given */
};

/* Which rules a line has to be tried against; private to engine/walk. */
struct engine_filter {
    struct prefilter *line;  /* for patterns that look at one line */
    struct prefilter *lines; /* for those that look at more, at most at most_lines */
    uint32_t most_lines;
    struct hits hits;    /* slots that can match the current line */
    uint32_t *bracketed; /* slots of rules whose context is tested before their pattern */
    size_t bracketed_count;
};

struct engine_windows {
    size_t bufsize;           /* lines in a window */
    bool joint;               /* one window for all sources */
    struct window *all;       /* all sources; with separate windows it still has the sources */
    struct window *synthetic; /* synthetic events, with separate windows */
};

/* The current line: engine/process sets it up for everything that runs for the line. */
struct engine_line {
    struct arena arena;       /* memory for it; reset when the next one comes */
    struct buf scratch;       /* texts on their way to the arena */
    struct match_place place; /* where patterns look */
    bool rewritten;           /* an action changed the line: it must be scanned again */
    const struct jump_trail *trail;
};

/* What rules have created and what outlives a line; it can be saved and restored. */
struct engine_state {
    struct file_states files; /* of the rule set's files */
    struct contexts *contexts;
    struct operations *operations;
    struct variables *variables;
    struct events *events;
    struct cache *cache; /* of the current line's matches */
};

/* The course of the program. */
struct engine_run {
    struct pending_signals signals;
    bool ending;               /* SIGTERM has been handled */
    struct ruleperf *ruleperf; /* NULL: without --ruleperf */
    bool borrowed;             /* the current line is still in the block of its input */
    bool in_turn;    /* engine_advance: the turn belongs to the next line, or did to the last */
    int64_t started; /* when the program started */
    int64_t last_cleanup;
    int64_t written;      /* the second in which batches were last checked */
    int64_t calendar_due; /* next second when Calendar rules must be checked; 0 after a load */
    bool away; /* the time that passes now is a time when nothing ran: not for Calendar rules */
    bool calendar_waits; /* one of them waits for its context within its minute */
    uint64_t processed_lines;
    uint64_t matches; /* of rules of all types but Jump */
    pid_t pid;        /* of the engine; a child that user Perl forks has another */
};

/* What makes rules run, or time pass, besides lines. */
struct caused {
    enum cause {
        CAUSE_EVENT,    /* the first waiting event is processed */
        CAUSE_CLEAN_UP, /* what is due is done */
        CAUSE_INTERNAL, /* an internal event is processed: text */
        CAUSE_OUTPUT,   /* a child's line becomes an event: text, context */
        CAUSE_SCRIPT,   /* a SingleWithScript rule's command has ended: child, exit_code */
        CAUSE_SECOND,   /* the clock has stepped: what follows belongs to another second */
    } cause;
    struct bytes text, context;
    const struct child *child;
    int exit_code;
};

/* For whoever keeps a journal: called for each cause before it takes effect, and for lines.
 * Functions may be NULL. */
struct engine_journal {
    void (*note)(void *arg, const struct caused *caused);
    /* A line has come.  Returns false if rules must not see it. */
    bool (*line)(void *arg, struct line_source *source, struct bytes line);
    /* Called between two turns: before the feed may read; with `each`, or once `source` was
     * dropped, each time before the feed is asked for a line. */
    void (*turn)(void *arg);
    void *arg;
    bool each;
    /* Its lines are only counted, in `lines`; `line` is not called for them.  NULL: no source. */
    const struct line_source *source;
    uint64_t lines;
};

#define journal_note(journal, ...)                                                                 \
    do {                                                                                           \
        if ((journal)->note)                                                                       \
            (journal)->note((journal)->arg, &(struct caused){__VA_ARGS__});                        \
    } while (0)

/* Calls to higher layers. */
struct engine_hooks {
    /* process_rules of engine/process.c, for Jump.  Returns true if matching of the line has
     * ended. */
    bool (*process_rules)(struct engine *engine, struct file_state *file);
    /* Has SIGTERM come?  Ends endless loops.  May be NULL. */
    bool (*interrupted)(struct engine *engine);
    /* Finds a source by name among those that give the engine lines without being an input of its
     * own; returns NULL if there is none.  May be NULL. */
    struct line_source *(*source)(struct engine *engine, struct bytes name);
    void *arg;     /* for the use of whoever sets the two above */
    void *surface; /* private to surface/ */
};

struct engine {
    struct clock *clock; /* the time that rules see */
    struct clock *wall;  /* the machine's: for sockets, inputs and waits */
    struct log *log;
    struct options *options;
    struct observers observers; /* notified of decisions */
    struct feed *feed;          /* where lines come from: io.inputs, or a replacement */
    struct effects *effects;    /* what rules do to the outside goes through them */
    const struct host *host;    /* the program around it: engine/engine.h */

    struct engine_io io;
    struct engine_rules rules;
    struct engine_filter filter;
    struct engine_windows windows;
    struct engine_line line;
    struct engine_state state;
    struct engine_run run;
    struct engine_hooks hooks;
    struct engine_journal journal;
};

static inline int64_t engine_now(const struct engine *engine)
{
    return clock_now(engine->clock);
}

#endif
