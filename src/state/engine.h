/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine: everything that lives between two lines.  engine/setup.c puts it together; there
 * may be any number of them in a process, but code in rules sees one (surface/). */
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

/* The machine around us.  What rules do to the outside goes through the effects; here outputs,
 * sockets and children are only tended. */
struct engine_io {
    struct loop *loop;
    struct inputs *inputs;
    struct outputs *outputs;
    struct sockets *sockets;
    struct children *children;
    struct patience patience; /* with standard output and the log */
};

/* What the rule files hold; nothing of it changes but when they are loaded. */
struct engine_rules {
    struct ruleset *set;
    struct names *names;        /* of action list variables */
    struct parse_env parse_env; /* what the parser is given */
};

/* Which rules a line has to be tried against: engine/walk's own. */
struct engine_filter {
    struct prefilter *line;  /* for patterns that look at one line */
    struct prefilter *lines; /* for those that look at more, most_lines at the most */
    uint32_t most_lines;
    struct hits hits;    /* slots that can match the present line */
    uint32_t *bracketed; /* slots of rules whose context is tested before their pattern */
    size_t bracketed_count;
};

struct engine_windows {
    size_t bufsize;           /* lines in a window */
    bool joint;               /* one window for all sources */
    struct window *all;       /* all sources; with separate windows it still tells the sources */
    struct window *synthetic; /* synthetic events, with separate windows */
};

/* The present line: engine/process sets it up, whatever runs for the line uses it. */
struct engine_line {
    struct arena arena;       /* what it needs; reset when the next one comes */
    struct buf scratch;       /* texts on their way to the arena */
    struct match_place place; /* where patterns look */
    bool rewritten;           /* an action changed the line: its hits must be found again */
    const struct jump_trail *trail;
};

/* What rules have made, and what outlives a line: to be saved and restored. */
struct engine_state {
    struct file_states files; /* of the rule set's files */
    struct contexts *contexts;
    struct operations *operations;
    struct variables *variables;
    struct events *events;
    struct cache *cache; /* of the present line's matches */
};

/* The course of the program. */
struct engine_run {
    struct pending_signals signals;
    bool ending;               /* SIGTERM has been heeded */
    struct ruleperf *ruleperf; /* NULL: without --ruleperf */
    bool borrowed;             /* the present line still lies in the block of its input */
    bool in_turn;    /* engine_advance: the turn is the next line's, or was the last one's */
    int64_t started; /* when the program started */
    int64_t last_cleanup;
    int64_t written;      /* the second in which batches were looked at last */
    int64_t calendar_due; /* the next second that Calendar rules must be asked; 0 after a load */
    bool away; /* the time that passes is one in which nobody was there: not for Calendar rules */
    bool calendar_waits; /* one of them waits in its minute for its context */
    uint64_t processed_lines;
    uint64_t matches; /* of rules of all types but Jump */
    pid_t pid;        /* of the engine: a forked child of user Perl differs */
};

/* What has rules run, or time pass, besides lines. */
struct caused {
    enum cause {
        CAUSE_EVENT,    /* the first of the events that wait is processed */
        CAUSE_CLEAN_UP, /* what is due is done */
        CAUSE_INTERNAL, /* an internal event is processed: text */
        CAUSE_OUTPUT,   /* a child's line becomes an event: text, context */
        CAUSE_SCRIPT,   /* a SingleWithScript rule's command has ended: child, exit_code */
        CAUSE_SECOND,   /* the clock has stepped: what follows is of another second */
    } cause;
    struct bytes text, context;
    const struct child *child;
    int exit_code;
};

/* Who keeps a journal is told of each, before it takes effect, and of lines.  Functions may be
 * NULL. */
struct engine_journal {
    void (*note)(void *arg, const struct caused *caused);
    /* A line has come; false: it is none for rules. */
    bool (*line)(void *arg, struct line_source *source, struct bytes line);
    /* Between two turns: before the feed may read, and before it is asked at all after `source` was
     * dropped; with `each`, always. */
    void (*turn)(void *arg);
    void *arg;
    bool each;
    const struct line_source *source; /* its lines are counted here, and not told; NULL: all are */
    uint64_t lines;
};

#define journal_note(journal, ...)                                                                 \
    do {                                                                                           \
        if ((journal)->note)                                                                       \
            (journal)->note((journal)->arg, &(struct caused){__VA_ARGS__});                        \
    } while (0)

/* Calls that go up. */
struct engine_hooks {
    /* engine/process.c's process_rules, for Jump; true: the line's matching has ended. */
    bool (*process_rules)(struct engine *engine, struct file_state *file);
    /* Has SIGTERM come?  For endless loops; may be NULL. */
    bool (*interrupted)(struct engine *engine);
    /* The source of that name, of those that are no input of the engine's but give it lines all the
     * same; NULL: there is none.  May be NULL. */
    struct line_source *(*source)(struct engine *engine, struct bytes name);
    void *arg;     /* of whoever set the two above */
    void *surface; /* surface/'s own */
};

struct engine {
    struct clock *clock; /* the time that rules see */
    struct clock *wall;  /* the machine's: for sockets, inputs and waits */
    struct log *log;
    struct options *options;
    struct observers observers; /* who hears what is decided */
    struct feed *feed;       /* where lines come from: io.inputs, or what was put in their place */
    struct effects *effects; /* what rules do to the world goes through them */
    const struct host *host; /* the program around it: engine/engine.h */

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
