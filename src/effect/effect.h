/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Effects: everything that rules do to the world outside of the process.
 *
 * Each goes as one struct effect through one function, which was chosen when the engine was made:
 * effects_perform does it; effects_record does nothing and tells a listener, so that a rule set
 * can be looked at with any input and never sends a mail.  A third way is a struct that begins with
 * a struct effects; what it does not keep to itself it may pass on to one of these two.
 *
 * An effect and all that it points to are the caller's and last until `take` returns.
 *
 * Not effects: what is read (inputs, addinput), the engine's own log, and what it says to the
 * service manager; whoever records chooses the log and is no service.  The messages of outputs,
 * sockets and dumps in the log ("Writing event ...") belong to what happens; what is recorded has
 * none, unless the listener asks for them (effect_log). */
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
    EFFECT_PERL,     /* an operator of Perl or a function of a module, in user code */
};

struct effect {
    enum effect_kind kind;
    const struct rule *rule; /* whose action; NULL: the engine itself, the code of a pattern, a
                                context or a rule file, or an action list that user code made */
    int64_t second;          /* of the engine's clock; set for listeners only */
    struct bytes target;
    struct bytes text;
    enum socket_kind socket;       /* EFFECT_SEND, EFFECT_HANG_UP */
    const struct command *command; /* RUN, SPAWN, FEED; PERL where a process is started */
    const char *function;          /* PERL: "unlink", "POSIX::mkfifo" */
    const struct bytes *words;     /* PERL: all that the operator was given */
    size_t count;
    bool gives;  /* PERL: a command whose output is read */
    bool script; /* FEED: of a SingleWithScript rule */
    bool aside;  /* RUN: the --timeout-script, which no line and no rule leads to */
    /* Set by `take` for RUN, SPAWN and FEED: what was started, the effects' own; NULL: nothing
     * could be, and the log says why.  The caller may set its `owner`. */
    struct child *child;
};

struct effects {
    const struct observers *observers; /* hear of each effect before it is taken; NULL: none do */
    /* The result matters for two kinds only.  PIDFILE: false: it could not be written, and the log
     * says why.  SIGNAL: true: the caller, whose flags these are, has to do it. */
    bool (*take)(struct effects *effects, struct effect *effect);
    void (*free)(struct effects *effects);
    const struct rule *rule; /* whose code runs; set around eval, call and lcall */
};

static inline bool effects_take(struct effects *effects, struct effect *effect)
{
    if (effects->observers)
        observe(effects->observers, .kind = RECORD_EFFECT, .effect = effect);
    return effects->take(effects, effect);
}
void effects_free(struct effects *effects); /* NULL is allowed */

/* What an effect is called: "write", "udpsock", "spawn", "unlink". */
const char *effect_name(const struct effect *effect);

/* Is it one of Perl's that print? */
bool effect_is_print(const struct effect *effect);

/* Logs what outputs and sockets say before they write or send. */
void effect_log(struct log *log, const struct effect *effect);

/* Where effects go when they happen; all is the caller's and outlives the effects. */
struct outlets {
    struct log *log;
    struct outputs *outputs;
    struct sockets *sockets;
    struct children *children;
};

/* Each effect happens. */
struct effects *effects_perform(const struct outlets *outlets);

/* What a listener answers; all zero at first: nothing happens, a command ends with 0 and writes
 * nothing. */
struct effect_answer {
    bool perform;        /* it is to happen all the same */
    int exit_code;       /* of a command, 0 to 255 */
    struct bytes output; /* lines that a spawned command writes, or one whose output Perl reads; the
                            listener's, to last until it is called again */
};

typedef void effect_listener(void *arg, const struct effect *effect, struct effect_answer *answer);

/* No effect happens, the listener hears of each.  Commands have a child that has ended
 * (children_told): what follows from their end and output follows.  The clock is kept. */
struct effects *effects_record(const struct outlets *outlets, const struct clock *clock,
                               effect_listener *listener, void *arg);
/* Perl's operators become effects of this recorder, which may be another one later; until it is
 * freed.  perl_hold_outside (perl/held.h) must have been called before the interpreter started:
 * there is the list of what is caught, what user code sees, and what cannot be caught. */
void effects_hold_perl(struct effects *effects);

#endif
